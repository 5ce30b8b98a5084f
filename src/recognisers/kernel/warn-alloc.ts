import type { AllocationFailure } from '../../model/event.ts'
import type { Recogniser } from '../recogniser.ts'

/*
 * Followed by a stack and Mem-Info just like a report, but nobody is killed: read so that those lines are not taken for a
 * report that lost its head.
 */

/** `stalls for` on 4.9 to 4.14. */
export const allocationFailure: Recogniser<AllocationFailure> = {
  kind: 'allocation-failure',
  source: 'torvalds/linux mm/page_alloc.c warn_alloc(), v4.9; warn_alloc_failed(), __alloc_pages() before',
  needles: [': page allocation '],
  has: ': page allocation ',
  wordings: [
    {
      since: '2.6.16',
      pattern: /^(?<comm>[\s\S]{0,64}): page allocation (?:failure|stalls for)[^\n]*$/,
      samples: [
        {
          message:
            'kworker/2:1: page allocation failure: order:4, mode:0x40dc0(GFP_KERNEL|__GFP_COMP|__GFP_ZERO), nodemask=(null),cpuset=/,mems_allowed=0',
          expect: { comm: 'kworker/2:1' },
        },
        { message: 'java: page allocation failure. order:4, mode:0x20', expect: { comm: 'java' } },
        { message: 'java: page allocation stalls for 10014ms, order:0, mode:0x14200ca', expect: { comm: 'java' } },
      ],
    },
  ],
  read: ({ comm }) => ({ comm: comm ?? '' }),
}

export const vmallocFailure: Recogniser<AllocationFailure> = {
  kind: 'allocation-failure',
  source: 'torvalds/linux mm/vmalloc.c __vmalloc_area_node(), __vmalloc_node_range(), v2.6.39 to v6.18',
  needles: [': vmalloc'],
  has: ': vmalloc',
  wordings: [
    {
      since: '2.6.39',
      pattern: /^(?<comm>[\s\S]{0,64}): vmalloc(?:: allocation failure|: error|: size| error: size)[^\n]*$/,
      samples: [
        {
          message: 'insmod: vmalloc error: size 4096, failed to allocate pages, mode:0xcc2',
          expect: { comm: 'insmod' },
        },
        { message: 'insmod: vmalloc: allocation failure: 4096 bytes, mode:0xd2', expect: { comm: 'insmod' } },
      ],
    },
  ],
  read: ({ comm }) => ({ comm: comm ?? '' }),
}

/** SysRq-m prints the same block without any failure; its `comm` here is `sysrq`. */
export const sysrqShowMemory: Recogniser<AllocationFailure> = {
  kind: 'allocation-failure',
  source: 'torvalds/linux drivers/tty/sysrq.c sysrq_handle_showmem(), __handle_sysrq(), v2.6.18 to v6.18',
  needles: ['Show Memory'],
  starts: ['sysrq: ', 'SysRq : '],
  wordings: [
    {
      since: '2.6.18',
      pattern: /^(?:sysrq: )?(?:SysRq : )?Show Memory\s*$/,
      samples: [
        { message: 'sysrq: Show Memory', expect: { comm: 'sysrq' } },
        { message: 'SysRq : Show Memory', expect: { comm: 'sysrq' } },
      ],
    },
  ],
  read: () => ({ comm: 'sysrq' }),
}
