import { Worker } from 'node:worker_threads'
import { receiveKept } from './kept-lines.ts'
import type { Answer, RangeTask } from './range-worker.ts'
import type { RangeSieve } from './ranges.ts'
import type { SieveOptions } from './sieve.ts'
import type { Stretch } from './stretch.ts'

/** Worker threads that sieve ranges of files; started with the first file, to be closed at the end. */
export interface RangePool {
  /** For the open file with this descriptor, whose text begins at `textStart`. */
  of(descriptor: number, textStart: number): RangeSieve
  close(): Promise<void>
}

interface Thread {
  readonly worker: Worker
  isReady: boolean
  /** Who waits for its answers: they come in the order of the questions. */
  readonly waiting: { resolve: (stretch: Stretch) => void; reject: (error: Error) => void }[]
}

/** Ranges that a thread has before it, so that it never waits for the next. */
const AHEAD = 2

export const createRangePool = (entry: URL, count: number, options: SieveOptions): RangePool => {
  let threads: Thread[] | null = null
  let failed: Error | null = null

  const fail = (thread: Thread, error: Error): void => {
    failed = error
    for (const { reject } of thread.waiting.splice(0)) reject(error)
  }
  const start = (): Thread => {
    const thread: Thread = { worker: new Worker(entry, { workerData: options }), isReady: false, waiting: [] }
    thread.worker.on('message', (answer: Answer) => {
      if (answer === 'ready') {
        thread.isReady = true
        return
      }
      const { resolve, reject } = thread.waiting.shift()!
      if (answer === null) reject(new Error('a range could not be read'))
      else resolve({ ...answer, kept: answer.kept && receiveKept(answer.kept) })
    })
    thread.worker.on('error', error => fail(thread, error))
    thread.worker.on('exit', () => fail(thread, new Error('a thread has ended')))
    return thread
  }
  const ready = (): Thread[] => {
    threads ??= Array.from({ length: count }, start)
    return failed === null ? threads.filter(({ isReady }) => isReady) : []
  }
  const run = (task: RangeTask): Promise<Stretch> =>
    new Promise((resolve, reject) => {
      const [first, ...others] = ready()
      if (first === undefined) {
        reject(failed ?? new Error('no thread has started'))
        return
      }
      const least = others.reduce((a, b) => (b.waiting.length < a.waiting.length ? b : a), first)
      least.waiting.push({ resolve, reject })
      least.worker.postMessage(task)
    })

  return {
    of: (descriptor, textStart) => ({
      width: () => ready().length * AHEAD,
      run: (from, to) => run({ descriptor, textStart, from, to }),
    }),
    close: async () => {
      await Promise.all((threads ?? []).map(({ worker }) => worker.terminate()))
    },
  }
}
