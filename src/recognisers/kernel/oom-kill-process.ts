import type { AlreadyExiting, KilledProcess, KillProcess, KillScope } from '../../model/event.ts'
import type { Recogniser } from '../recogniser.ts'
import { int, kib } from './numbers.ts'

/**
 * What stands before `: Kill(ed) process`. Written out in each pattern, since a wording is read whole:
 * `Memory cgroup out of memory`, `Out of memory`, `Out of memory (oom_kill_allocating_task)`, and up to 2.6.35
 * `No available memory (MPOL_BIND)`, `No available memory in cpuset`.
 */
function readScope(reason: string | undefined): { scope: KillScope | null; allocatingTask: boolean } {
  const allocatingTask = reason?.includes('oom_kill_allocating_task') ?? false
  if (reason === undefined) return { scope: null, allocatingTask }
  // a beancounter of OpenVZ, of which 0 is the machine's
  if (reason.startsWith('Memory cgroup') || / in UB (?!0$)/.test(reason)) return { scope: 'memcg', allocatingTask }
  if (reason.includes('MPOL_BIND')) return { scope: 'memory_policy', allocatingTask }
  return { scope: reason.includes('cpuset') ? 'cpuset' : 'none', allocatingTask }
}

/** The task chosen, up to 5.0. The one that dies is in {@link killedProcess} and may be a child of it. */
export const killProcess: Recogniser<KillProcess> = {
  kind: 'kill-process',
  source: 'torvalds/linux mm/oom_kill.c oom_kill_process(), v2.6.16 to v5.0',
  // The second is 2.6.16's, whose other words are small, too.
  needles: ['Kill process ', 'memory: kill process'],
  starts: ['Memory cgroup out of memory', 'Out of memory', 'out of memory', 'No available memory'],
  wordings: [
    {
      // `or sacrifice child` since 2.6.36; `or a child` and `and children.` before.
      since: '2.6.16',
      pattern:
        /^(?<reason>Memory cgroup out of memory|[Oo]ut of memory(?: \([a-z_]{1,40}\))?|No available memory (?:\(MPOL_BIND\)|in cpuset)): [Kk]ill process (?<pid>\d{1,10})(?: \((?<comm>[\s\S]{0,64}?)(?:\) score (?<score>\d{1,10})(?: or [a-z ]{0,20}| and children\.?)?|\)?)|[ (]{0,2})\s{0,200}$/,
      samples: [
        {
          message: 'Memory cgroup out of memory: Kill process 48240 (VM Thread) score 1984 or sacrifice child',
          expect: { scope: 'memcg', allocatingTask: false, pid: 48240, comm: 'VM Thread', score: 1984 },
        },
        {
          message: 'Out of memory: Kill process 16929 (a) score 1 (b) score 580 or sacrifice child',
          expect: { scope: 'none', allocatingTask: false, pid: 16929, comm: 'a) score 1 (b', score: 580 },
        },
        {
          message: 'Out of memory (oom_kill_allocating_task): Kill process 996 (mysqld) score 0 or sacrifice child',
          expect: { scope: 'none', allocatingTask: true, pid: 996, comm: 'mysqld', score: 0 },
        },
        {
          message: 'No available memory (MPOL_BIND): Kill process 1234 (java) score 0 or a child',
          expect: { scope: 'memory_policy', allocatingTask: false, pid: 1234, comm: 'java', score: 0 },
        },
        {
          message: 'out of memory: kill process 1234 (java) score 5678 and children.',
          expect: { scope: 'none', allocatingTask: false, pid: 1234, comm: 'java', score: 5678 },
        },
        {
          message: 'Memory cgroup out of memory: Kill process 31439',
          expect: { scope: 'memcg', allocatingTask: false, pid: 31439, comm: '', score: null },
        },
      ],
    },
  ],
  read: ({ reason, pid, comm, score }) => {
    const number = int(pid)
    return number === null ? null : { ...readScope(reason), pid: number, comm: comm ?? '', score: int(score) }
  },
}

const oldKill = {
  allocatingTask: false,
  pid: 1234,
  comm: 'php-fpm',
  uid: null,
  totalVmBytes: 288751616,
  anonRssBytes: null,
  fileRssBytes: null,
  shmemRssBytes: null,
  pageTableBytes: null,
  oomScoreAdj: null,
} as const

/**
 * Who died. Up to 5.0 the second of two lines, without a reason; later one line with it. The line may be cut anywhere
 * after the pid; `comm` is then what is left of it. The name goes to the last `) total-vm:` or `), UID`.
 */
export const killedProcess: Recogniser<KilledProcess> = {
  kind: 'killed-process',
  source: 'torvalds/linux mm/oom_kill.c __oom_kill_process(), v5.1; oom_kill_process() before',
  needles: ['Killed process ', 'OOM killed process '],
  starts: ['Memory cgroup out of memory', 'Out of memory', 'Out of Memory', 'Killed process ', 'No available memory'],
  wordings: [
    {
      // el8 since 4.18.0-240: `, UID:1000`. 5.4: ` pgtables:… oom_score_adj:…`. 4.5: shmem-rss.
      since: '2.6.34',
      pattern:
        /^(?:(?<reason>Memory cgroup out of memory|Out of memory(?: \([a-z_]{1,40}\))?): )?Killed process (?<pid>\d{1,10}) \((?<comm>[\s\S]{0,64})\) total-vm:(?<totalVmKb>\d{1,16})kB(?![^,\s])(?:,? anon-rss:(?<anonKb>\d{1,16})kB)?(?:,? file-rss:(?<fileKb>\d{1,16})kB)?(?:,? shmem-rss:(?<shmemKb>\d{1,16})kB)?(?:,? UID:(?<uid>\d{1,10}))?(?:,? pgtables:(?<tablesKb>\d{1,16})kB)?(?:,? oom_score_adj:(?<oomScoreAdj>-?\d{1,4}))?[^\n]*$/,
      samples: [
        {
          message:
            'Memory cgroup out of memory: Killed process 48213 (java) total-vm:4729380kB, anon-rss:521800kB, file-rss:8kB, shmem-rss:0kB, UID:1000 pgtables:1296kB oom_score_adj:-998',
          expect: {
            scope: 'memcg',
            allocatingTask: false,
            pid: 48213,
            comm: 'java',
            uid: 1000,
            totalVmBytes: 4842885120,
            anonRssBytes: 534323200,
            fileRssBytes: 8192,
            shmemRssBytes: 0,
            pageTableBytes: 1327104,
            oomScoreAdj: -998,
          },
        },
        {
          message:
            'Out of memory (oom_kill_allocating_task): Killed process 7 (x) total-vm:0kB) total-vm:8kB, anon-rss:4kB, file-rss:0kB, shmem-rss:0kB, UID:0',
          expect: {
            scope: 'none',
            allocatingTask: true,
            pid: 7,
            comm: 'x) total-vm:0kB',
            uid: 0,
            totalVmBytes: 8192,
            anonRssBytes: 4096,
            fileRssBytes: 0,
            shmemRssBytes: 0,
            pageTableBytes: null,
            oomScoreAdj: null,
          },
        },
        {
          message: 'Killed process 1234 ((sd-pam)) total-vm:4096kB, anon-rss:1024kB, file-rss:12kB',
          expect: {
            scope: null,
            allocatingTask: false,
            pid: 1234,
            comm: '(sd-pam)',
            uid: null,
            totalVmBytes: 4194304,
            anonRssBytes: 1048576,
            fileRssBytes: 12288,
            shmemRssBytes: null,
            pageTableBytes: null,
            oomScoreAdj: null,
          },
        },
        {
          message: 'Out of memory: Killed process 77 (a\nb) total-vm:161112kB, anon-rss:130680kB, file-rs',
          expect: {
            scope: 'none',
            allocatingTask: false,
            pid: 77,
            comm: 'a\nb',
            uid: null,
            totalVmBytes: 164978688,
            anonRssBytes: 133816320,
            fileRssBytes: null,
            shmemRssBytes: null,
            pageTableBytes: null,
            oomScoreAdj: null,
          },
        },
      ],
    },
    {
      // Shortened by who posted it: without the address space.
      since: '2.6.34',
      pattern:
        /^(?:(?<reason>Memory cgroup out of memory|Out of memory(?: \([a-z_]{1,40}\))?): )?Killed process (?<pid>\d{1,10}) \((?<comm>(?![\s\S]{0,64}\) total-vm:)[\s\S]{0,64})\),? anon-rss:(?<anonKb>\d{1,16})kB(?![^,\s])(?:,? file-rss:(?<fileKb>\d{1,16})kB)?(?:,? shmem-rss:(?<shmemKb>\d{1,16})kB)?[^\n]*$/,
      samples: [
        {
          message: 'Memory cgroup out of memory: Killed process 48213 (java) anon-rss:521800kB',
          expect: {
            scope: 'memcg',
            allocatingTask: false,
            pid: 48213,
            comm: 'java',
            uid: null,
            totalVmBytes: null,
            anonRssBytes: 534323200,
            fileRssBytes: null,
            shmemRssBytes: null,
            pageTableBytes: null,
            oomScoreAdj: null,
          },
        },
      ],
    },
    {
      since: '3.10.0-1127.el7',
      pattern:
        /^Killed process (?<pid>\d{1,10}) \((?<comm>[\s\S]{0,64})\), UID (?<uid>\d{1,10})(?:, total-vm:(?<totalVmKb>\d{1,16})kB)?(?:, anon-rss:(?<anonKb>\d{1,16})kB)?(?:, file-rss:(?<fileKb>\d{1,16})kB)?(?:, shmem-rss:(?<shmemKb>\d{1,16})kB)?[^\n]*$/,
      samples: [
        {
          message:
            'Killed process 48213 (java), UID 1000, total-vm:4729380kB, anon-rss:524248kB, file-rss:8kB, shmem-rss:0kB',
          expect: {
            scope: null,
            allocatingTask: false,
            pid: 48213,
            comm: 'java',
            uid: 1000,
            totalVmBytes: 4842885120,
            anonRssBytes: 536829952,
            fileRssBytes: 8192,
            shmemRssBytes: 0,
            pageTableBytes: null,
            oomScoreAdj: null,
          },
        },
      ],
    },
    {
      // el5 with a reason, without sizes
      since: '2.6.18-164.el5',
      pattern:
        /^(?:(?<reason>Out of memory|No available memory (?:\(MPOL_BIND\)|in cpuset)): )?Killed process (?<pid>\d{1,10}), UID (?<uid>\d{1,10}), \((?<comm>[\s\S]{0,64})\)(?: total-vm:(?<totalVmKb>\d{1,16})kB)?(?:, anon-rss:(?<anonKb>\d{1,16})kB)?(?:, file-rss:(?<fileKb>\d{1,16})kB)?[^\n]*$/,
      samples: [
        {
          message: 'Killed process 2287, UID 48, (httpd) total-vm:1053692kB, anon-rss:262144kB, file-rss:1024kB',
          expect: {
            scope: null,
            allocatingTask: false,
            pid: 2287,
            comm: 'httpd',
            uid: 48,
            totalVmBytes: 1078980608,
            anonRssBytes: 268435456,
            fileRssBytes: 1048576,
            shmemRssBytes: null,
            pageTableBytes: null,
            oomScoreAdj: null,
          },
        },
        {
          message: 'Out of memory: Killed process 1234, UID 48, (php-fpm).',
          expect: { ...oldKill, scope: 'none', uid: 48, totalVmBytes: null },
        },
      ],
    },
    {
      // OpenVZ; its rss is of no kind.
      since: '2.6.32-042stab',
      pattern:
        /^(?<reason>Out of memory(?: in UB \d{1,10})?): OOM killed process (?<pid>\d{1,10}) \((?<comm>[\s\S]{0,64})\) score -?\d{1,10} vm:(?<totalVmKb>\d{1,16})kB[^\n]*$/,
      samples: [
        {
          message:
            'Out of memory in UB 1203: OOM killed process 1234 (php-fpm) score 0 vm:281984kB, rss:17004kB, swap:0kB',
          expect: { ...oldKill, scope: 'memcg' },
        },
        {
          message:
            'Out of memory in UB 0: OOM killed process 1234 (php-fpm) score 0 vm:281984kB, rss:17004kB, swap:0kB',
          expect: { ...oldKill, scope: 'none' },
        },
      ],
    },
    {
      // `Memory` up to 2.6.15
      since: '2.6.9-el4',
      pattern:
        /^(?<reason>Out of [Mm]emory|No available memory (?:\(MPOL_BIND\)|in cpuset)): Killed process (?<pid>\d{1,10}) \((?<comm>[\s\S]{0,64})\)\.?$/,
      samples: [
        {
          message: 'Out of memory: Killed process 1234 (php-fpm).',
          expect: { ...oldKill, scope: 'none', totalVmBytes: null },
        },
        {
          message: 'No available memory (MPOL_BIND): Killed process 1234 (php-fpm).',
          expect: { ...oldKill, scope: 'memory_policy', totalVmBytes: null },
        },
        {
          message: 'Out of Memory: Killed process 1234 (php-fpm).',
          expect: { ...oldKill, scope: 'none', totalVmBytes: null },
        },
      ],
    },
    {
      // 2.6.33 spelt vsz; both without sizes or cut before them.
      since: '2.6.16',
      pattern:
        /^(?:(?<reason>Memory cgroup out of memory|Out of memory(?: \([a-z_]{1,40}\))?): )?Killed process (?<pid>\d{1,10})(?: \((?![\s\S]{0,64}\)(?: total-vm:\d{1,16}kB|, UID \d))(?:(?<comm>[\s\S]{0,64})\)(?: vsz:[^\n]*| (?:t[otalvm:\d-]*k?|\.{3}|…)?|, ?[UID ]{0,4})?|(?<cut>[^)\n]{0,64}))|[ (,]{0,2})$/,
      samples: [
        {
          message: 'Killed process 1234 (java)',
          expect: {
            scope: null,
            allocatingTask: false,
            pid: 1234,
            comm: 'java',
            uid: null,
            totalVmBytes: null,
            anonRssBytes: null,
            fileRssBytes: null,
            shmemRssBytes: null,
            pageTableBytes: null,
            oomScoreAdj: null,
          },
        },
        {
          message: 'Memory cgroup out of memory: Killed process 1234 (ja',
          expect: {
            scope: 'memcg',
            allocatingTask: false,
            pid: 1234,
            comm: 'ja',
            uid: null,
            totalVmBytes: null,
            anonRssBytes: null,
            fileRssBytes: null,
            shmemRssBytes: null,
            pageTableBytes: null,
            oomScoreAdj: null,
          },
        },
      ],
    },
  ],
  read: groups => {
    const pid = int(groups['pid'])
    if (pid === null) return null
    // Spelt out: spreading an object into one of this size takes ten times as long.
    const { scope, allocatingTask } = readScope(groups['reason'])
    return {
      scope,
      allocatingTask,
      pid,
      comm: groups['comm'] ?? groups['cut'] ?? '',
      uid: int(groups['uid']),
      totalVmBytes: kib(groups['totalVmKb']),
      anonRssBytes: kib(groups['anonKb']),
      fileRssBytes: kib(groups['fileKb']),
      shmemRssBytes: kib(groups['shmemKb']),
      pageTableBytes: kib(groups['tablesKb']),
      oomScoreAdj: int(groups['oomScoreAdj']),
    }
  },
}

/** The chosen victim was dying already: nothing is killed, and there is no report. */
export const alreadyExiting: Recogniser<AlreadyExiting> = {
  kind: 'already-exiting',
  source: 'torvalds/linux mm/oom_kill.c __oom_kill_process(), v5.10',
  needles: ['Memory cgroup out of memory', 'Out of memory'],
  starts: ['Memory cgroup out of memory: OOM victim', 'Out of memory: OOM victim', 'Out of memory ('],
  wordings: [
    {
      since: '5.10',
      pattern:
        /^(?<reason>Memory cgroup out of memory|Out of memory(?: \([a-z_]{1,40}\))?): OOM victim (?<pid>\d{1,10}) \((?<comm>[\s\S]{0,64})\) is already exiting[^\n]*$/,
      samples: [
        {
          message: 'Memory cgroup out of memory: OOM victim 1234 (python3) is already exiting. Skip killing the task',
          expect: { scope: 'memcg', pid: 1234, comm: 'python3' },
        },
      ],
    },
  ],
  read: ({ reason, pid, comm }) => {
    const number = int(pid)
    return number === null ? null : { scope: readScope(reason).scope, pid: number, comm: comm ?? '' }
  },
}
