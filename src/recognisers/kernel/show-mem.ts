import type { MemInfo, PageTotal } from '../../model/event.ts'
import type { Recogniser } from '../recogniser.ts'
import { int } from './numbers.ts'

/** Head of the node's memory: global OOM, failed allocation, SysRq-m. On 2.6.32 also under a cgroup's limit. */
export const memInfo: Recogniser<MemInfo> = {
  kind: 'mem-info',
  source: 'torvalds/linux mm/show_mem.c __show_mem(), v6.5; lib/show_mem.c show_mem(), arch/*/mm/init.c before',
  // Stands in both spellings.
  needles: ['Mem-'],
  opens: true,
  starts: ['Mem-Info:', 'Mem-info:'],
  wordings: [
    {
      since: '2.6.16',
      pattern: /^Mem-[Ii]nfo:\s*$/,
      samples: [
        { message: 'Mem-Info:', expect: {} },
        { message: 'Mem-info:', expect: {} },
      ],
    },
  ],
  read: () => ({}),
}

/** Pages of the whole node at the end of Mem-Info. `key` as printed, without the number. */
export const pageTotal: Recogniser<PageTotal> = {
  kind: 'page-total',
  source: 'torvalds/linux mm/show_mem.c __show_mem(), show_free_areas(), v6.5; lib/show_mem.c, mm/swap_state.c before',
  needles: [],
  starts: [...'0123456789'],
  wordings: [
    {
      since: '2.6.18',
      pattern: /^(?<pages>\d+) (?<key>pages [A-Za-z][\w/ -]{0,30}|(?:total pagecache|free|reserved|slab) pages)\s*$/,
      samples: [
        { message: '2097051 pages RAM', expect: { key: 'pages RAM', pages: 2097051 } },
        { message: '0 pages HighMem/MovableOnly', expect: { key: 'pages HighMem/MovableOnly', pages: 0 } },
        { message: '57312 pages reserved', expect: { key: 'pages reserved', pages: 57312 } },
        { message: '0 pages cma reserved', expect: { key: 'pages cma reserved', pages: 0 } },
        { message: '0 pages hwpoisoned', expect: { key: 'pages hwpoisoned', pages: 0 } },
        { message: '7007 total pagecache pages', expect: { key: 'total pagecache pages', pages: 7007 } },
        { message: '12 pages in swap cache', expect: { key: 'pages in swap cache', pages: 12 } },
        { message: '1000 pages non-shared', expect: { key: 'pages non-shared', pages: 1000 } },
      ],
    },
  ],
  read: ({ key, pages }) => {
    const number = int(pages)
    return key === undefined || number === null ? null : { key: key.trimEnd(), pages: number }
  },
}
