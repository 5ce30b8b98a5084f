import type { HugePages } from '../../model/event.ts'
import type { Recogniser } from '../recogniser.ts'
import { int, kib } from './numbers.ts'

/** Huge pages of a node, a line for each size. */
export const hugePages: Recogniser<HugePages> = {
  kind: 'huge-pages',
  source: 'torvalds/linux mm/hugetlb.c hugetlb_show_meminfo_node(), v6.0; hugetlb_show_meminfo() before',
  needles: [],
  starts: ['Node ', 'hugepages_total='],
  wordings: [
    {
      since: '3.10',
      pattern:
        /^(?:Node (?<node>\d+) )?hugepages_total=(?<total>\d+) hugepages_free=(?<free>\d+) hugepages_surp=(?<surplus>\d+) hugepages_size=(?<sizeKb>\d+)kB\s*$/,
      samples: [
        {
          message: 'Node 1 hugepages_total=8 hugepages_free=3 hugepages_surp=1 hugepages_size=2048kB',
          expect: { node: 1, total: 8, free: 3, surplus: 1, sizeBytes: 2097152 },
        },
      ],
    },
  ],
  read: groups => {
    const total = int(groups['total'])
    const free = int(groups['free'])
    const surplus = int(groups['surplus'])
    const sizeBytes = kib(groups['sizeKb'])
    if (total === null || free === null || surplus === null || sizeBytes === null) return null
    return { node: int(groups['node']) ?? 0, total, free, surplus, sizeBytes }
  },
}
