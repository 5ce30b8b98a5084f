/** What a thread runs that unpacks one big file: the same code, with the text put where the other thread sees it. A bundle of its own. */
import { statSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { filePiece } from './piece.ts'
import { SLOT_BYTES, type ThreadMessage, type ThreadTask } from './read-thread.ts'
import { SourceError } from './source.ts'

const { path, absolute, memory } = workerData as ThreadTask
const free = Array.from({ length: memory.byteLength / SLOT_BYTES }, (_, slot) => slot)
let wake = () => {}
let readBytes = 0

parentPort!.on('message', (slot: number) => {
  free.push(slot)
  wake()
})

const tell = (message: ThreadMessage): void => parentPort!.postMessage(message)

async function freeSlot(): Promise<number> {
  while (free.length === 0) {
    await new Promise<void>(resolve => {
      wake = resolve
    })
  }
  return free.pop()!
}

async function run(): Promise<void> {
  let slot = -1
  let filled = 0
  const hand = (): void => {
    if (filled > 0) tell({ kind: 'text', slot, length: filled, readBytes })
    slot = -1
    filled = 0
    readBytes = 0
  }
  try {
    const stats = statSync(absolute, { bigint: true })
    const piece = filePiece(path, absolute, stats, null, bytes => {
      readBytes += bytes
    })
    let told = false
    try {
      for await (const chunk of piece.read()) {
        if (!told) tell({ kind: 'opened', compression: piece.compression, content: piece.content })
        told = true
        for (let at = 0; at < chunk.length; ) {
          if (slot < 0) slot = await freeSlot()
          const part = chunk.subarray(at, at + SLOT_BYTES - filled)
          new Uint8Array(memory, slot * SLOT_BYTES + filled, part.length).set(part)
          filled += part.length
          at += part.length
          if (filled === SLOT_BYTES) hand()
        }
      }
    } finally {
      hand()
      if (!told) tell({ kind: 'opened', compression: piece.compression, content: piece.content })
    }
    tell({ kind: 'ended' })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    tell({ kind: 'failed', path: error instanceof SourceError ? error.path : path, message })
  }
  // nothing more is waited for
  parentPort!.close()
}

await run()
