/** One log from its first byte to its last: the sieve and the lines under `hear-log.ts`. */
import { createListener, type ListenerOptions, type LogCounts } from './hear-log.ts'
import type { Line } from './model/line.ts'
import { inOrderOfTime, LONGEST_EXPORT_BYTES } from './newest-first.ts'
import { createReadAhead } from './read-ahead.ts'
import { isThreadLost, linesOfPipe } from './read-pipe.ts'
import type { Readers, Reading } from './read-thread.ts'
import { readLines, readLinesInto } from './sieve/lines.ts'
import type { RangePool } from './sieve/range-pool.ts'
import { RANGE_BYTES, readRanges } from './sieve/ranges.ts'
import { createSieve, type Sieve, type SieveOptions } from './sieve/sieve.ts'
import { labelOf } from './sources/open.ts'
import type { PipeText } from './sources/pipe.ts'
import type { PlainFile } from './sources/plain-file.ts'
import { type Log, type Piece, SourceError } from './sources/source.ts'
import { untilAborted } from './sources/until-aborted.ts'
import { withSecondHalf } from './torn-line.ts'

export interface Threads {
  /** The pool for ranges of big files of plain text. */
  readonly load: () => Promise<RangePool>
  /** Threads that read packed files and pipes. */
  readonly readers: () => Promise<Readers>
  readonly sieve: SieveOptions
  /** Threads beside this one. */
  readonly count: number
  /** Of all pieces on disk, as stored: many files of some size are worth the threads, too. */
  readonly bytesInAll: number
}

export interface LogReaderOptions extends ListenerOptions {
  readonly createSieve: () => Sieve
  /** Threads for big files, plain or packed; null: all is done in this one. */
  readonly threads: Threads | null
  /** A source could not be read to its end. */
  readonly fail: (error: SourceError) => void
  /** Hands on what has closed; called between chunks, so that a slow reader of the output slows the reading down. */
  readonly flush: () => Promise<void> | null
  /** Ends the reading early (SIGINT). */
  readonly signal: AbortSignal
}

interface PieceReaderOptions extends LogReaderOptions {
  /** The thread that reads this piece; null where none does. */
  readonly begin: () => Promise<Reading | null>
}

export async function readLog(log: Log, logIndex: number, options: LogReaderOptions): Promise<LogCounts> {
  const listener = createListener(logIndex, options)
  const sieve = options.createSieve()
  const ahead = options.threads === null ? null : createReadAhead(log.pieces, options.threads)
  /** Bytes of this piece that were read as the end of the last one's line. */
  let lentBytes = 0
  try {
    for (const [at, piece] of log.pieces.entries()) {
      if (options.signal.aborted) break
      listener.begin(piece)
      let borrowedBytes = 0
      const next = log.pieces[at + 1]
      const rest =
        next && isRereadable(next) ? { of: next, borrowed: (bytes: number) => (borrowedBytes = bytes) } : null
      const begin = async () => (await ahead?.begin(at, sieve)) ?? null
      try {
        const kept = linesOf(piece, rest, sieve, listener.source(), { ...options, begin })
        for await (const lines of mayBeExport(log) ? inOrderOfTime(kept) : kept) {
          listener.hear(lentBytes === 0 ? lines : lines.filter(({ byteOffset }) => byteOffset >= lentBytes))
          await options.flush()
        }
      } catch (error) {
        options.fail(toSourceError(error, piece))
        // what the sieve still holds was read before the damage
        for await (const lines of readLines([], sieve, listener.source())) listener.hear(lines)
      }
      listener.finish(sieve, borrowedBytes)
      lentBytes = borrowedBytes
      sieve.nextPiece()
    }
  } finally {
    await ahead?.stop()
  }
  return listener.end()
}

/** A file small enough to be what somebody saved of a web console, where the newest line stands first. */
function mayBeExport({ pieces }: Log): boolean {
  const piece = pieces[0]
  if (piece === undefined || pieces.length > 1 || piece.member !== null) return false
  return piece.isReplayable && piece.sizeBytes !== null && piece.sizeBytes <= LONGEST_EXPORT_BYTES
}

function toSourceError(error: unknown, piece: Piece): SourceError {
  if (error instanceof SourceError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new SourceError(labelOf(piece), message, { cause: error })
}

/** Less than this is read before the threads would have started. */
const FOR_THREADS_BYTES = 64 * 1024 * 1024
/** Of a file that is less than two ranges nothing is left for them. */
const IN_RANGES_BYTES = 2 * RANGE_BYTES

/** Members of a bundle are read once and in their turn. */
function isRereadable({ isReplayable, member }: Piece): boolean {
  return isReplayable && member === null
}

/** The next piece of a rotated log, which may begin with the rest of this one's last line. */
interface NextPiece {
  readonly of: Piece
  /** So many of its bytes were read with this piece. */
  readonly borrowed: (bytes: number) => void
}

/** The kept lines of a piece, by the shortest way to them. */
async function* linesOf(
  piece: Piece,
  next: NextPiece | null,
  sieve: Sieve,
  index: number,
  options: PieceReaderOptions,
): AsyncGenerator<Line[]> {
  const { signal } = options
  const plain = await piece.openPlain()
  if (plain === null || (next !== null && isFile(plain) && !endsALine(plain))) {
    await plain?.close()
    if (plain === null) yield* linesOfPacked(piece, next, sieve, index, options)
    else yield* linesOfChunks(piece, next, sieve, index, signal)
    return
  }
  piece.content = 'text'
  try {
    yield* isFile(plain) ? linesOfFile(plain, sieve, index, options) : linesOfPipe(plain, piece, sieve, index, options)
  } finally {
    await plain.close()
  }
}

function linesOfChunks(
  piece: Piece,
  next: NextPiece | null,
  sieve: Sieve,
  index: number,
  signal: AbortSignal,
): AsyncGenerator<Line[]> {
  const chunks = untilAborted(piece.read(), signal)
  return readLines(next ? withSecondHalf(chunks, next.of.read, next.borrowed) : chunks, sieve, index)
}

async function* linesOfPacked(
  piece: Piece,
  next: NextPiece | null,
  sieve: Sieve,
  index: number,
  { signal, begin }: PieceReaderOptions,
): AsyncGenerator<Line[]> {
  const reading = await begin()
  let hasGiven = false
  if (reading !== null) {
    try {
      const { linesOfReading } = await import('./read-thread.ts')
      const lines = linesOfReading(reading, sieve, index, {
        isFile: true,
        onOpened: (compression, content) => Object.assign(piece, { compression, content }),
        onRead: bytes => piece.file?.onRead(bytes),
        borrowed: bytes => next?.borrowed(bytes),
        signal,
      })
      for await (const some of lines) {
        hasGiven = true
        yield some
      }
      return
    } catch (error) {
      // a file can be read once more
      if (hasGiven || !isThreadLost(error)) throw error
    }
  }
  yield* linesOfChunks(piece, next, sieve, index, signal)
}

async function* linesOfFile(
  plain: PlainFile,
  sieve: Sieve,
  index: number,
  { signal, threads }: LogReaderOptions,
): AsyncGenerator<Line[]> {
  if (threads === null || threads.bytesInAll < FOR_THREADS_BYTES || plain.size < IN_RANGES_BYTES) {
    yield* readLinesInto(room => (signal.aborted ? 0 : plain.fill(room)), sieve, index)
    return
  }
  const { readAt, size, descriptor, textStart } = plain
  const pool = await threads.load()
  const elsewhere = pool.of(descriptor, textStart)
  const createOther = () => createSieve({ ...threads.sieve, startsInSection: false })
  yield* readRanges(sieve, index, { readAt, size, elsewhere, createSieve: createOther, signal })
}

function isFile(plain: PlainFile | PipeText): plain is PlainFile {
  return 'readAt' in plain
}

/** Whether the last line of a file is whole. */
function endsALine({ size, readAt }: PlainFile): boolean {
  const last = Buffer.alloc(1)
  return size === 0 || (readAt(last, size - 1) === 1 && last[0] === LINE_FEED)
}

const LINE_FEED = 10
