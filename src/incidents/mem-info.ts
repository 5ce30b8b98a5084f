import type {
  BuddyList,
  HugePages,
  LowmemReserve,
  MemInfoNode,
  MemInfoPages,
  MemInfoZone,
  PageTotal,
  SlabHead,
  SlabRow,
  SwapTotal,
} from '../model/event.ts'
import type { NodeMemory } from '../model/report.ts'
import type { MemInfoDraft } from './report-draft.ts'
import { detached } from './seen.ts'

/** What follows `Mem-Info:`, line by line. */
export type MemInfoPart =
  | MemInfoPages
  | MemInfoNode
  | MemInfoZone
  | LowmemReserve
  | BuddyList
  | HugePages
  | PageTotal
  | SwapTotal
  | SlabHead
  | SlabRow

/** Adds a line of Mem-Info to what is known so far. */
export function readMemInfo(draft: MemInfoDraft, part: MemInfoPart): void {
  switch (part.kind) {
    case 'mem-info-pages':
      for (const [key, pages] of Object.entries(part.pages)) draft.pages[detached(key)] ??= pages
      return
    case 'mem-info-node':
      draft.nodes.push(part)
      return
    case 'mem-info-zone':
      draft.zones.push({
        node: part.node,
        zone: detached(part.zone),
        stats: part.stats,
        lowmemReservePages: [],
        buddy: null,
      })
      return
    case 'lowmem-reserve': {
      const zone = draft.zones.at(-1)
      if (zone) zone.lowmemReservePages = part.pages
      return
    }
    case 'buddy-list': {
      const zone = draft.zones.find(candidate => candidate.node === part.node && candidate.zone === part.zone)
      if (zone) zone.buddy = part
      else {
        const { node } = part
        draft.zones.push({ node, zone: detached(part.zone), stats: {}, lowmemReservePages: [], buddy: part })
      }
      return
    }
    case 'huge-pages':
      draft.hugePages.push(part)
      return
    case 'page-total':
      draft.totals[detached(part.key)] ??= part.pages
      return
    case 'swap-total':
      if (part.which === 'free') draft.swapFreeBytes ??= part.bytes
      else draft.swapTotalBytes ??= part.bytes
      return
    case 'slab-head':
      return
    case 'slab-row':
      draft.slab.push({ ...part, name: detached(part.name) })
      return
    default:
      part satisfies never
  }
}

/** First term of a buddy line: the page size, bytes. */
export function smallestBlock(draft: MemInfoDraft): number | null {
  for (const zone of draft.zones) {
    const first = zone.buddy?.blocks[0]
    if (first) return first.sizeBytes
  }
  return null
}

/** Mem-Info in bytes. */
export function finishMemInfo(draft: MemInfoDraft, pageBytes: number): NodeMemory {
  const pages = (key: string): number | null => {
    const found = draft.totals[key]
    return found === undefined ? null : found * pageBytes
  }
  const ram = pages('pages RAM')
  const reserved = pages('pages reserved')
  const stats: Record<string, number> = {}
  for (const [key, value] of Object.entries(draft.pages)) stats[key] = value * pageBytes
  return {
    ramBytes: ram,
    // more than all: a counter that ran below zero, as on arm where CMA was set aside twice
    reservedBytes: ram !== null && reserved !== null && reserved > ram ? null : reserved,
    freeBytes: stats['free'] ?? null,
    swapTotalBytes: draft.swapTotalBytes,
    swapFreeBytes: draft.swapFreeBytes,
    pageCacheBytes: pages('total pagecache pages'),
    stats,
    nodes: draft.nodes.map(({ node, allUnreclaimable, stats: bytes }) => ({ node, allUnreclaimable, stats: bytes })),
    zones: draft.zones.map(zone => ({
      node: zone.node,
      zone: zone.zone,
      freeBytes: zone.stats['free'] ?? null,
      minBytes: zone.stats['min'] ?? null,
      lowBytes: zone.stats['low'] ?? null,
      highBytes: zone.stats['high'] ?? null,
      lowmemReserveBytes: zone.lowmemReservePages.map(count => count * pageBytes),
      stats: zone.stats,
      buddy: (zone.buddy?.blocks ?? []).map(({ sizeBytes, count, types }) => ({ sizeBytes, count, types })),
    })),
    hugePages: draft.hugePages.map(({ kind: _, ...rest }) => rest),
    slab: draft.slab.map(({ name, usedBytes, totalBytes }) => ({ name, usedBytes, totalBytes })),
  }
}
