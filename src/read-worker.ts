/** What a thread runs that reads one big file or a pipe: the same code as elsewhere. A bundle of its own. */
import { statSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { type ThreadMessage, type ThreadTask, type Trouble, UNDER_WAY } from './read-thread.ts'
import { joinKept } from './sieve/kept-lines.ts'
import { createSieve, type KeptLines } from './sieve/sieve.ts'
import { describeErrno } from './sources/errno.ts'
import { filePiece } from './sources/piece.ts'
import { openPipe } from './sources/pipe.ts'
import { type Piece, SourceError } from './sources/source.ts'
import { withSecondHalf } from './torn-line.ts'

/** It is told what was read and kept after so many bytes of either, or so long after the first. */
const KEPT_BYTES = 256 * 1024
const READ_BYTES = 4 * 1024 * 1024
const PATIENCE_MS = 20

const port = parentPort!
const { path, source, next, sieve: options, left } = workerData as ThreadTask
const sieve = createSieve(options)
let kept: KeptLines[] = []
let keptBytes = 0
let readBytes = 0
let borrowedBytes = 0
let timer: NodeJS.Timeout | null = null
let underWay = 0
let wake = () => {}

port.on('message', () => {
  underWay--
  wake()
})

const tell = (message: ThreadMessage, memory: ArrayBuffer[] = []): void => port.postMessage(message, memory)

function tellLines(): void {
  if (timer !== null) clearTimeout(timer)
  timer = null
  if (kept.length === 0 && readBytes === 0) return
  const lines = kept.length === 0 ? null : joinKept(kept)
  underWay++
  const memory = lines === null ? [] : [lines.bytes.buffer as ArrayBuffer]
  tell({ kind: 'lines', kept: lines, state: sieve.state(), readBytes }, memory)
  kept = []
  keptBytes = 0
  readBytes = 0
}

/** Resolves once there is room for more. */
async function note(lines: KeptLines | null): Promise<void> {
  if (lines !== null) {
    kept.push(lines)
    keptBytes += lines.bytes.length
  }
  timer ??= setTimeout(tellLines, PATIENCE_MS)
  if (keptBytes >= KEPT_BYTES || readBytes >= READ_BYTES) tellLines()
  while (underWay >= UNDER_WAY) {
    await new Promise<void>(resolve => {
      wake = resolve
    })
  }
}

function pieceOf(name: string, absolute: string, onRead: (bytes: number) => void): Piece {
  return filePiece(name, absolute, statSync(absolute, { bigint: true }), null, onRead)
}

async function readFile(absolute: string): Promise<void> {
  const piece = pieceOf(path, absolute, bytes => {
    readBytes += bytes
  })
  let told = false
  const tellOpened = (): void => {
    if (!told) tell({ kind: 'opened', compression: piece.compression, content: piece.content })
    told = true
  }
  const chunks =
    next === null
      ? piece.read()
      : withSecondHalf(
          piece.read(),
          () => pieceOf(next.path, next.absolute, () => {}).read(),
          bytes => {
            borrowedBytes = bytes
          },
        )
  try {
    for await (const chunk of chunks) {
      tellOpened()
      await note(sieve.feed(chunk))
    }
  } finally {
    tellOpened()
  }
}

async function readPipe(descriptor: number): Promise<void> {
  const pipe = openPipe(descriptor)
  if (pipe === null) throw new Error('is a pipe no more')
  // what is taken from it is lost if this thread is
  tell({ kind: 'opened', compression: null, content: null })
  try {
    for (;;) {
      const room = sieve.room()
      const length = await pipe.fill(room)
      if (length === 0) return
      readBytes += length
      await note(sieve.feed(room.subarray(0, length)))
    }
  } finally {
    await pipe.close()
  }
}

let trouble: Trouble | null = null
sieve.goOn(left)
await note(sieve.feed(left.rest))
try {
  await (typeof source === 'string' ? readFile(source) : readPipe(source))
} catch (error) {
  trouble =
    error instanceof SourceError
      ? { path: error.path, message: error.message }
      : { path, message: describeErrno(error) }
}
// what came before the trouble
await note(sieve.end())
tellLines()
tell({ kind: 'ended', state: sieve.state(), borrowedBytes, trouble })
// nothing more is waited for
port.close()
