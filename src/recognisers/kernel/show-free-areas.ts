import type { BuddyList, LowmemReserve, MemInfoNode, MemInfoPages, MemInfoZone } from '../../model/event.ts'
import type { Recogniser } from '../recogniser.ts'
import { int, keyedNumbers, kib } from './numbers.ts'

const SOURCE = 'torvalds/linux mm/show_mem.c show_free_areas(), v6.5; mm/page_alloc.c before'

/** Kernels without NUMA leave `Node 0 ` out. */
const ZONE_STARTS = ['Node ', 'DMA', 'Normal', 'HighMem', 'Movable', 'Device']

/** A line of the first record: pages of the whole node. */
export const memInfoPages: Recogniser<MemInfoPages> = {
  kind: 'mem-info-pages',
  source: SOURCE,
  needles: [],
  starts: [...'abcdefghijklmnopqrstuvwxyzA'],
  wordings: [
    {
      since: '2.6.28',
      pattern: /^(?<pages>[a-z]\w*:\d+(?: [a-z]\w*:\d+)*)\s*$/,
      samples: [
        {
          message: 'active_anon:1837 inactive_anon:1953421 isolated_anon:0',
          expect: { pages: { active_anon: 1837, inactive_anon: 1953421, isolated_anon: 0 } },
        },
        { message: 'free:25532 free_pcp:63 free_cma:0', expect: { pages: { free: 25532, free_pcp: 63, free_cma: 0 } } },
        { message: 'kernel_misc_reclaimable:0', expect: { pages: { kernel_misc_reclaimable: 0 } } },
      ],
    },
    {
      since: '2.6.18',
      pattern: /^(?<pages>Active:\d+ inactive:\d+(?: \w+:\d+)*)\s*$/,
      samples: [
        {
          message: 'Active:123 inactive:456 dirty:0 writeback:0 unstable:0 free:789 slab:10 mapped:11 pagetables:12',
          expect: {
            pages: {
              Active: 123,
              inactive: 456,
              dirty: 0,
              writeback: 0,
              unstable: 0,
              free: 789,
              slab: 10,
              mapped: 11,
              pagetables: 12,
            },
          },
        },
      ],
    },
  ],
  read: ({ pages }) => (pages === undefined ? null : { pages: keyedNumbers(pages) }),
}

/** A NUMA node. `shmem_thp: 0kB` has a blank up to 6.5. */
export const memInfoNode: Recogniser<MemInfoNode> = {
  kind: 'mem-info-node',
  source: SOURCE,
  needles: [],
  starts: ['Node '],
  wordings: [
    {
      since: '4.8',
      pattern: /^Node (?<node>\d+) (?<stats>active_anon:\d+kB[^\n]*)$/,
      samples: [
        {
          message:
            'Node 0 active_anon:7348kB inactive_anon:0kB writeback_tmp:0kB shmem_thp: 2048kB kernel_stack:9120kB all_unreclaimable? yes',
          expect: {
            node: 0,
            stats: {
              active_anon: 7524352,
              inactive_anon: 0,
              writeback_tmp: 0,
              shmem_thp: 2097152,
              kernel_stack: 9338880,
            },
            allUnreclaimable: true,
          },
        },
        {
          message: 'Node 1 active_anon:4kB pages_scanned:32 all_unreclaimable? no Balloon:0kB',
          expect: { node: 1, stats: { active_anon: 4096, pages_scanned: 32, Balloon: 0 }, allUnreclaimable: false },
        },
      ],
    },
  ],
  read: ({ node, stats }) => {
    const number = int(node)
    if (number === null || stats === undefined) return null
    const verdict = /all_unreclaimable\? (yes|no)/.exec(stats)?.[1]
    return {
      node: number,
      stats: keyedNumbers(stats),
      allUnreclaimable: verdict === undefined ? null : verdict === 'yes',
    }
  },
}

/** A zone of a node. */
export const memInfoZone: Recogniser<MemInfoZone> = {
  kind: 'mem-info-zone',
  source: SOURCE,
  needles: [],
  starts: ZONE_STARTS,
  wordings: [
    {
      since: '2.6.18',
      pattern: /^(?:Node (?<node>\d+) )?(?<zone>[A-Z][A-Za-z0-9]{0,15}) (?<stats>free:\d+kB[^\n]*)$/,
      samples: [
        {
          message:
            'Node 0 DMA32 free:14848kB boost:0kB min:128kB low:160kB high:192kB reserved_highatomic:0KB present:15992kB mlocked:0kB local_pcp:8kB free_cma:0kB',
          expect: {
            node: 0,
            zone: 'DMA32',
            stats: {
              free: 15204352,
              boost: 0,
              min: 131072,
              low: 163840,
              high: 196608,
              reserved_highatomic: 0,
              present: 16375808,
              mlocked: 0,
              local_pcp: 8192,
              free_cma: 0,
            },
          },
        },
        {
          message:
            'Normal free:40kB min:44kB unevictable:0kB isolated(anon):4kB pages_scanned:17 all_unreclaimable? yes',
          expect: {
            node: 0,
            zone: 'Normal',
            stats: { free: 40960, min: 45056, unevictable: 0, 'isolated(anon)': 4096, pages_scanned: 17 },
          },
        },
      ],
    },
  ],
  read: ({ node, zone, stats }) =>
    zone === undefined || stats === undefined ? null : { node: int(node) ?? 0, zone, stats: keyedNumbers(stats) },
}

/** Pages that the zone above keeps for requests that could use a higher zone. */
export const lowmemReserve: Recogniser<LowmemReserve> = {
  kind: 'lowmem-reserve',
  source: SOURCE,
  needles: [],
  starts: ['lowmem_reserve[]:'],
  wordings: [
    {
      since: '2.6.18',
      pattern: /^lowmem_reserve\[\]:(?<pages>(?: \d+)+)\s*$/,
      samples: [{ message: 'lowmem_reserve[]: 0 2963 7948 7948 7948', expect: { pages: [0, 2963, 7948, 7948, 7948] } }],
    },
  ],
  read: ({ pages }) => ({ pages: (pages ?? '').trim().split(' ').map(Number) }),
}

/** Free blocks by size. The first size is the page size. Letters are migrate types: `(UME)`, since 3.10. */
export const buddyList: Recogniser<BuddyList> = {
  kind: 'buddy-list',
  source: SOURCE,
  needles: [],
  starts: ZONE_STARTS,
  wordings: [
    {
      since: '2.6.18',
      pattern: /^(?:Node (?<node>\d+) )?(?<zone>[A-Z][A-Za-z0-9]{0,15}): (?<blocks>\d+\*\d+kB[^\n]*)$/,
      samples: [
        {
          message: 'Node 0 DMA: 0*4kB 2*8kB (UM) 1*2048kB (M) 3*4096kB (M) = 14352kB',
          expect: {
            node: 0,
            zone: 'DMA',
            blocks: [
              { sizeBytes: 4096, count: 0, types: null },
              { sizeBytes: 8192, count: 2, types: 'UM' },
              { sizeBytes: 2097152, count: 1, types: 'M' },
              { sizeBytes: 4194304, count: 3, types: 'M' },
            ],
            totalBytes: 14696448,
          },
        },
        {
          message: 'Normal: 5*64kB 1*128kB',
          expect: {
            node: 0,
            zone: 'Normal',
            blocks: [
              { sizeBytes: 65536, count: 5, types: null },
              { sizeBytes: 131072, count: 1, types: null },
            ],
            totalBytes: null,
          },
        },
      ],
    },
  ],
  read: ({ node, zone, blocks }) =>
    zone === undefined || blocks === undefined
      ? null
      : {
          node: int(node) ?? 0,
          zone,
          blocks: readBlocks(blocks),
          totalBytes: kib(/ = (\d{1,16})kB/.exec(blocks)?.[1]),
        },
}

function readBlocks(text: string): BuddyList['blocks'] {
  const blocks: BuddyList['blocks'][number][] = []
  for (const match of text.matchAll(/(?<!\d)(\d{1,16})\*(\d{1,16})kB(?: \(([A-Z]{1,20})\))?/g)) {
    const count = int(match[1])
    const sizeBytes = kib(match[2])
    if (count !== null && sizeBytes !== null) blocks.push({ sizeBytes, count, types: match[3] ?? null })
  }
  return blocks
}
