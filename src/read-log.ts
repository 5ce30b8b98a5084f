/** One log from its first byte to its last: the sieve and the lines under `hear-log.ts`. */
import { createListener, type ListenerOptions, type LogCounts } from './hear-log.ts'
import type { Line } from './model/line.ts'
import { readLines, readLinesInto } from './sieve/lines.ts'
import type { RangePool } from './sieve/range-pool.ts'
import { readRanges } from './sieve/ranges.ts'
import type { Sieve } from './sieve/sieve.ts'
import { labelOf } from './sources/open.ts'
import type { PlainFile, PlainText } from './sources/plain-file.ts'
import { type Log, type Piece, SourceError } from './sources/source.ts'
import { withSecondHalf } from './torn-line.ts'

export interface LogReaderOptions extends ListenerOptions {
  readonly createSieve: () => Sieve
  /** Threads for big files, plain or packed; null: all is done in this one. */
  readonly threads: { readonly load: () => Promise<RangePool>; readonly readWorker: URL } | null
  /** A source could not be read to its end. */
  readonly fail: (error: SourceError) => void
  /** Hands on what has closed; called between chunks, so that a slow reader of the output slows the reading down. */
  readonly flush: () => Promise<void> | null
  /** Ends the reading early (SIGINT). */
  readonly signal: AbortSignal
}

export async function readLog(log: Log, logIndex: number, options: LogReaderOptions): Promise<LogCounts> {
  const listener = createListener(logIndex, options)
  const sieve = options.createSieve()
  /** Bytes of this piece that were read as the end of the last one's line. */
  let lentBytes = 0
  for (const [at, piece] of log.pieces.entries()) {
    if (options.signal.aborted) break
    listener.begin(piece)
    let borrowedBytes = 0
    const next = log.pieces[at + 1]
    const rest = next && isRereadable(next) ? { of: next, borrowed: (bytes: number) => (borrowedBytes = bytes) } : null
    try {
      for await (const lines of linesOf(piece, rest, sieve, listener.source(), options)) {
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
  return listener.end()
}

function toSourceError(error: unknown, piece: Piece): SourceError {
  if (error instanceof SourceError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new SourceError(labelOf(piece), message, { cause: error })
}

/** Smaller files are read before the threads would have started. */
const FOR_THREADS_BYTES = 64 * 1024 * 1024

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

/** The kept lines of a piece: by the short way where it is a file of plain text. */
async function* linesOf(
  piece: Piece,
  next: NextPiece | null,
  sieve: Sieve,
  index: number,
  { signal, threads }: LogReaderOptions,
): AsyncGenerator<Line[]> {
  const plain = await piece.openPlain()
  if (plain === null || (next !== null && isFile(plain) && !endsALine(plain))) {
    await plain?.close()
    const elsewhere = plain === null && threads !== null ? piece.readElsewhere?.(threads.readWorker) : null
    const chunks = untilAborted(elsewhere ?? piece.read(), signal)
    yield* readLines(next ? withSecondHalf(chunks, next.of.read, next.borrowed) : chunks, sieve, index)
    return
  }
  piece.content = 'text'
  // a pipe that gives nothing must not be waited for
  const stop = () => void plain.close()
  if (!isFile(plain)) signal.addEventListener('abort', stop)
  try {
    if (threads !== null && isFile(plain) && plain.size >= FOR_THREADS_BYTES) {
      const { readAt, size, descriptor, textStart } = plain
      const pool = await threads.load()
      yield* readRanges(sieve, index, { readAt, size, elsewhere: pool.of(descriptor, textStart), signal })
    } else yield* readLinesInto(room => (signal.aborted ? 0 : plain.fill(room)), sieve, index)
  } finally {
    signal.removeEventListener('abort', stop)
    await plain.close()
  }
}

function isFile(plain: PlainFile | PlainText): plain is PlainFile {
  return 'descriptor' in plain
}

/** Whether the last line of a file is whole. */
function endsALine({ size, readAt }: PlainFile): boolean {
  const last = Buffer.alloc(1)
  return size === 0 || (readAt(last, size - 1) === 1 && last[0] === LINE_FEED)
}

const LINE_FEED = 10

/** Ends when aborted, also while a pipe gives nothing. */
export async function* untilAborted(chunks: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer> {
  const iterator = chunks[Symbol.asyncIterator]()
  // not Promise.race with one promise for the abort: that promise would hold on to every chunk there ever was
  let stop = () => {}
  const onAbort = () => stop()
  signal.addEventListener('abort', onAbort)
  try {
    while (!signal.aborted) {
      const next = await new Promise<IteratorResult<Buffer> | null>((resolve, reject) => {
        stop = () => resolve(null)
        iterator.next().then(resolve, reject)
      })
      if (next === null || next.done) return
      yield next.value
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    // not awaited: a pipe that gives nothing would hold us here
    iterator.return?.(undefined)?.catch(() => {})
  }
}
