/** Balances, score and headroom, with the numbers of real reports. */
import { describe, expect, test } from 'vitest'
import { badness, badnessTotal } from '../../src/diagnosis/badness.ts'
import { limitOwner } from '../../src/diagnosis/facts.ts'
import { balanceHolds, memcgBalance } from '../../src/diagnosis/memcg-balance.ts'
import { nodeBalance } from '../../src/diagnosis/node-balance.ts'
import { requestBounds } from '../../src/diagnosis/qos.ts'
import { zoneHeadroom } from '../../src/diagnosis/zone-headroom.ts'
import { cgroup, gibibyte, mebibyte, nodeMemory, process, report, trigger, victim, zone } from './cases.ts'

const kib = 1024
const pages = (count: number): number => count * 4096

/** A node of 6.1 that ran out (1.1 GiB, no swap): the report of a best-effort pod's process. */
const realNode = nodeMemory({
  ramBytes: pages(307_064),
  reservedBytes: pages(19_187),
  freeBytes: pages(12_287),
  stats: {
    active_anon: pages(38),
    inactive_anon: pages(264_183),
    isolated_anon: 0,
    active_file: pages(5),
    inactive_file: pages(8),
    isolated_file: 0,
    unevictable: 0,
    dirty: 0,
    writeback: 0,
    slab_reclaimable: pages(3162),
    slab_unreclaimable: pages(3192),
    mapped: pages(25),
    shmem: pages(56),
    pagetables: pages(1074),
    sec_pagetables: 0,
    bounce: 0,
    free: pages(12_287),
    free_pcp: 0,
  },
  nodes: [{ node: 0, allUnreclaimable: false, stats: { kernel_stack: 2112 * kib } }],
  zones: [
    zone({
      zone: 'DMA',
      freeBytes: 4992 * kib,
      minBytes: 604 * kib,
      lowmemReserveBytes: [0, pages(1099), pages(1099), pages(1099), pages(1099)],
    }),
    zone({ zone: 'DMA32', freeBytes: 44_156 * kib, minBytes: 44_448 * kib }),
  ],
})

describe('nodeBalance', () => {
  test('accounts for all but 1.2 % of a real node', () => {
    const balance = nodeBalance(realNode)
    expect(balance?.managedBytes).toBe(pages(287_877))
    expect((balance?.missingBytes ?? 0) / (balance?.managedBytes ?? 1)).toBeCloseTo(0.0118, 3)
    expect(balance?.privateAnonBytes).toBe(pages(264_165))
  })

  test('counts huge pages of every node and size', () => {
    const pools = [
      { node: 0, total: 10, free: 5, surplus: 0, sizeBytes: 2 * mebibyte },
      { node: 1, total: 1, free: 1, surplus: 0, sizeBytes: gibibyte },
    ]
    expect(nodeBalance(nodeMemory({ hugePages: pools }))?.hugePageBytes).toBe(gibibyte + 20 * mebibyte)
  })

  test.each(['free', 'slab_unreclaimable', 'shmem'])('is null without %s', key => {
    const { [key]: _gone, ...stats } = realNode.stats
    expect(nodeBalance(nodeMemory({ stats }))).toBeNull()
  })

  test('is null without the number of reserved pages', () => {
    expect(nodeBalance(nodeMemory({ reservedBytes: null }))).toBeNull()
  })
})

describe('zoneHeadroom', () => {
  test('is below zero in every zone of a real node that ran out, the reserve counted', () => {
    const zones = zoneHeadroom(realNode, trigger({ gfpFlags: ['GFP_HIGHUSER_MOVABLE', '__GFP_COMP', '__GFP_ZERO'] }))
    expect(zones?.map(each => each.headroomBytes)).toEqual([-8 * kib, -292 * kib])
  })

  test('is null where the kernel printed no names of flags', () => {
    expect(zoneHeadroom(realNode, trigger({ gfpFlags: null }))).toBeNull()
  })

  test('leaves out zones above the one that was asked for', () => {
    expect(zoneHeadroom(realNode, trigger({ gfpFlags: ['GFP_DMA'] }))?.map(each => each.zone.zone)).toEqual(['DMA'])
  })

  test('takes off what is kept back: of emergencies always, of CMA where the request cannot be moved', () => {
    const stats = { reserved_highatomic: 6 * mebibyte, free_cma: 300 * mebibyte }
    const node = nodeMemory({ zones: [zone({ freeBytes: 350 * mebibyte, minBytes: 10 * mebibyte, stats })] })
    const of = (...gfpFlags: string[]) => zoneHeadroom(node, trigger({ gfpFlags }))?.[0]?.headroomBytes
    expect(of('GFP_KERNEL')).toBe(34 * mebibyte)
    expect(of('GFP_HIGHUSER')).toBe(34 * mebibyte)
    expect(of('GFP_HIGHUSER_MOVABLE', '__GFP_ZERO')).toBe(334 * mebibyte)
    expect(of('GFP_TRANSHUGE')).toBe(334 * mebibyte)
  })

  test.each([
    ['H', 0],
    ['C', 0],
    ['CI', 0],
    ['U', 1],
    ['UH', 1],
    [null, 1],
  ])('counts a block of the types %s %i times for the kernel', (types, blocks) => {
    const node = nodeMemory({
      zones: [
        zone({
          buddy: [
            { sizeBytes: 4096, count: 9, types: 'U' },
            { sizeBytes: 32_768, count: 1, types },
          ],
        }),
      ],
    })
    expect(zoneHeadroom(node, trigger({ order: 3 }))?.[0]?.largeBlocks).toBe(blocks)
  })
})

describe('memcgBalance', () => {
  test('adds slab once though it is printed in parts and as a sum', () => {
    const stats = {
      anon: 240 * mebibyte,
      file: 4 * mebibyte,
      shmem: mebibyte,
      kernel_stack: mebibyte,
      pagetables: mebibyte,
      percpu: mebibyte,
      sock: mebibyte,
      slab_reclaimable: 2 * mebibyte,
      slab_unreclaimable: 3 * mebibyte,
      slab: 5 * mebibyte,
    }
    expect(memcgBalance(cgroup({ stats }))).toMatchObject({
      kernelBytes: 8 * mebibyte,
      cacheBytes: 3 * mebibyte,
      accountedBytes: 253 * mebibyte,
      remainderBytes: 3 * mebibyte,
    })
  })

  test('takes the kernel key whole and adds sockets to it', () => {
    const stats = {
      anon: 240 * mebibyte,
      file: 0,
      shmem: 0,
      kernel: 10 * mebibyte,
      kernel_stack: 5 * mebibyte,
      slab: 5 * mebibyte,
      sock: mebibyte,
    }
    expect(memcgBalance(cgroup({ stats }))?.accountedBytes).toBe(251 * mebibyte)
  })

  test('has no sum when the block was cut before the slab', () => {
    expect(memcgBalance(cgroup({ stats: { anon: 1, file: 1, kernel_stack: 1 } }))).toMatchObject({
      kernelBytes: null,
      remainderBytes: null,
    })
  })

  test('reads the one line of old kernels, with kernel memory from its counter', () => {
    const balance = memcgBalance(
      cgroup({ kmemUsageBytes: 2 * mebibyte, stats: { cache: mebibyte, rss: 250 * mebibyte, rss_huge: 0 } }),
    )
    expect(balance).toMatchObject({
      anonBytes: 250 * mebibyte,
      cacheBytes: null,
      accountedBytes: 253 * mebibyte,
      hierarchical: false,
    })
  })

  test('prefers the totals of the subtree', () => {
    const stats = { cache: 0, rss: 0, shmem: 0, total_cache: mebibyte, total_rss: 250 * mebibyte, total_shmem: 0 }
    expect(memcgBalance(cgroup({ stats }))).toMatchObject({
      anonBytes: 250 * mebibyte,
      cacheBytes: mebibyte,
      hierarchical: true,
    })
  })

  test('holds only when its parts cover nine tenths of the use', () => {
    const of = (anon: number) =>
      memcgBalance(cgroup({ stats: { anon: anon * mebibyte, file: 0, shmem: 0, kernel: 0 } }))
    expect([of(240), of(200)].map(balance => balance && balanceHolds(balance))).toEqual([true, false])
  })
})

describe('badness', () => {
  const real = report({
    constraint: 'none',
    memory: null,
    node: realNode,
    victims: [victim({ pid: 657, comm: 'greedy' })],
    processes: [
      process({
        pid: 158,
        tgid: 158,
        comm: 'containerd',
        rssBytes: pages(6538),
        pageTableBytes: 307_200,
        oomScoreAdj: -999,
      }),
      process({ pid: 581, tgid: 581, comm: 'calm', rssBytes: pages(7641), pageTableBytes: 98_304, oomScoreAdj: 1000 }),
      process({
        pid: 657,
        tgid: 657,
        comm: 'greedy',
        rssBytes: pages(233_218),
        pageTableBytes: 1_908_736,
        oomScoreAdj: 1000,
      }),
    ],
  })

  test('ranks the real victim first, with the part of its oom_score_adj', () => {
    const answer = badness(real)
    expect(answer).toMatchObject({ victimRank: 1, explained: true })
    expect(answer?.victim.adjBytes).toBe(pages(287 * 1000))
    expect(answer?.victim.memoryBytes).toBe(pages(233_218) + 1_908_736)
    expect(answer?.next?.row.comm).toBe('calm')
  })

  test('takes RAM and swap of the node as the whole', () => {
    const withSwap = report({ ...real, node: { ...realNode, swapTotalBytes: gibibyte } })
    expect(badnessTotal(withSwap)?.lowBytes).toBe(pages(287_877) + gibibyte)
  })

  test('takes what is present in the allowed nodes for a cpuset', () => {
    const bound = report({
      constraint: 'cpuset',
      node: nodeMemory({ zones: [zone({ stats: { present: 196_480 * kib } })] }),
    })
    expect(badnessTotal(bound)?.lowBytes).toBe(196_480 * kib)
  })

  test.each([
    ['no swap allowed (v2)', cgroup({ swapLimitBytes: 0 }), [256, 256]],
    [
      'as much as memory and swap together leave (v1)',
      cgroup({ kmemUsageBytes: 0, swapLimitBytes: 256 * mebibyte }),
      [256, 256],
    ],
    ['some swap, the node unknown', cgroup({ swapLimitBytes: 100 * mebibyte }), [256, 356]],
    ['no limit of swap', cgroup({ swapLimitBytes: null }), [256, 512]],
  ])('brackets the whole of a limit: %s', (_name, memory, [low, high]) => {
    const total = badnessTotal(report({ memory }))
    expect([(total?.lowBytes ?? 0) / mebibyte, (total?.highBytes ?? 0) / mebibyte]).toEqual([low, high])
  })

  test.each([
    ['no swap column, as in 2.6.32', { processes: [process({ swapBytes: null })] }],
    ['a victim that is not in the table', { victims: [victim({ pid: 9 })] }],
    ['no victim', { victims: [] }],
    ['no table', { processes: [] }],
    ['no limit', { memory: cgroup({ limitBytes: null }) }],
  ])('is null with %s', (_name, over) => {
    expect(badness(report(over))).toBeNull()
  })

  test('finds a victim by its process or by the thread in the table', () => {
    const rows = [process({ pid: 1858, tgid: 1847 })]
    expect(
      [1847, 1858].map(pid => badness(report({ processes: rows, victims: [victim({ pid })] }))?.victimRank),
    ).toEqual([1, 1])
  })

  test('allows the 3 % of an administrator only where the kernel prints a score', () => {
    const processes = [process(), process({ pid: 2, tgid: 2, comm: 'root', rssBytes: 254 * mebibyte })]
    const of = (score: number | null) => badness(report({ processes, victims: [victim({ score })] }))?.explained
    expect([of(980), of(null)]).toEqual([true, false])
  })

  test('never counts a process that is exempt or is init', () => {
    const processes = [
      process(),
      process({ pid: 1, tgid: 1, rssBytes: gibibyte }),
      process({ pid: 2, tgid: 2, rssBytes: gibibyte, oomScoreAdj: -1000 }),
    ]
    expect(badness(report({ processes }))?.ranking.length).toBe(1)
  })
})

describe('requestBounds', () => {
  test.each([
    [984, { low: 0.016, high: 0.017 }],
    [999, { low: 0, high: 0.002 }],
    [1000, null],
    [0, null],
    [-997, null],
    [null, null],
  ])('of %s', (adj, expected) => {
    expect(requestBounds(adj)).toEqual(expected)
  })
})

describe('limitOwner', () => {
  const hex = 'a1'.repeat(32)
  const dashed = '54dfd0ce-8a37-4bba-86e5-42c9b5b51ffd'
  const underscored = dashed.replaceAll('-', '_')
  test.each([
    ['/kubepods', 'allocatable'],
    ['/kubepods.slice', 'allocatable'],
    [`/docker/${hex}/kubelet.slice/kubelet-kubepods.slice`, 'allocatable'],
    ['/kubepods/burstable', 'qos'],
    ['/kubepods.slice/kubepods-besteffort.slice', 'qos'],
    [`/kubepods/burstable/pod${dashed}`, 'pod'],
    [`/kubepods.slice/kubepods-pod${underscored}.slice`, 'pod'],
    [`/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${underscored}.slice`, 'pod'],
    [`/kubepods/burstable/pod${'0'.repeat(32)}`, 'pod'],
    [`/kubepods/burstable/pod${dashed}/${hex}`, 'container'],
    [`/a/cri-containerd-${hex}.scope`, 'container'],
    [`/system.slice/containerd.service/kubepods-burstable-pod${underscored}.slice:cri-containerd:${hex}`, 'container'],
    ['/system.slice/kubelet.service', 'unit'],
    ['/system.slice', 'slice'],
    ['/burstable', 'other'],
    ['/lxc/101', 'other'],
  ])('of %s is %s', (path, owner) => {
    expect(limitOwner(path)).toBe(owner)
  })
})
