import type { MemcgStat, MemcgStats, MemcgUsage } from '../../model/event.ts'
import type { Recogniser } from '../recogniser.ts'
import { int, keyedNumbers, kib, limitKib } from './numbers.ts'

/** Use and limit of the cgroup whose limit was hit. `swap` on v2; `memory+swap` and `kmem` on v1, and up to 5.2 on v2 too. */
export const memcgUsage: Recogniser<MemcgUsage> = {
  kind: 'memcg-usage',
  source: 'torvalds/linux mm/memcontrol.c mem_cgroup_print_oom_meminfo(), v5.0; mem_cgroup_print_oom_info() before',
  needles: [': usage '],
  opens: true,
  starts: ['memory', 'swap: ', 'kmem: '],
  wordings: [
    {
      since: '2.6.30',
      pattern:
        /^(?<counter>memory|memory\+swap|swap|kmem): usage (?<usageKb>\d{1,20})kB(?:, limit (?<limitKb>\d{1,20})kB)?(?:, failcnt (?<failcnt>\d{1,20}))?[^\n]*$/,
      samples: [
        {
          message: 'memory: usage 524288kB, limit 524288kB, failcnt 8327',
          expect: { counter: 'memory', usageBytes: 536870912, limitBytes: 536870912, failcnt: 8327 },
        },
        {
          message: 'memory+swap: usage 0kB, limit 9007199254740988kB, failcnt 0',
          expect: { counter: 'memory+swap', usageBytes: 0, limitBytes: null, failcnt: 0 },
        },
        {
          message: 'kmem: usage 3480kB, limit 18014398509481983kB, failcnt 0',
          expect: { counter: 'kmem', usageBytes: 3563520, limitBytes: null, failcnt: 0 },
        },
        {
          message: 'swap: usage 12kB, limit 1024kB, fai',
          expect: { counter: 'swap', usageBytes: 12288, limitBytes: 1048576, failcnt: null },
        },
      ],
    },
  ],
  read: ({ counter, usageKb, limitKb, failcnt }) => {
    const usageBytes = kib(usageKb)
    if (usageBytes === null) return null
    // The pattern admits these four words only.
    return {
      counter: counter as MemcgUsage['counter'],
      usageBytes,
      limitBytes: limitKib(limitKb),
      failcnt: int(failcnt),
    }
  },
}

/**
 * Up to 5.2 one line for each cgroup under the limit, in KB; later a head for the limited cgroup, then a block of
 * {@link memcgStat}. A path may hold `:` (`…slice:cri-containerd:0c9d…`).
 */
export const memcgStats: Recogniser<MemcgStats> = {
  kind: 'memcg-stats',
  source: 'torvalds/linux mm/memcontrol.c mem_cgroup_print_oom_meminfo(), v5.0; mem_cgroup_print_oom_info() before',
  needles: ['Memory cgroup stats'],
  opens: true,
  starts: ['Memory cgroup stats'],
  wordings: [
    {
      since: '5.3',
      pattern: /^Memory cgroup stats for (?<path>[^\s:]+(?::[^\s:]+)*)(?<end>:?)\s*$/,
      samples: [
        {
          message: 'Memory cgroup stats for /kubepods/pod3e1f/0c9d5f2e:',
          expect: { path: '/kubepods/pod3e1f/0c9d5f2e', pathCut: false, stats: null },
        },
        {
          message: 'Memory cgroup stats for /system.slice:cri-containerd:0c9d5f2e:',
          expect: { path: '/system.slice:cri-containerd:0c9d5f2e', pathCut: false, stats: null },
        },
        {
          message: 'Memory cgroup stats for /kubepods.slice/kubepods-bu',
          expect: { path: '/kubepods.slice/kubepods-bu', pathCut: true, stats: null },
        },
      ],
    },
    {
      since: '3.10',
      pattern: /^Memory cgroup stats(?: for (?<path>[^\n]*))?: (?<stats>[a-z_]+:\d+[^\n]*)$/,
      samples: [
        {
          message:
            'Memory cgroup stats for /kubepods/pod3e1f: cache:112KB rss:262032KB rss_huge:0KB shmem:0KB swap:0KB active_anon:26',
          expect: {
            path: '/kubepods/pod3e1f',
            pathCut: false,
            stats: { cache: 114688, rss: 268320768, rss_huge: 0, shmem: 0, swap: 0 },
          },
        },
        {
          // The kernel could not build the path.
          message: 'Memory cgroup stats: cache:0KB rss:4KB',
          expect: { path: null, pathCut: false, stats: { cache: 0, rss: 4096 } },
        },
      ],
    },
  ],
  read: ({ path, end, stats }) => ({
    path: path ?? null,
    pathCut: end === '',
    stats: stats === undefined ? null : keyedNumbers(withoutCutNumber(stats)),
  }),
}

/** The one-line form has a unit after every number; a number at the end of the line without one was cut. */
function withoutCutNumber(stats: string): string {
  return /\d$/.test(stats) ? stats.slice(0, stats.lastIndexOf(' ') + 1) : stats
}

/**
 * A line of the block: the kernel's key and number, whatever its name. So wide that it counts only inside a report; the
 * last line of a block may be cut inside its number (5.3 to 6.4 print it as one record of at most 1 KB).
 */
export const memcgStat: Recogniser<MemcgStat> = {
  kind: 'memcg-stat',
  source: 'torvalds/linux mm/memcontrol.c memcg_stat_format() and memcg1_stat_format(), v5.3 and v6.5',
  needles: [],
  starts: [...'abcdefghijklmnopqrstuvwxyz'],
  wordings: [
    {
      since: '5.3',
      pattern: /^(?<key>[a-z][a-z0-9_]*) (?<value>\d+)[ \t\r]*$/,
      samples: [
        { message: 'anon 267681792', expect: { key: 'anon', value: 267681792 } },
        { message: 'workingset_refault_anon 0', expect: { key: 'workingset_refault_anon', value: 0 } },
        { message: 'total_pgpgin 4711', expect: { key: 'total_pgpgin', value: 4711 } },
      ],
    },
  ],
  read: ({ key, value }) => {
    const number = int(value)
    return key === undefined || number === null ? null : { key, value: number }
  },
  scan: text => {
    const blank = text.indexOf(' ')
    if (blank < 1 || blank === text.length - 1) return null
    for (let i = 0; i < blank; i++) {
      const code = text.charCodeAt(i)
      const isLetter = code >= 0x61 && code <= 0x7a
      if (!isLetter && (i === 0 || !(isDigit(code) || code === 0x5f))) return null
    }
    let end = blank + 1
    let value = 0
    for (; end < text.length; end++) {
      const code = text.charCodeAt(end)
      if (!isDigit(code)) break
      value = value * 10 + (code - 0x30)
    }
    if (end === blank + 1 || value > Number.MAX_SAFE_INTEGER) return null
    for (let i = end; i < text.length; i++) if (!isSpace(text.charCodeAt(i))) return null
    return { kind: 'memcg-stat', key: text.slice(0, blank), value }
  },
}

const isDigit = (code: number) => code >= 0x30 && code <= 0x39
const isSpace = (code: number) => code === 0x20 || code === 0x09 || code === 0x0d
