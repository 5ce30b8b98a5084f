import type { NoKillable } from '../../model/event.ts'
import type { Recogniser } from '../recogniser.ts'

/** A report without a victim: every task is exempt (-1000), or the limited cgroup holds none. */
export const noKillable: Recogniser<NoKillable> = {
  kind: 'no-killable',
  source: 'torvalds/linux mm/oom_kill.c out_of_memory(), v4.19 (a panic of that text before)',
  needles: ['Out of memory'],
  starts: ['Out of memory and no killable'],
  wordings: [
    {
      since: '4.19',
      pattern: /^Out of memory and no killable processes[^\n]*$/,
      samples: [{ message: 'Out of memory and no killable processes...', expect: {} }],
    },
  ],
  read: () => ({}),
}
