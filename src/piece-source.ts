/** A piece that is being read, and what the report says of it as a source. */
import type { Source, Warning } from './model/report.ts'
import type { Sieve } from './sieve/sieve.ts'
import type { Piece } from './sources/source.ts'

export interface PieceState {
  readonly index: number
  readonly piece: Piece
  readonly source: Source
  readonly hosts: Tally
  readonly formats: Tally
}

/** @param addSource reserves a place in the list of sources */
export function openPieceState(piece: Piece, addSource: (source: Source) => number): PieceState {
  const source: Source = {
    path: piece.path,
    member: piece.member,
    host: null,
    format: null,
    compression: null,
    bytes: 0,
    lines: 0,
    firstTime: null,
    lastTime: null,
    yearFrom: null,
    offsetFrom: null,
  }
  return { index: addSource(source), piece, source, hosts: createTally(), formats: createTally() }
}

/** The piece is over: its counts are the sieve's. */
export function closePieceState(
  { piece, source, hosts, formats }: PieceState,
  sieve: Sieve,
  warn: (warning: Warning) => void,
): void {
  source.bytes = sieve.bytes
  source.lines = sieve.lines
  source.compression = piece.compression
  source.host = hosts.mostFrequent()
  source.format = formats.mostFrequent()
  for (const { lineNumber } of sieve.cutLines.slice(0, 10)) {
    warn({
      code: 'line-too-long',
      message: 'a line is longer than 1 MiB; only its beginning was looked at',
      source: piece.path,
      member: piece.member,
      line: lineNumber,
    })
  }
  if (piece.content === 'binary') {
    warn({ code: 'binary', message: 'looks like a binary file', source: piece.path, member: piece.member, line: null })
  }
}

/** A guessed year is said once for each log. */
export function warnOfYear(pieces: readonly PieceState[], warn: (warning: Warning) => void): void {
  const [first] = pieces
  if (!first) return
  const { path, member, yearFrom } = first.source
  if (yearFrom === 'local' || yearFrom === 'mtime') {
    const why = yearFrom === 'local' ? "today's date" : 'the time the file was last written'
    const message = `no line tells the year; taken from ${why} (set it with --year)`
    warn({ code: 'year-assumed', message, source: path, member, line: null })
  }
}

interface Tally {
  readonly add: (value: string) => void
  /** The first of those that came most often; null when none came. */
  readonly mostFrequent: () => string | null
}

/** Different values that are counted; a log of more hosts has no most frequent one that is worth the memory. */
const VALUES = 10_000

/** Counts values. Neighbouring lines mostly have the same one, so that its count is at hand. */
function createTally(): Tally {
  const counts = new Map<string, { count: number }>()
  let last = ''
  let entry = { count: 0 }
  return {
    add: value => {
      if (value !== last || counts.size === 0) {
        last = value
        entry = counts.get(value) ?? { count: 0 }
        if (counts.size < VALUES) counts.set(value, entry)
      }
      entry.count++
    },
    mostFrequent: () => {
      let best: string | null = null
      for (const [value, { count }] of counts) if (best === null || count > counts.get(best)!.count) best = value
      return best
    },
  }
}
