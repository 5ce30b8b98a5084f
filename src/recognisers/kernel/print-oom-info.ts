import type { TaskInMemcg } from '../../model/event.ts'
import type { Recogniser } from '../recogniser.ts'

/**
 * Cgroup of the victim and cgroup whose limit was hit, up to 4.19; later `task_memcg=` and `oom_memcg=` of `oom-kill:`.
 * A path is as long as the line: where the line is cut, so is the path.
 */
export const taskInMemcg: Recogniser<TaskInMemcg> = {
  kind: 'task-in-memcg',
  source: 'torvalds/linux mm/memcontrol.c mem_cgroup_print_oom_info(), v2.6.30 to v4.19',
  needles: ['killed as a result', 'Task in /'],
  opens: true,
  starts: ['Task in '],
  wordings: [
    {
      since: '2.6.30',
      pattern: /^Task in (?<taskMemcg>[^\n]*?) ?killed as a result(?: of limit of (?<oomMemcg>[^\n]*)|[^\n]*)$/,
      samples: [
        {
          message:
            'Task in /kubepods/burstable/pod3e1f/0c9d5f2e killed as a result of limit of /kubepods/burstable/pod3e1f',
          expect: { taskMemcg: '/kubepods/burstable/pod3e1f/0c9d5f2e', oomMemcg: '/kubepods/burstable/pod3e1f' },
        },
        {
          message:
            'Task in /kubepods/pod3e1f/0c9d5f2e killed as a result of limit of /kubepods/pod3e1f  # one container',
          expect: { taskMemcg: '/kubepods/pod3e1f/0c9d5f2e', oomMemcg: '/kubepods/pod3e1f' },
        },
        {
          message: 'Task in /system.slice/docker-0c9d5f2e.scope killed as a result of li',
          expect: { taskMemcg: '/system.slice/docker-0c9d5f2e.scope', oomMemcg: null },
        },
      ],
    },
    {
      // Cut inside the first path: as wide as a terminal.
      since: '2.6.30',
      pattern: /^Task in (?<taskMemcg>\/\S*)$/,
      samples: [
        {
          message: 'Task in /kubepods/burstable/pod3e1f/0c9d',
          expect: { taskMemcg: '/kubepods/burstable/pod3e1f/0c9d', oomMemcg: null },
        },
      ],
    },
  ],
  read: ({ taskMemcg, oomMemcg }) => ({ taskMemcg: pathOrNull(taskMemcg), oomMemcg: pathOrNull(oomMemcg) }),
}

/** In place of `Task in …` where the victim is not known yet. */
export const memoryLimitReached: Recogniser<TaskInMemcg> = {
  kind: 'task-in-memcg',
  source: 'torvalds/linux mm/memcontrol.c mem_cgroup_print_oom_info(), v4.1 to v4.19',
  // Stands between the head and `memory: usage`.
  needles: [],
  starts: ['Memory limit reached of cgroup'],
  wordings: [
    {
      since: '4.1',
      pattern: /^Memory limit reached of cgroup(?: (?<oomMemcg>[^\n]*))?$/,
      samples: [
        {
          message: 'Memory limit reached of cgroup /docker/0c9d5f2e',
          expect: { taskMemcg: null, oomMemcg: '/docker/0c9d5f2e' },
        },
      ],
    },
  ],
  read: ({ oomMemcg }) => ({ taskMemcg: null, oomMemcg: pathOrNull(oomMemcg) }),
}

function pathOrNull(text: string | undefined): string | null {
  // behind two blanks or a string's end stands what the line was quoted in, behind a stamp the next line, pasted without a break
  const end = text?.search(/ {2}|\\n|["'`]|\[ *\d+\.\d{6}\]/) ?? -1
  const path = (end < 0 ? text : text?.slice(0, end))?.trim() ?? ''
  return path === '' ? null : path
}
