import type { SlabHead, SlabRow } from '../../model/event.ts'
import type { Recogniser } from '../recogniser.ts'
import { kib } from './numbers.ts'

const SOURCE = 'torvalds/linux mm/slab_common.c dump_unreclaimable_slab(), v4.15'

/** Printed when unreclaimable slab exceeds the memory of all processes and caches. */
export const slabHead: Recogniser<SlabHead> = {
  kind: 'slab-head',
  source: SOURCE,
  needles: [],
  starts: ['Unreclaimable slab info:', 'Name '],
  wordings: [
    {
      since: '4.15',
      pattern: /^(?:Unreclaimable slab info:|Name +Used +Total)\s*$/,
      samples: [
        { message: 'Unreclaimable slab info:', expect: {} },
        { message: 'Name                      Used          Total', expect: {} },
      ],
    },
  ],
  read: () => ({}),
}

/** A slab cache. KB of 1024 bytes. */
export const slabRow: Recogniser<SlabRow> = {
  kind: 'slab-row',
  source: SOURCE,
  needles: [],
  has: 'KB ',
  wordings: [
    {
      since: '4.15',
      pattern: /^(?<name>[^\s:]\S*) +(?<usedKb>\d+)KB +(?<totalKb>\d+)KB\s*$/,
      samples: [
        {
          message: 'kmalloc-8k            1234KB       1240KB',
          expect: { name: 'kmalloc-8k', usedBytes: 1263616, totalBytes: 1269760 },
        },
      ],
    },
  ],
  read: ({ name, usedKb, totalKb }) => {
    const usedBytes = kib(usedKb)
    const totalBytes = kib(totalKb)
    return name === undefined || usedBytes === null || totalBytes === null ? null : { name, usedBytes, totalBytes }
  },
}
