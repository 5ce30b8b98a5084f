/**
 * Could the request have been met? Free memory of a zone above its floor, for the kind of page that was asked for.
 *
 * @see torvalds/linux mm/page_alloc.c __zone_watermark_ok(), __alloc_pages_may_oom()
 */
import type { NodeMemory, Trigger, Zone } from '../model/report.ts'

const zoneOrder = ['DMA', 'DMA32', 'Normal', 'HighMem', 'Movable', 'Device']

export interface ZoneHeadroom {
  readonly zone: Zone
  readonly index: number
  /** free − min − the reserve that lower zones keep from this kind of request − what is kept for other kinds. */
  readonly headroomBytes: number
  /** CMA counted in it, which movable pages may use. */
  readonly cmaBytes: number
  /** Free blocks that are large enough: of the order asked for or above. Null where the list was cut. */
  readonly largeBlocks: number | null
}

/**
 * Kernel pages come from Normal and below, other user pages from HighMem, too, which a 32-bit kernel has; movable user
 * pages from all zones. Null without the flags' names.
 */
const highestZone = (trigger: Trigger, is32Bit: boolean): number | null => {
  const flags = trigger.gfpFlags
  if (!flags) return null
  if (flags.some(flag => flag === 'GFP_DMA' || flag === '__GFP_DMA')) return zoneOrder.indexOf('DMA')
  if (flags.some(flag => flag === 'GFP_DMA32' || flag === '__GFP_DMA32')) return zoneOrder.indexOf('DMA32')
  const high = is32Bit && flags.some(flag => flag.startsWith('GFP_HIGHUSER') || flag === '__GFP_HIGHMEM')
  return zoneOrder.indexOf(isMovable(flags) ? 'Movable' : high ? 'HighMem' : 'Normal')
}

const isMovable = (flags: readonly string[]): boolean =>
  flags.some(flag => flag === 'GFP_HIGHUSER_MOVABLE' || flag.startsWith('GFP_TRANSHUGE'))

/** The page: the smallest block of a buddy list. */
export const pageBytes = (node: NodeMemory): number => {
  const sizes = node.zones.flatMap(zone => zone.buddy.map(block => block.sizeBytes))
  return sizes.length === 0 ? 4096 : Math.min(...sizes)
}

/** Null when the flags' names, a watermark or a reserve is missing: then nothing can be said. */
export const zoneHeadroom = (node: NodeMemory, trigger: Trigger): readonly ZoneHeadroom[] | null => {
  const is32Bit = node.zones.some(zone => zone.zone === 'HighMem')
  const highest = highestZone(trigger, is32Bit)
  if (highest === null || trigger.order === null || node.zones.length === 0) return null
  // `lowmem_reserve[]` has a column for each zone type that the kernel was built with: DMA32 on 64 bit, HighMem on 32.
  const columns = node.zones[0]?.lowmemReserveBytes.length ?? 0
  const built = zoneOrder.filter(name => name !== (is32Bit ? 'DMA32' : 'HighMem'))
  const asked = built.indexOf(zoneOrder[highest] ?? '')
  if (asked < 0 || columns === 0) return null
  const blockBytes = pageBytes(node) * 2 ** Math.max(0, trigger.order)
  const movable = isMovable(trigger.gfpFlags ?? [])
  const answers: ZoneHeadroom[] = []
  for (const [index, zone] of node.zones.entries()) {
    if (built.indexOf(zone.zone) > asked) continue
    const reserve = zone.lowmemReserveBytes[Math.min(asked, zone.lowmemReserveBytes.length - 1)]
    if (zone.freeBytes === null || zone.minBytes === null || reserve === undefined) return null
    const usable = zone.buddy.filter(block => {
      if (block.sizeBytes < blockBytes) return false
      // Blocks of these letters alone are kept back: H for emergencies, C for movable pages, I isolated.
      const letters = block.types ?? ''
      return letters === '' || /[UMER]/.test(letters) || (movable && letters.includes('C'))
    })
    const cmaBytes = zone.stats['free_cma'] ?? 0
    const kept = (zone.stats['reserved_highatomic'] ?? 0) + (movable ? 0 : cmaBytes)
    answers.push({
      zone,
      index,
      headroomBytes: zone.freeBytes - zone.minBytes - reserve - kept,
      cmaBytes: movable ? cmaBytes : 0,
      largeBlocks: zone.buddy.length === 0 ? null : usable.reduce((sum, block) => sum + block.count, 0),
    })
  }
  return answers.length === 0 ? null : answers
}
