import { joinKept } from './kept-lines.ts'
import type { KeptLines, Sieve, SieveState } from './sieve.ts'

/** Puts the file's bytes from `at` on at the start of `room`; gives how many, 0 at the end. */
export type ReadAt = (room: Buffer, at: number) => number

/** What a sieve that knows nothing of the lines before makes of the lines that begin in a range of a file. */
export interface Stretch {
  /** Where the first of those lines begins; null when none does. */
  readonly start: number | null
  /** Its first byte. */
  readonly first: number
  /** Where it was after the last line's end: counts from `start`. */
  readonly state: SieveState
  /** Places are counted from `start`. */
  readonly kept: KeptLines | null
}

const LINE_FEED = 10

/**
 * Sieves the lines that begin in the bytes `from..to` of a file. The last one is read to its end, wherever that is, so that
 * neighbouring ranges share no line and miss none.
 */
export const sieveStretch = (readAt: ReadAt, from: number, to: number, sieve: Sieve): Stretch => {
  sieve.restart()
  const start = firstLineStart(readAt, from, to, sieve.room())
  if (start === null) return { start: null, first: 0, state: sieve.state(), kept: null }
  const pieces: KeptLines[] = []
  let first = -1
  for (let at = start, ends = false; !ends; ) {
    const room = sieve.room()
    const length = readAt(room, at)
    if (length === 0) break
    if (first < 0) first = room[0]!
    // the line in which the range ends is the last; it ends with the first line feed at or after `to - 1`
    const feed = at + length >= to ? room.subarray(0, length).indexOf(LINE_FEED, Math.max(0, to - 1 - at)) : -1
    ends = feed >= 0
    const kept = sieve.feed(room.subarray(0, ends ? feed + 1 : length))
    if (kept !== null) pieces.push(kept)
    at += length
  }
  // only at the end of the file is anything left over
  const last = sieve.end()
  if (last !== null) pieces.push(last)
  return { start, first, state: sieve.state(), kept: pieces.length === 0 ? null : joinKept(pieces) }
}

/** The place after the first line feed at or after `from - 1`, if it is before `to`. */
const firstLineStart = (readAt: ReadAt, from: number, to: number, room: Buffer): number | null => {
  if (from === 0) return 0
  for (let at = from - 1; at < to - 1; ) {
    const length = readAt(room, at)
    if (length === 0) return null
    const feed = room.subarray(0, length).indexOf(LINE_FEED)
    if (feed >= 0) return at + feed + 1 < to ? at + feed + 1 : null
    at += length
  }
  return null
}
