/** Arguments to logs: what `discover` found, with bundles opened in place. */
import type { BundleLogs } from './archives/bundle-logs.ts'
import type { BundleLimits } from './archives/limits.ts'
import { type ByteReader, byteReader } from './byte-reader.ts'
import { HEAD_BYTES } from './content.ts'
import { type DiscoverIo, type Discovery, discover } from './discover.ts'
import { openPiece, openStream, readPiece } from './open.ts'
import { discoverOwnLogs } from './own-logs.ts'
import type { PipeText } from './pipe.ts'
import { type Content, type Log, type Piece, SourceError } from './source.ts'
import type { Skipped } from './walk.ts'

export interface OpenLogsOptions extends DiscoverIo {
  readonly limits: BundleLimits
  /** For zip files and for bundles from a pipe: files in it are unlinked at once. */
  readonly tmpDir: string
}

export interface OpenedLogs {
  /** To be read in this order. */
  readonly logs: readonly Log[]
  /** Listings and facts in bundles, to be read in this order. */
  readonly metadata: readonly Piece[]
  readonly skipped: readonly Skipped[]
  readonly errors: readonly SourceError[]
  readonly close: () => Promise<void>
}

/** @param paths the arguments; null for this machine's own logs */
export async function openLogs(paths: readonly string[] | null, options: OpenLogsOptions): Promise<OpenedLogs> {
  const found: Discovery = paths === null ? await discoverOwnLogs(options) : await discover(paths, options)
  const logs: Log[] = []
  const skipped = [...found.skipped]
  const errors = [...found.errors]
  const bundles: BundleLogs[] = []
  for (const log of found.logs) {
    const [piece] = log.pieces
    // a rotated set is no bundle
    if (piece === undefined || log.pieces.length > 1) {
      logs.push(log)
      continue
    }
    try {
      const sniffed = await sniff(piece)
      if (sniffed.content !== 'tar' && sniffed.content !== 'zip') {
        logs.push({ ...log, pieces: [sniffed.piece] })
        continue
      }
      const { openBundleLogs } = await import('./archives/bundle-logs.ts')
      const bundle = await openBundleLogs(sniffed.piece, options)
      bundles.push(bundle)
      logs.push(...bundle.logs)
      skipped.push(...bundle.skipped)
      errors.push(...bundle.errors)
      if (bundle.logs.length === 0 && bundle.errors.length === 0) {
        errors.push(new SourceError(piece.path, 'no logs in this bundle'))
      }
    } catch (error) {
      if (!(error instanceof SourceError)) throw error
      errors.push(error)
    }
  }
  return {
    logs,
    metadata: [...found.metadata, ...bundles.flatMap(({ metadata }) => metadata)],
    skipped,
    errors,
    close: async () => {
      for (const bundle of bundles) await bundle.close()
    },
  }
}

/** What a piece holds, and the piece to read: of a pipe, one that gives the bytes that were looked at again. */
async function sniff(piece: Piece): Promise<{ content: Content; piece: Piece }> {
  if (piece.isReplayable) {
    // nearly always, and sooner told
    const plain = await piece.openPlain().catch(() => null)
    if (plain !== null) {
      await plain.close()
      return { content: 'text', piece }
    }
    const opened = await openPiece(piece)
    await opened.close()
    return { content: opened.content, piece }
  }
  const reader = byteReader(piece.raw())
  const head = await reader.atHand(HEAD_BYTES)
  const opened = await openStream(once(head), piece.path, true)
  await opened.close()
  const { content, compression, encoding } = opened
  const isPlain = content === 'text' && encoding === 'utf-8' && compression === null && head.length >= SURE_BYTES
  const whole: Piece = {
    ...piece,
    raw: () => reader.rest(),
    read: () => readPiece(whole),
    openPlain: async () =>
      isPlain && head[0] !== BYTE_ORDER_MARK && piece.pipe ? afterHead(reader, piece.pipe) : null,
  }
  return { content, piece: whole }
}

/** A shorter beginning may be that of anything. */
const SURE_BYTES = 512
const BYTE_ORDER_MARK = 0xef

/** First what the reader has taken from the pipe, then what is left in it. */
function afterHead(reader: ByteReader, pipe: PipeText): PipeText {
  return {
    fill: async room => {
      const taken = await reader.take(Math.min(reader.atHandBytes(), room.length))
      if (taken.length === 0) return pipe.fill(room)
      room.set(taken)
      return taken.length
    },
    close: pipe.close,
    pipeDescriptor: pipe.pipeDescriptor,
  }
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes
}
