/** What a thread runs that reads big files or a pipe, one after the other: the same code as elsewhere. A program of its own. */
import { statSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
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
let underWay = 0
let wake = () => {}

port.on('message', (message: ThreadTask | 'heard') => {
  if (message === 'heard') {
    underWay--
    wake()
  } else read(message)
})

const tell = (message: ThreadMessage, memory: ArrayBuffer[] = []): void => port.postMessage(message, memory)

/** Sieves what is read; tells of it in its own time. */
function createTeller(task: ThreadTask) {
  const sieve = createSieve(task.sieve)
  let kept: KeptLines[] = []
  let keptBytes = 0
  let readBytes = 0
  let timer: NodeJS.Timeout | null = null
  sieve.goOn(task.left)

  function tellLines(): void {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (kept.length === 0 && readBytes === 0) return
    const lines = kept.length === 0 ? null : joinKept(kept)
    const memory = lines === null ? [] : [lines.bytes.buffer as ArrayBuffer]
    underWay++
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

  return {
    room: () => sieve.room(),
    sift: (bytes: Uint8Array) => note(sieve.feed(bytes)),
    read: (bytes: number) => {
      readBytes += bytes
    },
    end: async () => {
      await note(sieve.end())
      tellLines()
      return sieve.state()
    },
  }
}

type Teller = ReturnType<typeof createTeller>

function pieceOf(name: string, absolute: string, onRead: (bytes: number) => void): Piece {
  return filePiece(name, absolute, statSync(absolute, { bigint: true }), null, onRead)
}

/** @returns bytes of the next file that were read */
async function readFile({ path, next }: ThreadTask, absolute: string, teller: Teller): Promise<number> {
  const piece = pieceOf(path, absolute, teller.read)
  let borrowedBytes = 0
  let told = false
  const tellOpened = (first: number | null): void => {
    if (!told) tell({ kind: 'opened', compression: piece.compression, content: piece.content, first })
    told = true
  }
  const borrow = (bytes: number): void => {
    borrowedBytes = bytes
  }
  const half = () => pieceOf(next!.path, next!.absolute, () => {}).read()
  const chunks = next === null ? piece.read() : withSecondHalf(piece.read(), half, borrow)
  try {
    for await (const chunk of chunks) {
      tellOpened(chunk[0] ?? null)
      await teller.sift(chunk)
    }
  } finally {
    tellOpened(null)
  }
  return borrowedBytes
}

async function readPipe(descriptor: number, teller: Teller): Promise<void> {
  const pipe = openPipe(descriptor)
  if (pipe === null) throw new Error('is a pipe no more')
  // what is taken from it is lost if this thread is
  tell({ kind: 'opened', compression: null, content: null, first: null })
  try {
    for (;;) {
      const room = teller.room()
      const length = await pipe.fill(room)
      if (length === 0) return
      teller.read(length)
      await teller.sift(room.subarray(0, length))
    }
  } finally {
    await pipe.close()
  }
}

async function read(task: ThreadTask): Promise<void> {
  const { path, source, left } = task
  underWay = 0
  const teller = createTeller(task)
  let borrowedBytes = 0
  let trouble: Trouble | null = null
  if (left.rest.length > 0) await teller.sift(left.rest)
  try {
    if (typeof source === 'string') borrowedBytes = await readFile(task, source, teller)
    else await readPipe(source, teller)
  } catch (error) {
    const isOurs = error instanceof SourceError
    trouble = { path: isOurs ? error.path : path, message: isOurs ? error.message : describeErrno(error) }
  }
  // what came before the trouble goes first
  tell({ kind: 'ended', state: await teller.end(), borrowedBytes, trouble })
}
