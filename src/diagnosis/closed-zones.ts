/** Memory was free, but in zones that may not serve the request: high memory of a 32-bit kernel, all but DMA for a device. */
import type { NodeMemory, Trigger } from '../model/report.ts'
import { managedBytes } from './facts.ts'
import { zoneHeadroom } from './zone-headroom.ts'

export interface ClosedZones {
  /** Names of the zones that may serve the request and were full. */
  readonly full: readonly string[]
  readonly closed: readonly string[]
  /** Free in the closed ones. */
  readonly freeBytes: number
}

/** Share of the RAM that makes it worth telling. */
const worthTelling = 0.05

export const closedZones = (node: NodeMemory, trigger: Trigger | null): ClosedZones | null => {
  const managed = managedBytes(node)
  const open = trigger && zoneHeadroom(node, trigger)
  if (!open || !managed) return null
  // as much as min may come back while the report is printed
  if (open.some(({ zone, headroomBytes }) => headroomBytes > (zone.minBytes ?? 0))) return null
  const closed = node.zones.filter((_, index) => !open.some(each => each.index === index))
  const freeBytes = closed.reduce((sum, zone) => sum + (zone.freeBytes ?? 0), 0)
  const openBytes = open.reduce((sum, { zone }) => sum + (zone.freeBytes ?? 0), 0)
  if (freeBytes < worthTelling * managed || freeBytes < openBytes) return null
  const names = (zones: readonly { readonly zone: string }[]) => [...new Set(zones.map(({ zone }) => zone))]
  return { full: names(open.map(({ zone }) => zone)), closed: names(closed), freeBytes }
}
