import type { OomPanic } from '../../model/event.ts'
import type { Recogniser } from '../recogniser.ts'

/** The node goes down for want of memory: by `vm.panic_on_oom`, or because nothing could be killed. */
export const oomPanic: Recogniser<OomPanic> = {
  kind: 'oom-panic',
  source:
    'torvalds/linux mm/oom_kill.c check_panic_on_oom() and out_of_memory(), v2.6.18 to v6.18; kernel/panic.c panic()',
  needles: ['Kernel panic - not syncing'],
  starts: ['Kernel panic - not syncing: '],
  wordings: [
    {
      since: '2.6.18',
      pattern:
        /^Kernel panic - not syncing: (?<reason>(?:[Oo]ut of memory|System is deadlocked on memory|out_of_memory)[^\n]*)$/,
      samples: [
        {
          message: 'Kernel panic - not syncing: Out of memory: system-wide panic_on_oom is enabled',
          expect: { reason: 'Out of memory: system-wide panic_on_oom is enabled' },
        },
        {
          message: 'Kernel panic - not syncing: System is deadlocked on memory',
          expect: { reason: 'System is deadlocked on memory' },
        },
        {
          message: 'Kernel panic - not syncing: Out of memory and no killable processes...',
          expect: { reason: 'Out of memory and no killable processes...' },
        },
      ],
    },
  ],
  read: ({ reason }) => (reason === undefined ? null : { reason: reason.trimEnd() }),
}
