/** Offsets from UTC, in minutes: of a zone by name, and of those that are written as figures. */
import { tzOffset } from '@date-fns/tz'
import { offsetMinutes } from '../basics/iso-offset.ts'

const DAY_MS = 86_400_000

/** Minutes of `+09:00`, `-0500`, `Z`, `UTC`; null for an IANA name. */
export function fixedOffsetMinutes(zone: string): number | null {
  if (/^(Z|UTC|GMT)$/i.test(zone)) return 0
  return /^[+-]\d\d:?\d\d$/.test(zone) ? offsetMinutes(zone) : null
}

/**
 * Offset of an IANA zone, in minutes, at a local time. In the hour that daylight saving skips or repeats, the offset
 * before the change.
 */
export function zoneOffset(zone: string, naiveMs: number): number {
  // the zone of most nodes, and 12 ms less to start with: Intl loads its tables when first asked
  if (zone === 'UTC') return 0
  const before = tzOffset(zone, new Date(naiveMs - DAY_MS))
  const guess = tzOffset(zone, new Date(naiveMs - before * 60_000))
  return Number.isNaN(guess) ? 0 : guess
}
