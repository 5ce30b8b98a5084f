import type { SwapTotal } from '../../model/event.ts'
import type { Recogniser } from '../recogniser.ts'
import { kib } from './numbers.ts'

/** Swap of the whole node. Two blanks before `=` of `Free swap`. */
export const swapTotal: Recogniser<SwapTotal> = {
  kind: 'swap-total',
  source: 'torvalds/linux mm/swap_state.c show_swap_cache_info(), v2.6.18 to v6.18',
  needles: [],
  starts: ['Free swap', 'Total swap'],
  wordings: [
    {
      since: '2.6.18',
      pattern: /^(?<which>Free|Total) swap ?(?: =|=|:) {0,20}(?<kb>\d+)kB\s*$/,
      samples: [
        { message: 'Free swap  = 0kB', expect: { which: 'free', bytes: 0 } },
        { message: 'Total swap = 2097148kB', expect: { which: 'total', bytes: 2147479552 } },
      ],
    },
  ],
  read: ({ which, kb }) => {
    const bytes = kib(kb)
    return bytes === null ? null : { which: which === 'Free' ? 'free' : 'total', bytes }
  },
}
