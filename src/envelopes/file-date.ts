import type { BundleDate } from '../model/host-of.ts'
import type { CalendarFields } from '../model/record.ts'
import type { InferredFrom } from '../model/report.ts'
import { isLeap, utcMs } from './calendar.ts'

/** What a file itself says about when its lines were written. */
export interface FileDate {
  readonly dateSuffix: { readonly year: number; readonly month: number; readonly day: number } | null
  /** Epoch ms. */
  readonly mtimeMs: number | null
  /** When its bundle was taken. */
  readonly bundle?: BundleDate | null
}

const DAY_MS = 86_400_000

/**
 * The year of a stamp that no witness has told: the last one in which it is not after what the file itself says, or after
 * now.
 */
export function latestYear(
  fields: CalendarFields,
  date: FileDate,
  nowMs: number,
): { readonly year: number; readonly from: InferredFrom } {
  const { limit, from } = newestTime(date, nowMs)
  let year = new Date(limit).getUTCFullYear()
  while (utcMs(year, fields) > limit) year--
  // 29 February is told by no other year
  if (fields.month === 2 && fields.day === 29) while (!isLeap(year)) year--
  return { year, from }
}

/** What no line of the file is after, with room for the zone. */
function newestTime({ dateSuffix, bundle, mtimeMs }: FileDate, nowMs: number): { limit: number; from: InferredFrom } {
  if (dateSuffix) {
    const { year, month, day } = dateSuffix
    return { limit: Date.UTC(year, month - 1, day) + 2 * DAY_MS, from: 'file-name' }
  }
  if (bundle) return { limit: bundle.naiveMs + DAY_MS, from: 'bundle' }
  if (mtimeMs !== null) return { limit: mtimeMs + DAY_MS, from: 'mtime' }
  return { limit: nowMs + DAY_MS, from: 'local' }
}
