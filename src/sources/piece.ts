import type { BigIntStats } from 'node:fs'
import { readPiece } from './open.ts'
import { openPlainFile, type PlainFile } from './plain-file.ts'
import { readFile } from './read-file.ts'
import { type Piece, SourceError } from './source.ts'

export interface PieceFacts {
  readonly path: string
  readonly member?: string | null
  readonly sizeBytes?: number | null
  readonly mtimeMs?: number | null
  readonly dateSuffix?: Piece['dateSuffix']
  readonly isReplayable: boolean
  readonly raw: () => AsyncIterable<Buffer>
  readonly openPlain?: () => Promise<PlainFile | null>
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
    openPlain: facts.openPlain ?? (async () => null),
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
): Piece {
  const isFile = stats.isFile()
  return makePiece({
    path,
    sizeBytes: isFile ? Number(stats.size) : null,
    mtimeMs: isFile ? Number(stats.mtimeMs) : null,
    dateSuffix,
    isReplayable: isFile,
    raw: () => renamed(readFile(absolute, stats), path),
    ...(isFile ? { openPlain: () => openPlainFile(absolute) } : {}),
  })
}

/** Standard input, or any stream that can be read once. */
export function streamPiece(path: string, stream: AsyncIterable<Buffer>): Piece {
  return makePiece({ path, isReplayable: false, raw: () => renamed(stream, path) })
}

/** Errors name the file as the user did, and are always SourceErrors. */
async function* renamed(source: AsyncIterable<Buffer>, path: string): AsyncGenerator<Buffer> {
  try {
    yield* source
  } catch (error) {
    throw new SourceError(path, error instanceof Error ? error.message : String(error), { cause: error })
  }
}
