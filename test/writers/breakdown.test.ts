/** What memory was made of adds up: the parts, the small ones together, and the remainder. */
import { describe, expect, test } from 'vitest'
import type { Incident } from '../../src/model/report.ts'
import { cgroupParts, nodeParts } from '../../src/writers/breakdown.ts'
import { repeatWords, requestWords, whereWords } from '../../src/writers/words.ts'
import { cgroup, container, incident, mebibyte, nodeMemory, pod, report, victim } from '../diagnosis/cases.ts'

const inMebibytes = (parts: readonly { name: string; bytes: number }[]) =>
  Object.fromEntries(parts.map(({ name, bytes }) => [name, Math.round((10 * bytes) / mebibyte) / 10]))
const of = (stats: Record<string, number>, over = {}) =>
  inMebibytes(
    cgroupParts(
      cgroup({
        usageBytes: 100 * mebibyte,
        limitBytes: 100 * mebibyte,
        stats: Object.fromEntries(Object.entries(stats).map(([key, value]) => [key, value * mebibyte])),
        ...over,
      }),
    ),
  )

describe('the use of a cgroup', () => {
  test.each([
    [
      'tmpfs is told apart from page cache',
      { anon: 20, file: 70, shmem: 60, slab: 10 },
      { 'tmpfs and shared': 60, anonymous: 20, 'file cache': 10, slab: 10 },
    ],
    [
      'small parts stand together',
      { anon: 98.5, file: 0.5, shmem: 0, slab: 0.6, pagetables: 0.4 },
      { anonymous: 98.5, other: 1.5 },
    ],
    [
      'what no figure explains is said',
      { anon: 70, file: 0, shmem: 0, slab: 5 },
      { anonymous: 70, slab: 5, 'in no figure of the kernel': 25 },
    ],
    ['a percent of it is ordinary', { anon: 94.5, file: 0, shmem: 0, slab: 5 }, { anonymous: 94.5, slab: 5 }],
    [
      'kernel memory beyond its parts',
      { anon: 70, file: 0, shmem: 0, slab: 5, kernel: 30 },
      { anonymous: 70, 'other kernel memory': 25, slab: 5 },
    ],
    [
      'nothing is said to be left where the statistics were cut',
      { anon: 70, file: 10 },
      { anonymous: 70, 'file cache': 10 },
    ],
  ])('%s', (_name, stats, parts) => {
    expect(of(stats)).toEqual(parts)
  })

  test('of cgroup v1 with its children adds up with the counter of kernel memory', () => {
    const stats = { total_rss: 60, total_cache: 30, total_shmem: 25, rss: 1, cache: 1, total_swap: 8 }
    expect(of(stats, { kmemUsageBytes: 10 * mebibyte })).toEqual({
      anonymous: 60,
      'tmpfs and shared': 25,
      'kernel memory': 10,
      'file cache': 5,
      'beside it, swapped out': 8,
    })
    expect(of({ rss: 10, cache: 5 }, { kmemUsageBytes: 0 })).toEqual({ anonymous: 10, 'file cache': 5 })
  })
})

describe('the RAM of a node', () => {
  test('tells the remainder', () => {
    const whole = nodeMemory()
    const stats = { ...whole.stats, inactive_anon: 3000 * mebibyte }
    expect(inMebibytes(nodeParts({ ...whole, stats }))).toMatchObject({
      anonymous: 3000,
      'tmpfs and shared': 100,
      'in no figure of the kernel': 608,
    })
    expect(inMebibytes(nodeParts(whole))['in no figure of the kernel']).toBe(108)
  })

  test('holds huge pages, used or not', () => {
    const hugePages = [{ node: 0, total: 100, free: 0, surplus: 0, sizeBytes: 2 * mebibyte }]
    expect(inMebibytes(nodeParts(nodeMemory({ hugePages })))).toMatchObject({ 'huge pages': 200 })
  })
})

describe('words', () => {
  test.each([
    [['2024-05-01T10:00:00Z'], null, null],
    [['2024-05-01T10:00:00Z', '2024-05-01T11:00:00Z'], 3600, '2 times from 10:00:00 to 11:00:00'],
    [
      ['2024-05-01T10:00:00Z', '2024-05-01T10:30:00Z', '2024-05-01T11:00:00Z'],
      1800,
      '3 times from 10:00:00 to 11:00:00, about every 30 min',
    ],
    [
      ['2024-05-01T10:00:00Z', '2024-05-01T10:00:00Z', '2024-05-01T10:00:01Z'],
      0.5,
      '3 times from 10:00:00 to 10:00:01, less than 1 s apart',
    ],
  ])('how often: %j', (times, seconds, words) => {
    expect(repeatWords(times, seconds)).toBe(words)
  })

  test('several pods of one workload are counted', () => {
    const of = (name: string | null): Incident => incident({ pod: pod({ name }) })
    expect(whereWords([of('api-1'), of('api-2'), of('api-1')])).toBe('in 2 pods')
    expect(whereWords([of('api-1'), of('api-1')])).toBeNull()
    expect(whereWords([of(null), of('api-1')])).toBeNull()
  })

  test('containers that only the uid of their pod holds together are counted', () => {
    const of = (id: string, name: string | null = null): Incident =>
      incident({ pod: pod({ name: null, uid: 'u' }), container: container({ id, name }) })
    expect(whereWords([of('a'), of('b'), of('a')])).toBe('in 2 containers of the pod')
    expect(whereWords([of('a'), of('a')])).toBeNull()
    expect(whereWords([of('a', 'app'), of('b', 'app')])).toBeNull()
  })

  test.each([
    [984, 'Burstable', 'memory request 1.6 to 1.7 % of the node, by oom_score_adj 984'],
    [999, 'Burstable', 'memory request below 0.1 % of the node or none, by oom_score_adj 999'],
    [1000, 'BestEffort', null],
    [-997, 'Guaranteed', null],
    [0, 'Burstable', null],
    [null, 'Burstable', null],
  ] as const)('the request by oom_score_adj %s of a %s pod', (oomScoreAdj, qosClass, words) => {
    const victims = [victim({ oomScoreAdj })]
    const died = incident({ pod: pod({ qosClass }), victims, kernelReports: [report({ victims })] })
    expect(requestWords(died)).toBe(words)
  })
})
