import split2 from 'split2'
import type { Line } from '../model/line.ts'
import type { KeptLines, Sieve } from './sieve.ts'
import { escapeInvalidUtf8 } from './utf8.ts'

/** Puts bytes at the start of `room`; resolves to how many, 0 at the end. */
export type Fill = (room: Buffer) => number | Promise<number>

/** The lines that the sieve keeps of a stream of chunks: one array for each chunk that had any. */
export const readLines = async function* (
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  sieve: Sieve,
  source: number,
): AsyncGenerator<Line[]> {
  const splitter = createSplitter(source)
  for await (const chunk of chunks) {
    const kept = sieve.feed(chunk)
    if (kept !== null) yield splitter.split(kept)
  }
  const kept = sieve.end()
  if (kept !== null) yield splitter.split(kept)
  splitter.end()
}

/** The same for bytes that can be read to a given place (a plain file): straight into the sieve's own memory. */
export const readLinesInto = async function* (fill: Fill, sieve: Sieve, source: number): AsyncGenerator<Line[]> {
  const splitter = createSplitter(source)
  for (;;) {
    const room = sieve.room()
    const filled = fill(room)
    const length = typeof filled === 'number' ? filled : await filled
    if (length === 0) break
    const kept = sieve.feed(room.subarray(0, length))
    if (kept !== null) yield splitter.split(kept)
  }
  const kept = sieve.end()
  if (kept !== null) yield splitter.split(kept)
  splitter.end()
}

/** Kept bytes to lines. */
export interface Splitter {
  split(kept: KeptLines): Line[]
  /** Throws when lines and their places have come out of step: a fault of ours. */
  end(): void
}

/**
 * split2 calls its mapper once for each line, empty ones too, and so did the sieve note a place for each: the two go in
 * step. The mapper keeps the line itself and gives nothing to the stream: an event for each line would cost more than
 * all the rest.
 */
export const createSplitter = (source: number): Splitter => {
  let places: KeptLines | null = null
  let taken = 0
  let lines: Line[] = []
  const stream = split2('\n', (text: string) => {
    const lineNumber = places!.lineNumbers[taken]!
    const byteOffset = places!.byteOffsets[taken]!
    taken++
    lines.push({ text: text.endsWith('\r') ? text.slice(0, -1) : text, lineNumber, byteOffset, source })
    return undefined
  })
  let failure: Error | null = null
  stream.on('error', error => {
    failure = error
  })
  const inStep = (): void => {
    if (failure !== null) throw failure
    if (places !== null && taken !== places.lineNumbers.length) {
      throw new Error(`${places.lineNumbers.length} lines were kept and ${taken} split`)
    }
  }

  return {
    split(kept) {
      places = kept
      taken = 0
      lines = []
      stream.write(escapeInvalidUtf8(kept.bytes))
      inStep()
      return lines
    },
    end() {
      stream.end()
      inStep()
    },
  }
}
