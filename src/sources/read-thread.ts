/** A big packed file unpacked by another thread, while this one understands what is in it. */
import { Worker } from 'node:worker_threads'
import { type Content, type Piece, SourceError } from './source.ts'

/** What the thread is told. */
export interface ThreadTask {
  readonly path: string
  readonly absolute: string
  /** Slots that text is put in, each {@link SLOT_BYTES} long. */
  readonly memory: SharedArrayBuffer
}

/** What the thread tells; a slot is its own again when its number was sent back. */
export type ThreadMessage =
  | { readonly kind: 'opened'; readonly compression: string | null; readonly content: Content | null }
  | { readonly kind: 'text'; readonly slot: number; readonly length: number; readonly readBytes: number }
  | { readonly kind: 'ended' }
  | { readonly kind: 'failed'; readonly path: string; readonly message: string }

export const SLOT_BYTES = 512 * 1024
const SLOTS = 8

/**
 * As `piece.read()`, but that a chunk is only lent: its bytes change when the next one is asked for. So nothing is
 * allocated for a gigabyte that passes through.
 *
 * @param entry the bundle of `read-worker.ts`
 * @param onRead told how many bytes of the file were read
 */
export async function* readInThread(
  piece: Piece,
  absolute: string,
  entry: URL,
  onRead: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  const memory = new SharedArrayBuffer(SLOTS * SLOT_BYTES)
  const task: ThreadTask = { path: piece.path, absolute, memory }
  const worker = new Worker(entry, { workerData: task })
  const messages: ThreadMessage[] = []
  let failure: Error | null = null
  let wake = () => {}
  worker.on('message', (message: ThreadMessage) => {
    messages.push(message)
    wake()
  })
  const fail = (error: Error): void => {
    failure ??= error
    wake()
  }
  worker.on('error', fail)
  worker.on('exit', () => fail(new Error('the thread that unpacks it has ended')))
  let hasGiven = false
  try {
    for (;;) {
      const message = messages.shift()
      if (message === undefined) {
        if (failure !== null) {
          if (hasGiven) throw new SourceError(piece.path, (failure as Error).message, { cause: failure })
          // a thread that cannot start costs time, not lines
          yield* piece.read()
          return
        }
        await new Promise<void>(resolve => {
          wake = resolve
        })
        continue
      }
      switch (message.kind) {
        case 'opened':
          piece.compression = message.compression
          piece.content = message.content
          break
        case 'text':
          hasGiven = true
          onRead(message.readBytes)
          yield Buffer.from(memory, message.slot * SLOT_BYTES, message.length)
          worker.postMessage(message.slot)
          break
        case 'failed':
          throw new SourceError(message.path, message.message)
        case 'ended':
          return
        default:
          message satisfies never
      }
    }
  } finally {
    await worker.terminate()
  }
}
