import { setImmediate } from 'node:timers/promises'
import type { Line } from '../model/line.ts'
import { moveKept } from './kept-lines.ts'
import { createSplitter } from './lines.ts'
import type { Sieve } from './sieve.ts'
import { type ReadAt, type Stretch, sieveStretch } from './stretch.ts'

/** Sieves ranges of a file elsewhere, several at a time. */
export interface RangeSieve {
  /** How many ranges to have under way; 0 while nobody would begin with one at once. */
  width(): number
  run(from: number, to: number): Promise<Stretch>
}

/** Bytes of a range: small enough that those under way fit in memory if all of their lines are kept. */
export const RANGE_BYTES = 8 * 1024 * 1024

/** After so many reads in this thread the event loop has a turn, for signals. */
const READS_A_TURN = 64

/** Kept lines of ranges that this thread has sieved before their turn, at most; nearly all logs keep next to nothing. */
const MOST_AHEAD_BYTES = 4 * 1024 * 1024

export interface RangesOptions {
  readonly readAt: ReadAt
  /** Size of the file when it was opened; what was added since is read, too. */
  readonly size: number
  readonly elsewhere: RangeSieve
  /** A sieve as those elsewhere are, for ranges that are sieved here. */
  readonly createSieve: () => Sieve
  readonly rangeBytes?: number
  readonly signal?: AbortSignal
}

/** A range whose turn comes. */
interface UnderWay {
  readonly stretch: Promise<Stretch | null>
  isHere: boolean
  /** Sieved by this thread. */
  readonly isOurs: boolean
}

const keptBytes = (stretch: Stretch | null): number => stretch?.kept?.bytes.length ?? 0

/**
 * The lines that the sieve keeps of a file, as `readLinesInto` gives them, while ranges of it are sieved elsewhere.
 *
 * Those who sieve a range know nothing of the lines before it. That makes no difference where our sieve, having come to
 * the range, is in no section: then what they found is taken over. Otherwise our sieve reads the range again, so that
 * the result is always the one of reading it all here. What comes before they have started and what is after the last whole
 * range is read here; and while we would wait for a range, we sieve one after it as they do.
 */
export const readRanges = async function* (
  sieve: Sieve,
  source: number,
  { readAt, size, elsewhere, createSieve, rangeBytes = RANGE_BYTES, signal }: RangesOptions,
): AsyncGenerator<Line[]> {
  const splitter = createSplitter(source)
  const count = Math.floor(size / rangeBytes)
  const underWay: UnderWay[] = []
  let asked = 0
  /** Of those under way. */
  let askedElsewhere = 0
  let aheadBytes = 0
  let ownSieve: Sieve | null = null

  const ask = (): void => {
    for (; asked < count && askedElsewhere < elsewhere.width(); asked++) {
      askedElsewhere++
      // a thread that fails costs time, not lines
      const stretch = elsewhere.run(asked * rangeBytes, (asked + 1) * rangeBytes).catch(() => null)
      const range = { stretch, isHere: false, isOurs: false }
      underWay.push(range)
      stretch.then(() => {
        range.isHere = true
      })
    }
  }
  const sieveAhead = async (): Promise<Stretch | null> => {
    ownSieve ??= createSieve()
    const stretch = sieveStretch(readAt, asked * rangeBytes, (asked + 1) * rangeBytes, ownSieve)
    aheadBytes += keptBytes(stretch)
    return stretch
  }
  /** Reads on with our own sieve, to `end`. */
  let reads = 0
  const readHere = async function* (end: number): AsyncGenerator<Line[]> {
    while (sieve.bytes < end && !signal?.aborted) {
      reads++
      if (reads % READS_A_TURN === 0) await setImmediate()
      const room = sieve.room()
      const length = readAt(room.subarray(0, Math.min(room.length, end - sieve.bytes)), sieve.bytes)
      if (length === 0) return
      const kept = sieve.feed(room.subarray(0, length))
      if (kept !== null) yield splitter.split(kept)
    }
  }

  for (; (asked < count || underWay.length > 0) && !signal?.aborted; await setImmediate()) {
    ask()
    const next = underWay[0]
    if (next === undefined) {
      asked++
      yield* readHere(asked * rangeBytes)
      continue
    }
    if (!next.isHere && asked < count && aheadBytes < MOST_AHEAD_BYTES) {
      // what cannot be read meets the same trouble in its turn
      underWay.push({ stretch: sieveAhead().catch(() => null), isHere: true, isOurs: true })
      asked++
      continue
    }
    underWay.shift()
    const stretch = await next.stretch
    if (next.isOurs) aheadBytes -= keptBytes(stretch)
    else askedElsewhere--
    if (stretch === null || stretch.start === null) continue
    const { start, first, state, kept } = stretch
    // nothing when the lines before ended there, as they nearly always did
    yield* readHere(start)
    if (sieve.bytes !== start) continue
    if (!sieve.forgets(first)) {
      yield* readHere(start + state.bytes)
      continue
    }
    const [lines, bytes] = [sieve.lines, sieve.bytes]
    sieve.skip(state)
    if (kept !== null) yield splitter.split(moveKept(kept, lines, bytes))
  }
  yield* readHere(Number.POSITIVE_INFINITY)
  const kept = sieve.end()
  if (kept !== null) yield splitter.split(kept)
  splitter.end()
}
