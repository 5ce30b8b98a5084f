import type { OomGroup } from '../../model/event.ts'
import type { Recogniser } from '../recogniser.ts'

/** The whole cgroup dies: a `Killed process` line for each member follows, the first victim again among them. */
export const oomGroup: Recogniser<OomGroup> = {
  kind: 'oom-group',
  source: 'torvalds/linux mm/memcontrol.c mem_cgroup_print_oom_group(), v4.19',
  needles: ['oom.group'],
  starts: ['Tasks in '],
  wordings: [
    {
      since: '4.19',
      pattern: /^Tasks in (?<path>[^\n]*?) are going to be killed(?: due to memory\.oom\.group set)?[^\n]*$/,
      samples: [
        {
          message: 'Tasks in /kubepods/pod3e1f/0c9d5f2e are going to be killed due to memory.oom.group set',
          expect: { path: '/kubepods/pod3e1f/0c9d5f2e' },
        },
      ],
    },
  ],
  read: ({ path }) => (path === undefined ? null : { path }),
}
