/**
 * A big packed file or a long pipe read by another thread: what costs time by the byte (unpacking, waiting for the sender,
 * the sieve) is done there, and this one understands the lines that were kept.
 */
import { Worker } from 'node:worker_threads'
import type { Line } from './model/line.ts'
import { moveKept, receiveKept } from './sieve/kept-lines.ts'
import { createSplitter } from './sieve/lines.ts'
import type { KeptLines, Left, Sieve, SieveOptions, SieveState } from './sieve/sieve.ts'
import { type Content, SourceError } from './sources/source.ts'

/** What the thread is told. */
export interface ThreadTask {
  /** For messages. */
  readonly path: string
  /** A file by its path on disk, or what is open as a pipe with this descriptor. */
  readonly source: string | number
  /** The next file of a rotated log, which may begin with the end of this one's last line. */
  readonly next: { readonly path: string; readonly absolute: string } | null
  readonly sieve: SieveOptions
  readonly left: Left
}

/** What the thread tells. */
export type ThreadMessage =
  | { readonly kind: 'opened'; readonly compression: string | null; readonly content: Content | null }
  /** Places are counted from where our sieve left; `state` is that of the thread's; `readBytes` since the message before. */
  | {
      readonly kind: 'lines'
      readonly kept: KeptLines | null
      readonly state: SieveState
      readonly readBytes: number
    }
  /** All lines were told. */
  | {
      readonly kind: 'ended'
      readonly state: SieveState
      readonly borrowedBytes: number
      readonly trouble: Trouble | null
    }

export interface Trouble {
  readonly path: string
  readonly message: string
}

/** Messages with lines that are under way at most. */
export const UNDER_WAY = 8

export interface ThreadOptions extends Omit<ThreadTask, 'left'> {
  /** The bundle of `read-worker.ts`. */
  readonly entry: URL
  readonly onOpened: (compression: string | null, content: Content | null) => void
  readonly onRead: (bytes: number) => void
  /** Bytes of `next` that were read. */
  readonly borrowed: (bytes: number) => void
  readonly signal: AbortSignal
}

/** The thread could not start, and has taken nothing of the source. */
export class NoThread extends Error {
  override readonly name = 'NoThread'
}

/**
 * The lines that the sieve keeps of what is left, as `readLines` gives them.
 *
 * @param sieve where it left, the thread's goes on; it then stands behind what the thread read
 * @throws SourceError after all lines that could be had; {@link NoThread}
 */
export async function* readInThread(
  sieve: Sieve,
  left: Left,
  source: number,
  { entry, onOpened, onRead, borrowed, signal, ...task }: ThreadOptions,
): AsyncGenerator<Line[]> {
  const splitter = createSplitter(source)
  const [lines, bytes] = [sieve.lines, sieve.bytes]
  const workerData: ThreadTask = { ...task, left }
  const worker = new Worker(entry, { workerData })
  const messages: ThreadMessage[] = []
  let failure: Error | null = null
  let wake = () => {}
  const fail = (error: Error): void => {
    failure ??= error
    wake()
  }
  const stop = () => wake()
  signal.addEventListener('abort', stop)
  worker.on('message', (message: ThreadMessage) => {
    messages.push(message)
    wake()
  })
  worker.on('error', fail)
  worker.on('exit', () => fail(new Error('the thread that reads it has ended')))
  let hasBegun = false
  /** Of the thread's sieve, until ours stands behind it. */
  let state: SieveState | null = null
  try {
    while (!signal.aborted) {
      const message = messages.shift()
      if (message === undefined) {
        if (failure !== null) throw lost(failure, hasBegun, task.path)
        await new Promise<void>(resolve => {
          wake = resolve
        })
        continue
      }
      hasBegun = true
      switch (message.kind) {
        case 'opened':
          onOpened(message.compression, message.content)
          break
        case 'lines':
          onRead(message.readBytes)
          state = message.state
          if (message.kept !== null) yield splitter.split(moveKept(receiveKept(message.kept), lines, bytes))
          worker.postMessage('heard')
          break
        case 'ended':
          sieve.skip(message.state)
          state = null
          borrowed(message.borrowedBytes)
          splitter.end()
          if (message.trouble) throw new SourceError(message.trouble.path, message.trouble.message)
          return
        default:
          message satisfies never
      }
    }
  } finally {
    signal.removeEventListener('abort', stop)
    if (state !== null) sieve.skip(state)
    await worker.terminate()
  }
}

function lost(error: Error, hasBegun: boolean, path: string): Error {
  return hasBegun ? new SourceError(path, error.message, { cause: error }) : new NoThread(error.message)
}
