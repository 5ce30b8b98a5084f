/**
 * What a log's own lines teach of the year and the offset of its stamps.
 *
 * containerd prints a whole RFC 3339 stamp on a line that syslog stamps with `Mar 15 09:22:41`, so the pair tells both. The
 * whole stamp of an envelope around a line (a shipper's) tells the same, if less surely.
 */
import type { Stamp } from '../model/record.ts'
import type { InferredFrom } from '../model/report.ts'
import { secondMs, utcMs } from './calendar.ts'
import type { OwnTime } from './own-time.ts'

/** A stamp that lacks its offset, or year and offset. */
type PartStamp = Exclude<Stamp, { kind: 'full' }>

export interface Witnesses {
  /** Learns what the stamps of a line tell. Looking twice at one teaches nothing more. */
  readonly look: (stamp: Stamp | null, own: OwnTime | null) => void
  /** Whether there have been stamps without a year or an offset that nothing has told yet, or no longer surely. */
  readonly isWanted: () => boolean
  /** No witness is waited for: an offset that has become doubtful is kept. */
  readonly keepOffset: () => void
  /** Years from the first stamp to the newest, by the log's own December-to-January steps. */
  readonly lap: () => number
  readonly knowsYear: () => boolean
  /** No witness will be waited for: what else tells the year of lap 0. */
  readonly settleYear: (year: number, from: InferredFrom) => void
  readonly yearOf: (lap: number) => number
  /** Minutes; null while no line has told them. */
  readonly offsetMinutes: () => number | null
  /** What the year was taken from: null while no stamp needed one. */
  readonly yearFrom: () => InferredFrom | null
  /** @param assumed what an offset that no line tells is taken from */
  readonly offsetFrom: (assumed: InferredFrom | null) => InferredFrom | null
}

const QUARTER_MS = 900_000
/** What is shipped at once is written no later than this after its own stamp; an older line tells a year, but no offset. */
const SHIPPED_MS = 10_000
/** Clocks of one machine, read one after the other. */
const JITTER_MS = 2_000
/** The widest offset there is, with room. */
const WIDEST_OFFSET_MS = 15 * 3_600_000
/** A witness whose pair of stamps is further from a quarter of an hour than this was delivered late: it tells no offset. */
const SLACK_MS = 120_000
/**
 * Minutes by which the stamps of neighbouring lines differ where daylight saving has begun or ended between them. Most
 * such leaps forward are pauses; then the next witness says what was known.
 */
const LEAP = { forward: 60, back: [30, 90] } as const

/** @param options what the user has told (`--year`, `--timezone`) is not learned */
export function createWitnesses(options: { readonly year: number | null; readonly zone: string | null }): Witnesses {
  let lap = 0
  let lastInYear: number | null = null
  /** Year of lap 0. */
  let baseYear: number | null = options.year
  let yearFrom: InferredFrom | null = options.year === null ? null : 'option'
  let yearNeeded = false
  let yearPrinted = false
  let offsetMinutes: number | null = null
  let offsetFrom: 'containerd' | 'stamp' | null = null
  let offsetNeeded = false
  let offsetPrinted = false
  /** Of the newest stamp, in minutes of the year. */
  let lastMinute: number | null = null
  let offsetDoubtful = false

  /** Whether a pair of stamps of one line says what is known already: nearly all do. */
  function saysNothingNew(stamp: PartStamp, own: OwnTime): boolean {
    if (offsetMinutes === null || offsetFrom !== 'containerd') return false
    if (stamp.kind === 'yearless' && baseYear === null) return false
    const year = stamp.kind === 'local' ? stamp.year : (baseYear ?? 0) + lap
    return Math.abs(secondMs(year, stamp) - own.ms - offsetMinutes * 60_000) <= SLACK_MS
  }

  /** A pair of stamps of one line teaches year and offset. */
  function learn(stamp: PartStamp, own: OwnTime): void {
    if (saysNothingNew(stamp, own)) {
      offsetDoubtful = false
      return
    }
    const ownYear = new Date(own.ms).getUTCFullYear()
    const years = stamp.kind === 'local' ? [stamp.year] : [ownYear - 1, ownYear, ownYear + 1]
    let best: { year: number; difference: number } | null = null
    for (const year of years) {
      const difference = utcMs(year, stamp) - own.ms
      if (best === null || Math.abs(difference) < Math.abs(best.difference)) best = { year, difference }
    }
    if (best === null || Math.abs(best.difference) > WIDEST_OFFSET_MS) return
    if (baseYear === null && stamp.kind === 'yearless') {
      baseYear = best.year - lap
      yearFrom = 'containerd'
    }
    if (options.zone !== null) return
    const rounded = Math.round(best.difference / QUARTER_MS) * QUARTER_MS
    if (Math.abs(best.difference - rounded) > SLACK_MS && offsetMinutes !== null) return
    offsetMinutes = rounded / 60_000
    offsetFrom = 'containerd'
    offsetDoubtful = false
  }

  /** The stamp of the envelope around: the line was written at or before that. */
  function learnWritten(stamp: PartStamp, writtenMs: number): void {
    let year = stamp.kind === 'local' ? stamp.year : new Date(writtenMs + WIDEST_OFFSET_MS).getUTCFullYear()
    if (stamp.kind === 'yearless') {
      if (utcMs(year, stamp) > writtenMs + WIDEST_OFFSET_MS) year--
      if (baseYear === null) {
        baseYear = year - lap
        yearFrom = 'stamp'
      }
    }
    if (options.zone !== null || offsetFrom === 'containerd') return
    const difference = utcMs(year, stamp) - writtenMs
    const rounded = Math.round(difference / QUARTER_MS) * QUARTER_MS
    const late = rounded - difference
    if (Math.abs(rounded) > WIDEST_OFFSET_MS || late < -JITTER_MS || late > SHIPPED_MS) return
    offsetMinutes = rounded / 60_000
    offsetFrom = 'stamp'
  }

  /** Half a year back is the next year; half a year on, a line of the year before that came late. */
  function step(month: number, day: number): void {
    const inYear = (month - 1) * 31 + day
    if (lastInYear !== null && inYear < lastInYear - 186) lap++
    else if (lastInYear !== null && inYear > lastInYear + 186 && lap > 0) lap--
    lastInYear = inYear
  }

  function doubtAfterLeap({ month, day, hour, minute }: PartStamp): void {
    const inYear = (((month - 1) * 31 + day) * 24 + hour) * 60 + minute
    const leap = lastMinute === null ? 0 : inYear - lastMinute
    lastMinute = inYear
    if (leap < LEAP.forward && (-leap < LEAP.back[0] || -leap > LEAP.back[1])) return
    // what is only assumed, nobody will put right
    if (offsetFrom === 'containerd' && options.zone === null) offsetDoubtful = true
  }

  return {
    look: (stamp, own) => {
      if (stamp === null) return
      if (stamp.kind === 'full') {
        yearPrinted = true
        offsetPrinted = true
        return
      }
      offsetNeeded = true
      if (stamp.kind === 'local') yearPrinted = true
      else {
        yearNeeded = true
        step(stamp.month, stamp.day)
      }
      doubtAfterLeap(stamp)
      if (stamp.writtenMs !== undefined) learnWritten(stamp, stamp.writtenMs)
      if (own) learn(stamp, own)
    },
    isWanted: () => {
      if (yearNeeded && baseYear === null) return true
      return offsetDoubtful || (offsetNeeded && offsetMinutes === null && options.zone === null)
    },
    keepOffset: () => {
      offsetDoubtful = false
    },
    lap: () => lap,
    knowsYear: () => baseYear !== null,
    settleYear: (year, from) => {
      baseYear = year
      yearFrom = from
    },
    yearOf: itsLap => (baseYear ?? 0) + itsLap,
    offsetMinutes: () => offsetMinutes,
    yearFrom: () => (yearNeeded ? yearFrom : yearPrinted ? 'stamp' : null),
    offsetFrom: assumed => (offsetNeeded ? (offsetFrom ?? assumed) : offsetPrinted ? 'stamp' : null),
  }
}
