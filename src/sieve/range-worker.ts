/** What a worker thread runs: sieves ranges of files that the main thread has open. A program of its own. */
import { readSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { createSieve, type SieveOptions } from './sieve.ts'
import { sieveStretch } from './stretch.ts'

/** A range of the file with this descriptor; threads of a process share those. */
export interface RangeTask {
  readonly descriptor: number
  /** Where the text begins in the file: after a byte order mark. */
  readonly textStart: number
  readonly from: number
  readonly to: number
}

const sieve = createSieve({ ...(workerData as SieveOptions), startsInSection: false })

parentPort?.on('message', ({ descriptor, textStart, from, to }: RangeTask) => {
  const readAt = (room: Buffer, at: number) => readSync(descriptor, room, 0, room.length, textStart + at)
  try {
    const stretch = sieveStretch(readAt, from, to, sieve)
    const memory = stretch.kept === null ? [] : [stretch.kept.bytes.buffer as ArrayBuffer]
    parentPort!.postMessage(stretch, memory)
  } catch {
    // the main thread reads it again, and meets the same trouble
    parentPort!.postMessage(null)
  }
})
