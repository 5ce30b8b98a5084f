/**
 * Year and zone for stamps that have none.
 *
 * A log's own witnesses come first: containerd prints a whole RFC 3339 stamp on a line that syslog stamps with
 * `Mar 15 09:22:41`, so the pair tells year and offset. Until the first such pair is seen, what was fed waits in a queue
 * (bounded), so that the lines before it get the same year. The whole stamp of an envelope around a line (a shipper's) tells
 * the same, if less surely. Without any, the date in the file's name, its modification time or, last, this machine's clock
 * decide, and `yearFrom` says which.
 */
import { tzOffset } from '@date-fns/tz'
import type { BundleDate } from '../model/host-of.ts'
import type { CalendarFields, Moment, Stamp, StampFrom } from '../model/record.ts'
import type { InferredFrom } from '../model/report.ts'
import { readIso } from './iso-stamp.ts'

export interface ClockOptions {
  /** `--year`: year of the log's first stamp. */
  readonly year: number | null
  /** `--timezone`: an IANA name or `+09:00`. */
  readonly zone: string | null
  /** This machine's zone (IANA), for logs that do not tell theirs. */
  readonly localZone: string
  /** Now, epoch ms: the last resort for the year. */
  readonly nowMs: number
}

/** What a file itself says about when its lines were written. */
export interface FileDate {
  readonly dateSuffix: { readonly year: number; readonly month: number; readonly day: number } | null
  /** Epoch ms. */
  readonly mtimeMs: number | null
  /** When its bundle was taken. */
  readonly bundle?: BundleDate | null
}

/** A stamp and whatever is to come back with its time. */
export interface Timed<T> {
  readonly value: T
  readonly moment: Moment | null
}

export interface Clock<T> {
  /** A new file of the same log begins: its date counts for the year from here on. */
  readonly file: (date: FileDate) => void
  /**
   * @param own the sender's own stamp inside the text, epoch ms and ISO; the more precise one, so it wins
   * @returns what has got its time by now, in the order it was fed
   */
  readonly feed: (value: T, stamp: Stamp | null, from: StampFrom, own: OwnTime | null) => Timed<T>[]
  /**
   * The time of a stamp where nothing waits any more, as of most it is known at once: saves `feed` and all that it makes.
   * undefined: the value must wait, and is to be fed.
   */
  readonly now: (stamp: Stamp | null, from: StampFrom, own: OwnTime | null) => Moment | null | undefined
  /** The log is over, or there is no more waiting (follow mode): everything that waits gets its time. */
  readonly end: () => Timed<T>[]
  /** What the year was taken from: null while no stamp needed one. */
  readonly yearFrom: () => InferredFrom | null
  readonly offsetFrom: () => InferredFrom | null
}

export interface OwnTime {
  readonly ms: number
  readonly iso: string
}

/** Most values that wait for a witness. Reaching it takes the fallback. */
export const QUEUE_LENGTH = 20_000

const DAY_MS = 86_400_000
const QUARTER_MS = 900_000
/** What is shipped at once is written no later than this after its own stamp; an older line tells a year, but no offset. */
const SHIPPED_MS = 10_000
/** Clocks of one machine, read one after the other. */
const JITTER_MS = 2_000
/** The widest offset there is, with room. */
const WIDEST_OFFSET_MS = 15 * 3_600_000
/** A witness whose pair of stamps is further from a quarter of an hour than this was delivered late: it tells no offset. */
const SLACK_MS = 120_000

interface Waiting<T> {
  readonly value: T
  readonly stamp: Stamp | null
  readonly from: StampFrom
  readonly own: OwnTime | null
  /** Years since the first stamp, by the log's own December-to-January steps. */
  readonly lap: number
}

export function createClock<T>(options: ClockOptions): Clock<T> {
  const fixedOffset = options.zone === null ? null : fixedOffsetMinutes(options.zone)
  let queue: Waiting<T>[] = []
  let lap = 0
  let lastInYear: number | null = null
  /** Year of lap 0. */
  let baseYear: number | null = options.year
  let yearFrom: InferredFrom | null = options.year === null ? null : 'option'
  let yearNeeded = false
  let yearPrinted = false
  let offsetMinutes: number | null = null
  let offsetFrom: InferredFrom | null = null
  let offsetNeeded = false
  let offsetPrinted = false
  let date: FileDate = { dateSuffix: null, mtimeMs: null }
  /** Neighbouring lines mostly bear the same second, and then the same object. */
  let lastResolved: { readonly stamp: Stamp; readonly moment: Moment } | null = null

  /** Whether a pair of stamps of one line says what is known already: nearly all do. */
  function saysNothingNew(stamp: Exclude<Stamp, { kind: 'full' }>, own: OwnTime): boolean {
    if (offsetMinutes === null || offsetFrom !== 'containerd') return false
    if (stamp.kind === 'yearless' && baseYear === null) return false
    const year = stamp.kind === 'local' ? stamp.year : (baseYear ?? 0) + lap
    return Math.abs(secondMs(year, stamp) - own.ms - offsetMinutes * 60_000) <= SLACK_MS
  }

  /** A pair of stamps of one line teaches year and offset. */
  function learn(stamp: Exclude<Stamp, { kind: 'full' }>, own: OwnTime): void {
    if (saysNothingNew(stamp, own)) return
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
  }

  /** The stamp of the envelope around: the line was written at or before that. */
  function learnWritten(stamp: Exclude<Stamp, { kind: 'full' }>, writtenMs: number): void {
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

  function offsetAt(naiveMs: number): number {
    if (fixedOffset !== null) {
      offsetFrom = 'option'
      return fixedOffset
    }
    if (options.zone !== null) {
      offsetFrom = 'option'
      return zoneOffset(options.zone, naiveMs)
    }
    if (offsetMinutes !== null) return offsetMinutes
    if (date.bundle?.zone) {
      offsetFrom = 'bundle'
      return fixedOffsetMinutes(date.bundle.zone) ?? zoneOffset(date.bundle.zone, naiveMs)
    }
    offsetFrom = 'local'
    return zoneOffset(options.localZone, naiveMs)
  }

  /** The year of the lap that `fields` stand in, so that they are not after what the file itself says. */
  function fallbackYear(fields: CalendarFields): number {
    let limit: number
    if (date.dateSuffix) {
      yearFrom = 'file-name'
      limit = Date.UTC(date.dateSuffix.year, date.dateSuffix.month - 1, date.dateSuffix.day) + 2 * DAY_MS
    } else if (date.bundle) {
      yearFrom = 'bundle'
      limit = date.bundle.naiveMs + DAY_MS
    } else if (date.mtimeMs !== null) {
      yearFrom = 'mtime'
      limit = date.mtimeMs + DAY_MS
    } else {
      yearFrom = 'local'
      limit = options.nowMs + DAY_MS
    }
    let year = new Date(limit).getUTCFullYear()
    while (utcMs(year, fields) > limit) year--
    // 29 February is told by no other year
    if (fields.month === 2 && fields.day === 29) while (!isLeap(year)) year--
    return year
  }

  function resolve(stamp: Stamp | null, from: StampFrom, own: OwnTime | null, itsLap: number): Moment | null {
    if (own) return { ms: own.ms, iso: own.iso, from: 'containerd' }
    if (stamp === null) return null
    if (stamp.kind === 'full') return { ms: stamp.ms, iso: stamp.iso, from }
    const year = stamp.kind === 'local' ? stamp.year : (baseYear ?? 0) + itsLap
    // a year that --year or a witness gave, and a day that it does not have
    if (stamp.month === 2 && stamp.day === 29 && !isLeap(year)) return null
    const naiveMs = utcMs(year, stamp)
    const offset = offsetAt(naiveMs)
    const ms = naiveMs - offset * 60_000
    const isLast = lastResolved?.stamp === stamp && lastResolved.moment.ms === ms
    if (isLast && lastResolved?.moment.from === from) return lastResolved.moment
    const moment = { ms, iso: isoOf(year, stamp, offset), from }
    lastResolved = { stamp, moment }
    return moment
  }

  function flush(): Timed<T>[] {
    const ready = queue.map(({ value, stamp, from, own, lap: itsLap }) => ({
      value,
      moment: resolve(stamp, from, own, itsLap),
    }))
    queue = []
    return ready
  }

  /** Learns what a pair of stamps tells. Looking twice at one teaches nothing more. */
  function look(stamp: Stamp | null, own: OwnTime | null): void {
    if (stamp?.kind === 'yearless') {
      yearNeeded = true
      offsetNeeded = true
      const inYear = (stamp.month - 1) * 31 + stamp.day
      if (lastInYear !== null && inYear < lastInYear - 186) lap++
      else if (lastInYear !== null && inYear > lastInYear + 186 && lap > 0) lap--
      lastInYear = inYear
    } else if (stamp?.kind === 'local') {
      yearPrinted = true
      offsetNeeded = true
    } else if (stamp?.kind === 'full') {
      yearPrinted = true
      offsetPrinted = true
    }
    if (stamp && stamp.kind !== 'full' && stamp.writtenMs !== undefined) learnWritten(stamp, stamp.writtenMs)
    if (own && stamp && stamp.kind !== 'full') learn(stamp, own)
  }

  function isOpen(): boolean {
    if (yearNeeded && baseYear === null) return true
    return offsetNeeded && offsetMinutes === null && options.zone === null
  }

  function settleYear(): void {
    if (baseYear !== null) return
    for (let at = queue.length - 1; at >= 0; at--) {
      const { stamp, lap: itsLap } = queue[at]!
      if (stamp?.kind !== 'yearless') continue
      baseYear = fallbackYear(stamp) - itsLap
      return
    }
  }

  return {
    file: next => {
      date = next
    },
    now: (stamp, from, own) => {
      if (queue.length > 0) return undefined
      look(stamp, own)
      if (isOpen()) return undefined
      return resolve(stamp, from, own, lap)
    },
    feed: (value, stamp, from, own) => {
      look(stamp, own)
      queue.push({ value, stamp, from, own, lap })
      if (isOpen() && queue.length < QUEUE_LENGTH) return []
      settleYear()
      return flush()
    },
    end: () => {
      settleYear()
      return flush()
    },
    yearFrom: () => (yearNeeded ? yearFrom : yearPrinted ? 'stamp' : null),
    offsetFrom: () => (offsetNeeded ? offsetFrom : offsetPrinted ? 'stamp' : null),
  }
}

/** `time="2022-03-15T09:22:41.553168162+09:00"` at the start of a logfmt line; `null` where there is none. */
export function ownTimeOf(message: string): OwnTime | null {
  if (!message.startsWith('time="20')) return null
  const end = message.indexOf('"', 6)
  if (end < 25 || end > 46) return null
  const read = readIso(message, 6, message[16] === ' ' ? ' ' : 'T')
  if (read?.stamp.kind !== 'full' || read.width !== end - 6) return null
  return { ms: read.stamp.ms, iso: read.stamp.iso }
}

/** Epoch ms of an ISO 8601 stamp with offset, nanoseconds kept as a fraction of a millisecond; null when it is none. */
export function isoMs(iso: string): number | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)$/.exec(iso)
  if (!match) return null
  const zone = match[8]!
  const offset = zone === 'Z' ? 0 : signedMinutes(zone)
  const ms = Date.UTC(+match[1]!, +match[2]! - 1, +match[3]!, +match[4]!, +match[5]!, +match[6]!)
  return ms - offset * 60_000 + fractionMs(match[7] ?? '')
}

function fractionMs(digits: string): number {
  return digits === '' ? 0 : Number(`0.${digits}`) * 1000
}

function utcMs(year: number, fields: CalendarFields): number {
  return secondMs(year, fields) + fractionMs(fields.fraction)
}

// Neighbouring lines mostly bear the same second, and then the same object.
let last: { fields: CalendarFields; year: number; ms: number } | null = null

/** {@link utcMs} without the fraction. */
function secondMs(year: number, fields: CalendarFields): number {
  if (last === null || last.fields !== fields || last.year !== year) {
    const { month, day, hour, minute, second } = fields
    last = { fields, year, ms: Date.UTC(year, month - 1, day, hour, minute, second) }
  }
  return last.ms
}

function isoOf(year: number, fields: CalendarFields, offset: number): string {
  const fraction = fields.fraction === '' ? '' : `.${fields.fraction}`
  const date = `${String(year).padStart(4, '0')}-${two(fields.month)}-${two(fields.day)}`
  return `${date}T${two(fields.hour)}:${two(fields.minute)}:${two(fields.second)}${fraction}${offsetText(offset)}`
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value)
}

function signedMinutes(zone: string): number {
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  return zone[0] === '-' ? -minutes : minutes
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}

/** Minutes of `+09:00`, `-0500`, `Z`, `UTC`; null for an IANA name. */
export function fixedOffsetMinutes(zone: string): number | null {
  if (/^(Z|UTC|GMT)$/i.test(zone)) return 0
  return /^[+-]\d\d:?\d\d$/.test(zone) ? signedMinutes(zone) : null
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
