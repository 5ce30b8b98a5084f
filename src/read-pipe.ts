/** The lines of a pipe: its beginning is read here, the rest of a long one by a thread. */
import type { Line } from './model/line.ts'
import type { Readers, ThreadLost } from './read-thread.ts'
import { type Fill, readLinesInto } from './sieve/lines.ts'
import type { Left, Sieve, SieveOptions } from './sieve/sieve.ts'
import type { PipeText } from './sources/pipe.ts'
import { type Piece, SourceError } from './sources/source.ts'

export interface PipeReaderOptions {
  readonly threads: { readonly readers: () => Promise<Readers>; readonly sieve: SieveOptions } | null
  /** Ends the reading early (SIGINT). */
  readonly signal: AbortSignal
}

/** What comes through a pipe and is longer than this is read by a thread: until it has started, most are over. */
const PIPE_FOR_THREAD_BYTES = 8 * 1024 * 1024

/** A pipe holds little, so that its sender waits while this thread understands: another one reads on when it is long. */
export async function* linesOfPipe(
  pipe: PipeText,
  piece: Piece,
  sieve: Sieve,
  index: number,
  { signal, threads }: PipeReaderOptions,
): AsyncGenerator<Line[]> {
  // a pipe that gives nothing must not be waited for
  const stop = () => void pipe.close()
  signal.addEventListener('abort', stop)
  let left: Left | null = null
  const fill = (room: Buffer) => {
    if (signal.aborted) return 0
    if (threads !== null && pipe.pipeDescriptor !== null && sieve.bytes >= PIPE_FOR_THREAD_BYTES) left ??= sieve.leave()
    return left === null ? pipe.fill(room) : 0
  }
  try {
    yield* readLinesInto(fill, sieve, index)
    if (left === null) return
    const { linesOfReading } = await import('./read-thread.ts')
    const task = { path: piece.path, source: pipe.pipeDescriptor!, next: null, sieve: threads!.sieve, left }
    const reading = (await threads!.readers()).start(task)
    const nothing = () => {}
    const options = { isFile: false, onOpened: nothing, onRead: nothing, borrowed: nothing, signal }
    yield* linesOfReading(reading, sieve, index, options)
  } catch (error) {
    if (!isThreadLost(error) || error.hasBegun) throw error
    yield* readLinesInto(
      restFirst(left!, room => (signal.aborted ? 0 : pipe.fill(room))),
      sieve,
      index,
    )
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** The unfinished line that was to be another's, then what `fill` gives. */
function restFirst({ rest }: Left, fill: Fill): Fill {
  let at = 0
  return room => {
    if (at === rest.length) return fill(room)
    const part = rest.subarray(at, at + room.length)
    room.set(part)
    at += part.length
    return part.length
  }
}

/** By its name: its file is loaded with the first thread. */
export function isThreadLost(error: unknown): error is ThreadLost {
  return error instanceof SourceError && error.name === 'ThreadLost'
}
