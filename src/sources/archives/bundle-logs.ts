import { basename } from 'node:path'
import { namePieces } from '../name-pieces.ts'
import { makePiece } from '../piece.ts'
import { parseRotatedName } from '../rotation.ts'
import { type Log, type Piece, SourceError } from '../source.ts'
import type { Skipped } from '../walk.ts'
import type { BundleOptions } from './bundle.ts'
import { listBundle, type MemberInfo } from './list.ts'
import { type MemberText, readMembers } from './read-members.ts'
import { makeReplayable } from './spool.ts'

export interface BundleLogs {
  /** To be read in this order, each piece once: then a tar is passed over once, out of order once for each. */
  readonly logs: readonly Log[]
  /** Listings and facts of the host, to be read in this order; together they cost one more pass. */
  readonly metadata: readonly Piece[]
  readonly skipped: readonly Skipped[]
  readonly errors: readonly SourceError[]
  /** Lets go of files and of what is still open. */
  readonly close: () => Promise<void>
}

/**
 * The logs of a bundle as if they lay in a directory. A tar is passed over twice, once for its list; what comes from a pipe
 * is put on disk first.
 */
export async function openBundleLogs(piece: Piece, options: Omit<BundleOptions, 'onTrouble'>): Promise<BundleLogs> {
  const { raw, close } = await makeReplayable(piece, options.tmpDir)
  const { members, names, logs, skipped, errors } = await listBundle(piece, options, raw)
  const inTurn = (wanted: readonly MemberInfo[]) => readInTurn(piece, wanted, { ...options, onTrouble: () => {} }, raw)
  const logReader = inTurn(logs.flatMap(log => log.members))
  const metadata = members.filter(({ use }) => use === 'metadata')
  const metadataReader = inTurn(metadata)
  return {
    logs: logs.map(({ name, members: set }) => ({ name, pieces: set.map(info => logReader.pieceOf(info)) })),
    metadata: [...metadata.map(info => metadataReader.pieceOf(info)), ...namePieces(names, piece.path)],
    skipped,
    errors,
    async close() {
      await logReader.close()
      await metadataReader.close()
      await close()
    },
  }
}

function readInTurn(
  piece: Piece,
  wanted: readonly MemberInfo[],
  options: BundleOptions,
  raw: () => AsyncIterable<Buffer>,
) {
  const pass = readMembers(piece, wanted, options, raw)
  let turn = 0

  async function find(info: MemberInfo): Promise<MemberText> {
    if (wanted[turn] === info) {
      turn++
      const next = await pass.next()
      if (next.done !== true && next.value.info === info) return next.value
      // The pass went on without it: the bundle is cut, and says so to the one that asks next.
      turn = wanted.length
    } else {
      for await (const text of readMembers(piece, [info], options, raw)) return { ...text, read: () => alone(info) }
    }
    throw new SourceError(piece.path, `${info.path} is not there any more`)
  }

  async function* alone(info: MemberInfo): AsyncGenerator<Buffer> {
    for await (const text of readMembers(piece, [info], options, raw)) yield* text.read()
  }

  function pieceOf(info: MemberInfo): Piece {
    const { label } = parseRotatedName(basename(info.path))
    const made: Piece = {
      ...makePiece({
        path: piece.path,
        member: info.path,
        sizeBytes: info.sizeBytes,
        mtimeMs: info.mtimeMs,
        dateSuffix: label?.kind === 'date' ? label.day : null,
        isReplayable: true,
        raw: () => alone(info),
      }),
      async *read() {
        const text = await find(info)
        try {
          yield* text.read()
        } finally {
          made.compression = text.found.compression
          made.content = text.found.content
        }
      },
    }
    return made
  }

  return { pieceOf, close: async () => void (await pass.return(undefined)) }
}
