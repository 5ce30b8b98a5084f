import type { CallbacksSuppressed } from '../../model/event.ts'
import type { Recogniser } from '../recogniser.ts'
import { int } from './numbers.ts'

/**
 * How many messages of a function were left out before the next one that passes. Of any function: `oom_kill_process`
 * (`dump_header` on some) is about reports, `warn_alloc` and the rest are not.
 */
export const callbacksSuppressed: Recogniser<CallbacksSuppressed> = {
  kind: 'callbacks-suppressed',
  source: 'torvalds/linux lib/ratelimit.c ___ratelimit(), v2.6.32 to v6.18',
  needles: ['callbacks suppressed'],
  has: ' callbacks suppressed',
  wordings: [
    {
      since: '2.6.32',
      pattern: /^(?<function>[\w.]{1,80}): (?<count>\d+) callbacks suppressed\s*$/,
      samples: [
        { message: 'oom_kill_process: 152 callbacks suppressed', expect: { function: 'oom_kill_process', count: 152 } },
      ],
    },
  ],
  read: ({ function: name, count }) => {
    const number = int(count)
    return name === undefined || number === null ? null : { function: name, count: number }
  },
}
