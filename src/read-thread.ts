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
  | {
      readonly kind: 'opened'
      readonly compression: string | null
      readonly content: Content | null
      /** The text's first byte; null where it has none, and of a pipe. */
      readonly first: number | null
    }
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

export interface ReadingOptions {
  /** Whether it can be read once more. */
  readonly isFile: boolean
  readonly onOpened: (compression: string | null, content: Content | null) => void
  readonly onRead: (bytes: number) => void
  /** Bytes of the next file that were read. */
  readonly borrowed: (bytes: number) => void
  readonly signal: AbortSignal
}

/** The thread could not start, or did not come to its end. */
export class ThreadLost extends SourceError {
  override readonly name = 'ThreadLost'
  /** Whether it had taken anything of its source. */
  readonly hasBegun: boolean
  constructor(path: string, message: string, hasBegun: boolean, options: { cause: unknown }) {
    super(path, message, options)
    this.hasBegun = hasBegun
  }
}

/** A thread at work. It waits when what it told is not heard. */
export interface Reading {
  /** The first byte of its text, once it is known; null where there is none. */
  readonly first: Promise<number | null>
  /** The next message; null once aborted. Rejects when the thread is lost. */
  readonly next: (signal: AbortSignal) => Promise<ThreadMessage | null>
  readonly heard: () => void
  readonly stop: () => Promise<void>
}

/** Threads that read. One that has come to its end reads the next file: to start and to warm up takes 0.1 s. */
export interface Readers {
  readonly start: (task: ThreadTask) => Reading
  readonly close: () => Promise<void>
}

/** @param entry `read-worker.ts` as it was built */
export function createReaders(entry: URL): Readers {
  const idle: Worker[] = []

  function newWorker(): Worker {
    const worker = new Worker(entry)
    // an idle one that is lost is nobody's trouble
    worker.on('error', () => {})
    worker.on('exit', () => {
      const at = idle.indexOf(worker)
      if (at >= 0) idle.splice(at, 1)
    })
    return worker
  }

  return {
    start: task => {
      const worker = idle.pop() ?? newWorker()
      worker.postMessage(task)
      return readingOf(worker, task.path, () => idle.push(worker))
    },
    close: async () => {
      for (const worker of [...idle]) await worker.terminate()
    },
  }
}

function readingOf(worker: Worker, path: string, release: () => void): Reading {
  const messages: ThreadMessage[] = []
  let failure: Error | null = null
  let hasBegun = false
  let hasEnded = false
  let wake = () => {}
  let tellFirst: (first: number | null) => void = () => {}
  const first = new Promise<number | null>(resolve => {
    tellFirst = resolve
  })
  const onMessage = (message: ThreadMessage): void => {
    hasBegun = true
    messages.push(message)
    if (message.kind === 'opened') tellFirst(message.first)
    if (message.kind === 'ended') {
      hasEnded = true
      tellFirst(null)
      leave()
      release()
    }
    wake()
  }
  const onError = (error: Error): void => {
    failure ??= new ThreadLost(path, error.message, hasBegun, { cause: error })
    tellFirst(null)
    wake()
  }
  const onExit = () => onError(new Error('the thread that reads it has ended'))
  const leave = (): void => {
    worker.off('message', onMessage)
    worker.off('error', onError)
    worker.off('exit', onExit)
  }
  worker.on('message', onMessage)
  worker.on('error', onError)
  worker.on('exit', onExit)
  return {
    first,
    next: async signal => {
      const stop = () => wake()
      signal.addEventListener('abort', stop)
      try {
        while (!signal.aborted) {
          const message = messages.shift()
          if (message !== undefined) return message
          if (failure !== null) throw failure
          await new Promise<void>(resolve => {
            wake = resolve
          })
        }
        return null
      } finally {
        signal.removeEventListener('abort', stop)
      }
    },
    heard: () => {
      if (!hasEnded) worker.postMessage('heard')
    },
    stop: async () => {
      if (!hasEnded) await worker.terminate()
    },
  }
}

/**
 * The lines that the sieve keeps of what a thread reads, as `readLines` gives them.
 *
 * @param sieve where it left, the thread's goes on; it then stands behind what the thread read
 * @throws SourceError after all lines that could be had; {@link ThreadLost}, with our sieve where it was if nothing was given
 */
export async function* linesOfReading(
  reading: Reading,
  sieve: Sieve,
  source: number,
  { isFile, onOpened, onRead, borrowed, signal }: ReadingOptions,
): AsyncGenerator<Line[]> {
  const splitter = createSplitter(source)
  const [lines, bytes] = [sieve.lines, sieve.bytes]
  /** Of the thread's sieve, until ours stands behind it. */
  let state: SieveState | null = null
  let hasGiven = false
  try {
    for (let message = await reading.next(signal); message !== null; message = await reading.next(signal)) {
      switch (message.kind) {
        case 'opened':
          onOpened(message.compression, message.content)
          break
        case 'lines':
          onRead(message.readBytes)
          state = message.state
          if (message.kept !== null) {
            hasGiven = true
            yield splitter.split(moveKept(receiveKept(message.kept), lines, bytes))
          }
          reading.heard()
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
    // broken off: what was read counts, unless it is to be read once more
    if (state !== null && (hasGiven || signal.aborted || !isFile)) sieve.skip(state)
    await reading.stop()
  }
}
