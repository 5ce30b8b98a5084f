import type { OomReaped, OomUnreapable } from '../../model/event.ts'
import type { Recogniser } from '../recogniser.ts'
import { int, kib } from './numbers.ts'

/** The victim's memory is back. From another thread, up to seconds after the report. */
export const oomReaped: Recogniser<OomReaped> = {
  kind: 'oom-reaped',
  source: 'torvalds/linux mm/oom_kill.c oom_reap_task_mm(), v4.17; __oom_reap_task() before',
  needles: ['oom_reaper:'],
  starts: ['oom_reaper: reaped process'],
  wordings: [
    {
      // 4.6 prints a colon before the pid and no `, now`.
      since: '4.6',
      pattern:
        /^oom_reaper: reaped process :?(?<pid>\d{1,10})(?: \((?<comm>[\s\S]{0,64})\)(?:,? now)? anon-rss:(?<anonKb>\d{1,16})kB[^\n]*| \((?![\s\S]{0,64}\)(?:,? now)? anon-rss:\d{1,16}kB)(?<cut>[^)\n]{0,64})[^\n]*)?$/,
      samples: [
        {
          message: 'oom_reaper: reaped process 48213 (a) b), now anon-rss:0kB, file-rss:8kB, shmem-rss:0kB',
          expect: { pid: 48213, comm: 'a) b', anonRssBytes: 0 },
        },
        {
          message: 'oom_reaper: reaped process :1234 (java) anon-rss:12kB, file-rss:0kB, shmem-rss:0lkB',
          expect: { pid: 1234, comm: 'java', anonRssBytes: 12288 },
        },
        {
          message: 'oom_reaper: reaped process 1234 (java), now an',
          expect: { pid: 1234, comm: 'java', anonRssBytes: null },
        },
      ],
    },
  ],
  read: ({ pid, comm, cut, anonKb }) => {
    const number = int(pid)
    return number === null ? null : { pid: number, comm: comm ?? cut ?? '', anonRssBytes: kib(anonKb) }
  },
}

/** The victim holds on to its memory (blocked in the kernel). A dump of its stack and locks follows. */
export const oomUnreapable: Recogniser<OomUnreapable> = {
  kind: 'oom-unreapable',
  source: 'torvalds/linux mm/oom_kill.c oom_reap_task(), v4.6',
  needles: ['oom_reaper:'],
  starts: ['oom_reaper: unable to reap pid'],
  wordings: [
    {
      since: '4.6',
      pattern: /^oom_reaper: unable to reap pid: ?(?<pid>\d{1,10})(?: \((?<comm>[\s\S]{0,64}?)\)?)?\s{0,200}$/,
      samples: [{ message: 'oom_reaper: unable to reap pid:1234 (java)', expect: { pid: 1234, comm: 'java' } }],
    },
  ],
  read: ({ pid, comm }) => {
    const number = int(pid)
    return number === null ? null : { pid: number, comm: comm ?? '' }
  },
}
