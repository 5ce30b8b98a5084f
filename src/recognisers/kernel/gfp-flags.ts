/**
 * Names of the flags in a `gfp_mask` that the kernel printed as a bare number, before 4.6. The bits moved in 4.4; which
 * layout it is must be known from the report or from the mask itself ({@link gfpEraOf}), never from a version.
 *
 * - `wait`: up to 4.3 and the kernels of RHEL 6 and 7. GFP_KERNEL is 0xd0.
 * - `reclaim`: 4.4 and 4.5. GFP_KERNEL is 0x24000c0.
 */
export type GfpEra = 'wait' | 'reclaim'

/**
 * The flags' names, combined ones first as the kernel itself would print them (`GFP_HIGHUSER_MOVABLE|__GFP_COLD`).
 * null where the mask is no number or has a bit that the layout does not know: then the layout is another one.
 *
 * @see torvalds/linux include/linux/gfp.h, v2.6.32, v3.10 and v4.4; order of names as in mm/debug.c of v4.6
 */
export function decodeGfpMask(mask: string, era: GfpEra): string[] | null {
  let bits = numberOf(mask)
  if (bits === null) return null
  if (bits === 0) return []
  const names: string[] = []
  for (const [name, value] of LAYOUTS[era]) {
    if ((bits & value) !== value) continue
    names.push(name)
    bits &= ~value
  }
  return bits === 0 ? names : null
}

/**
 * The layout, told by the mask: 4.4 and later set 0x2000000 (kswapd may reclaim) in nearly every request, a bit that
 * earlier kernels do not have; earlier ones set 0x10 (may wait) without the later 0x400000. null where neither shows.
 */
export function gfpEraOf(mask: string): GfpEra | null {
  const bits = numberOf(mask)
  if (bits === null) return null
  if ((bits & KSWAPD_RECLAIM) !== 0) return 'reclaim'
  return (bits & (WAIT | DIRECT_RECLAIM)) === WAIT ? 'wait' : null
}

function numberOf(mask: string): number | null {
  if (!/^0x[0-9a-f]{1,7}$/.test(mask)) return null
  return Number(mask)
}

const WAIT = 0x10
const DIRECT_RECLAIM = 0x400000
const KSWAPD_RECLAIM = 0x2000000

/** Same bits in both layouts. */
const COMMON = [
  ['__GFP_DMA', 0x01],
  ['__GFP_HIGHMEM', 0x02],
  ['__GFP_DMA32', 0x04],
  ['__GFP_MOVABLE', 0x08],
  ['__GFP_HIGH', 0x20],
  ['__GFP_IO', 0x40],
  ['__GFP_FS', 0x80],
  ['__GFP_COLD', 0x100],
  ['__GFP_NOWARN', 0x200],
  ['__GFP_REPEAT', 0x400],
  ['__GFP_NOFAIL', 0x800],
  ['__GFP_NORETRY', 0x1000],
  ['__GFP_MEMALLOC', 0x2000],
  ['__GFP_COMP', 0x4000],
  ['__GFP_ZERO', 0x8000],
  ['__GFP_NOMEMALLOC', 0x10000],
  ['__GFP_HARDWALL', 0x20000],
  ['__GFP_THISNODE', 0x40000],
  ['__GFP_NOTRACK', 0x200000],
  ['__GFP_OTHER_NODE', 0x800000],
  ['__GFP_WRITE', 0x1000000],
] as const

/** Combined names first, the widest before the narrower ones it holds. 0x100000 had two meanings: not decoded. */
const LAYOUTS: Readonly<Record<GfpEra, readonly (readonly [name: string, value: number])[]>> = {
  wait: [
    ['GFP_HIGHUSER_MOVABLE', 0x200da],
    ['GFP_HIGHUSER', 0x200d2],
    ['GFP_USER', 0x200d0],
    ['GFP_TEMPORARY', 0x800d0],
    ['GFP_KERNEL', 0xd0],
    ['GFP_NOFS', 0x50],
    ['GFP_NOIO', 0x10],
    ['GFP_ATOMIC', 0x20],
    ...COMMON,
    ['__GFP_RECLAIMABLE', 0x80000],
    ['__GFP_NO_KSWAPD', 0x400000],
  ],
  reclaim: [
    ['GFP_HIGHUSER_MOVABLE', 0x24200ca],
    ['GFP_HIGHUSER', 0x24200c2],
    ['GFP_USER', 0x24200c0],
    ['GFP_TEMPORARY', 0x24000d0],
    ['GFP_KERNEL', 0x24000c0],
    ['GFP_NOFS', 0x2400040],
    ['GFP_ATOMIC', 0x2080020],
    ['GFP_NOIO', 0x2400000],
    ['GFP_NOWAIT', 0x2000000],
    ...COMMON,
    ['__GFP_RECLAIMABLE', 0x10],
    ['__GFP_ATOMIC', 0x80000],
    ['__GFP_DIRECT_RECLAIM', 0x400000],
  ],
}
