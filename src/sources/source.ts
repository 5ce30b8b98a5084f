import type { PipeText } from './pipe.ts'
import type { PlainFile } from './plain-file.ts'

/**
 * What stands in a file. `binary` is read as text all the same; a `tar` or `zip` is a bundle of further files; `journal`
 * becomes lines of JSON. The last ones cannot be read.
 */
export type Content = 'text' | 'binary' | 'empty' | 'html' | 'journal' | 'tar' | 'zip' | 'age' | 'gpg' | 'lz4' | '7z'

/**
 * Where bytes come from.
 *
 * A *log* is one series of text in time order: one file, or a rotated set of which the oldest comes first. Each file of
 * it is a *piece*. Nothing of the sieve or of an open kernel report crosses from one log to another; identities do.
 */
export interface Piece {
  /** As given or found. `-` for standard input. */
  readonly path: string
  /** Path inside a bundle, else null. */
  readonly member: string | null
  /** Codec found by content, else null. Known only once the piece was opened. */
  compression: string | null
  /** Bytes on disk, null where unknown (a pipe). */
  readonly sizeBytes: number | null
  /** Modification time, epoch ms, null where unknown. */
  readonly mtimeMs: number | null
  /** Date in the name of a rotated file (`messages-20220313`): its lines are from before the end of that day. */
  readonly dateSuffix: { readonly year: number; readonly month: number; readonly day: number } | null
  /** What the bytes are once decompressed. Known only once the piece was opened. */
  content: Content | null
  /** False for a pipe, a socket and standard input: `read` and `raw` give their bytes once. */
  readonly isReplayable: boolean
  /** Bytes as stored. For those who look inside: the opener and the bundle readers. */
  readonly raw: () => AsyncIterable<Buffer>
  /** The same bytes put where the taker wants them, of standard input; null for all else. */
  readonly pipe: PipeText | null
  /** The short way to the bytes of plain text, of a file or a pipe; null for anything else, which `read` knows how to read. */
  readonly openPlain: () => Promise<PlainFile | PipeText | null>
  /** Where another thread finds the bytes of a file of its own, to be told of what that reads; null for all else. */
  readonly file: { readonly absolute: string; readonly onRead: (bytes: number) => void } | null
  /** Decompressed bytes. A failure in the middle rejects with a {@link SourceError} after what could be read was given. */
  readonly read: () => AsyncIterable<Buffer>
}

export interface Log {
  /** Name without rotation label and compression suffix. */
  readonly name: string
  /** Oldest first. */
  readonly pieces: readonly Piece[]
}

/** Bytes of logs on disk, as stored and as far as known. */
export const storedBytes = (logs: readonly Log[]): number =>
  logs.flatMap(({ pieces }) => pieces).reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0)

/** One source cannot be found, opened or read to its end. The others go on; the program ends with exit status 2. */
export class SourceError extends Error {
  readonly path: string
  constructor(path: string, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'SourceError'
    this.path = path
  }
}
