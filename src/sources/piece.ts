import type { BigIntStats } from 'node:fs'
import { describeErrno } from './errno.ts'
import { readPiece } from './open.ts'
import type { Pipe, PipeText } from './pipe.ts'
import { openPlainFile, type PlainFile } from './plain-file.ts'
import { isKmsg, readFile } from './read-file.ts'
import { type Piece, SourceError } from './source.ts'

export interface PieceFacts {
  readonly path: string
  readonly member?: string | null
  readonly sizeBytes?: number | null
  readonly mtimeMs?: number | null
  readonly dateSuffix?: Piece['dateSuffix']
  readonly isReplayable: boolean
  readonly raw: () => AsyncIterable<Buffer>
  readonly pipe?: PipeText | null
  readonly openPlain?: Piece['openPlain']
  readonly file?: Piece['file']
}

/** A piece whose text is found by looking into its bytes. */
export function makePiece(facts: PieceFacts): Piece {
  const piece: Piece = {
    path: facts.path,
    member: facts.member ?? null,
    compression: null,
    content: null,
    sizeBytes: facts.sizeBytes ?? null,
    mtimeMs: facts.mtimeMs ?? null,
    dateSuffix: facts.dateSuffix ?? null,
    isReplayable: facts.isReplayable,
    raw: facts.raw,
    pipe: facts.pipe ?? null,
    openPlain: facts.openPlain ?? (async () => null),
    file: facts.file ?? null,
    read: () => readPiece(piece),
  }
  return piece
}

/** A piece on disk. A pipe or a socket has no size and gives its bytes once. */
export function filePiece(
  path: string,
  absolute: string,
  stats: BigIntStats,
  dateSuffix: Piece['dateSuffix'] = null,
  onRead: (bytes: number) => void = () => {},
): Piece {
  const isFile = stats.isFile() && !isKmsg(absolute, stats)
  return makePiece({
    path,
    sizeBytes: isFile ? Number(stats.size) : null,
    mtimeMs: isFile ? Number(stats.mtimeMs) : null,
    dateSuffix,
    isReplayable: isFile,
    raw: () => counted(renamed(readFile(absolute, stats), path), onRead),
    ...(isFile ? { file: { absolute, onRead }, openPlain: () => countedPlain(absolute, path, onRead) } : {}),
  })
}

/** Standard input, or any stream that can be read once; of a pipe, what it holds is found out in `open-logs.ts`. */
export function streamPiece(path: string, stream: AsyncIterable<Buffer> | Pipe): Piece {
  return makePiece({
    path,
    isReplayable: false,
    raw: () => renamed(stream, path),
    pipe: 'fill' in stream ? named(stream, path) : null,
  })
}

function named(pipe: Pipe, path: string): PipeText {
  return {
    fill: async room => {
      try {
        return await pipe.fill(room)
      } catch (error) {
        throw toSourceError(error, path)
      }
    },
    close: pipe.close,
    pipeDescriptor: pipe.pipeDescriptor,
  }
}

async function* counted(source: AsyncIterable<Buffer>, onRead: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    onRead(chunk.length)
    yield chunk
  }
}

async function countedPlain(
  absolute: string,
  path: string,
  onRead: (bytes: number) => void,
): Promise<PlainFile | null> {
  const plain = await openPlainFile(absolute, path)
  if (plain === null) return null
  const told = (bytes: number) => {
    onRead(bytes)
    return bytes
  }
  return {
    ...plain,
    fill: room => {
      const filled = plain.fill(room)
      return typeof filled === 'number' ? told(filled) : filled.then(told)
    },
    readAt: (room, at) => told(plain.readAt(room, at)),
  }
}

/** Errors name the file as the user did, and are always SourceErrors. */
async function* renamed(source: AsyncIterable<Buffer>, path: string): AsyncGenerator<Buffer> {
  try {
    yield* source
  } catch (error) {
    throw toSourceError(error, path)
  }
}

function toSourceError(error: unknown, path: string): SourceError {
  const message = error instanceof SourceError ? error.message : describeErrno(error)
  return new SourceError(path, message, { cause: error })
}
