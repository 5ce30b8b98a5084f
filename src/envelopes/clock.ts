/**
 * Year and zone for stamps that have none.
 *
 * A log's own witnesses come first (`witnesses.ts`). Until the first is seen, what was fed waits in a queue (bounded), so
 * that the lines before it get the same year; and so it does where the stamps leap as daylight saving makes them. Without any, the date in the file's name, its modification time or, last,
 * this machine's clock decide, and `yearFrom` says which.
 */
import type { Moment, Stamp, StampFrom } from '../model/record.ts'
import type { InferredFrom } from '../model/report.ts'
import { isLeap, isoOf, utcMs } from './calendar.ts'
import { type FileDate, latestYear } from './file-date.ts'
import type { OwnTime } from './own-time.ts'
import { createWitnesses } from './witnesses.ts'
import { fixedOffsetMinutes, zoneOffset } from './zone-offset.ts'

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

/** A stamp and whatever is to come back with its time. */
export interface Timed<T> {
  readonly value: T
  readonly moment: Moment | null
}

export interface Clock<T> {
  /** A new file of the same log begins: its date counts for the year from here on. */
  readonly file: (date: FileDate) => void
  /**
   * @param own the sender's own stamp inside the text; the more precise one, so it wins
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

/** Most values that wait for a witness. Reaching it takes the fallback. */
const QUEUE_LENGTH = 20_000

interface Waiting<T> {
  readonly value: T
  readonly stamp: Stamp | null
  readonly from: StampFrom
  readonly own: OwnTime | null
  /** Years since the first stamp, see {@link Witnesses.lap}. */
  readonly lap: number
}

export function createClock<T>(options: ClockOptions): Clock<T> {
  const witnesses = createWitnesses(options)
  const fixedOffset = options.zone === null ? null : fixedOffsetMinutes(options.zone)
  let queue: Waiting<T>[] = []
  let date: FileDate = { dateSuffix: null, mtimeMs: null }
  /** What an offset that no line has told was taken from. */
  let assumedFrom: InferredFrom | null = null
  /** Neighbouring lines mostly bear the same second, and then the same object. */
  let lastResolved: { readonly stamp: Stamp; readonly moment: Moment } | null = null

  function offsetAt(naiveMs: number): number {
    if (options.zone !== null) {
      assumedFrom = 'option'
      return fixedOffset ?? zoneOffset(options.zone, naiveMs)
    }
    const told = witnesses.offsetMinutes()
    if (told !== null) return told
    if (date.bundle?.zone) {
      assumedFrom = 'bundle'
      return fixedOffsetMinutes(date.bundle.zone) ?? zoneOffset(date.bundle.zone, naiveMs)
    }
    assumedFrom = 'local'
    return zoneOffset(options.localZone, naiveMs)
  }

  function resolve(stamp: Stamp | null, from: StampFrom, own: OwnTime | null, lap: number): Moment | null {
    if (own) return { ms: own.ms, iso: own.iso, from: 'containerd' }
    if (stamp === null) return null
    if (stamp.kind === 'full') return { ms: stamp.ms, iso: stamp.iso, from }
    const year = stamp.kind === 'local' ? stamp.year : witnesses.yearOf(lap)
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

  /** No witness has told the year: the newest stamp that waits is to be no later than its file. */
  function settleYear(): void {
    if (witnesses.knowsYear()) return
    for (let at = queue.length - 1; at >= 0; at--) {
      const { stamp, lap } = queue[at]!
      if (stamp?.kind !== 'yearless') continue
      const { year, from } = latestYear(stamp, date, options.nowMs)
      witnesses.settleYear(year - lap, from)
      return
    }
  }

  function flush(): Timed<T>[] {
    const ready = queue.map(({ value, stamp, from, own, lap }) => ({ value, moment: resolve(stamp, from, own, lap) }))
    queue = []
    return ready
  }

  /** There is no more waiting. */
  function settle(): Timed<T>[] {
    settleYear()
    witnesses.keepOffset()
    return flush()
  }

  return {
    file: next => {
      date = next
    },
    now: (stamp, from, own) => {
      if (queue.length > 0) return undefined
      witnesses.look(stamp, own)
      if (witnesses.isWanted()) return undefined
      return resolve(stamp, from, own, witnesses.lap())
    },
    feed: (value, stamp, from, own) => {
      witnesses.look(stamp, own)
      queue.push({ value, stamp, from, own, lap: witnesses.lap() })
      if (witnesses.isWanted() && queue.length < QUEUE_LENGTH) return []
      return settle()
    },
    end: settle,
    yearFrom: witnesses.yearFrom,
    offsetFrom: () => witnesses.offsetFrom(assumedFrom),
  }
}
