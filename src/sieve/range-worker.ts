/** What a worker thread runs: sieves ranges of files that the main thread has open. A program of its own. */
import { readSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { createSieve, type SieveOptions } from './sieve.ts'
import { type Stretch, sieveStretch } from './stretch.ts'

/** A range of the file with this descriptor; threads of a process share those. */
export interface RangeTask {
  readonly descriptor: number
  /** Where the text begins in the file: after a byte order mark. */
  readonly textStart: number
  readonly from: number
  readonly to: number
}

/** What comes back: that the thread has started; then for each task what it found, null where the range cannot be read. */
export type Answer = 'ready' | Stretch | null

const answer = (message: Answer, memory: ArrayBuffer[] = []) => parentPort!.postMessage(message, memory)
const sieve = createSieve({ ...(workerData as SieveOptions), startsInSection: false })

parentPort?.on('message', ({ descriptor, textStart, from, to }: RangeTask) => {
  const readAt = (room: Buffer, at: number) => readSync(descriptor, room, 0, room.length, textStart + at)
  try {
    const stretch = sieveStretch(readAt, from, to, sieve)
    answer(stretch, stretch.kept === null ? [] : [stretch.kept.bytes.buffer as ArrayBuffer])
  } catch {
    // the main thread reads it again, and meets the same trouble
    answer(null)
  }
})
answer('ready')
