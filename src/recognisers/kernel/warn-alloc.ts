import type { AllocationFailure } from '../../model/event.ts'
import type { Recogniser } from '../recogniser.ts'

/**
 * Followed by a stack and Mem-Info just like a report, but nobody is killed: so that these lines are not taken for a report
 * without its head. SysRq-m (`Show Memory`) prints the same and is read as one; its `comm` is `sysrq`.
 */
export const allocationFailure: Recogniser<AllocationFailure> = {
  kind: 'allocation-failure',
  source:
    'torvalds/linux mm/page_alloc.c warn_alloc(), v4.9; warn_alloc_failed(), __alloc_pages() before; mm/vmalloc.c; drivers/tty/sysrq.c',
  needles: ['page allocation ', 'vmalloc', 'Show Memory'],
  has: ': ',
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
    {
      since: '2.6.16',
      pattern: /^(?<sysrq>(?:sysrq: )?(?:SysRq : )?Show Memory)\s*$/,
      samples: [
        { message: 'sysrq: Show Memory', expect: { comm: 'sysrq' } },
        { message: 'SysRq : Show Memory', expect: { comm: 'sysrq' } },
      ],
    },
  ],
  read: ({ comm, sysrq }) => ({ comm: sysrq === undefined ? (comm ?? '') : 'sysrq' }),
}
