import { type FileHandle, mkdtemp, open, rmdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { asSourceError } from '../errno.ts'
import { type Piece, SourceError } from '../source.ts'

const CHUNK_BYTES = 256 * 1024

/** A file without a name: it goes when it is closed, also when the program is killed. */
export interface Spool {
  readonly handle: FileHandle
  readonly read: () => AsyncGenerator<Buffer>
  readonly close: () => Promise<void>
}

/** Puts a stream on disk, for what has to be read twice or from its end. The stream's own failure keeps what came before. */
export async function spool(
  source: AsyncIterable<Buffer>,
  path: string,
  tmpDir: string,
): Promise<Spool & { readonly failure: SourceError | null }> {
  let handle: FileHandle
  try {
    const directory = await mkdtemp(join(tmpDir, 'oomlens-'))
    handle = await open(join(directory, 'spool'), 'wx+', 0o600)
    await unlink(join(directory, 'spool'))
    await rmdir(directory)
  } catch (error) {
    throw asSourceError(path, `cannot make a temporary file in ${tmpDir}`, error)
  }
  let failure: SourceError | null = null
  try {
    for await (const chunk of source) await handle.appendFile(chunk)
  } catch (error) {
    if (!(error instanceof SourceError)) {
      await handle.close()
      throw asSourceError(path, 'cannot write a temporary file', error)
    }
    failure = error
  }

  async function* read(): AsyncGenerator<Buffer> {
    for (let offset = 0; ; ) {
      const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES)
      const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, offset)
      if (bytesRead === 0) break
      offset += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
    if (failure !== null) throw failure
  }
  return { handle, read, close: () => handle.close(), failure }
}

/** A piece that can be read again and again: itself, or what a pipe gave, on disk. */
export async function makeReplayable(
  piece: Piece,
  tmpDir: string,
): Promise<{ readonly raw: () => AsyncIterable<Buffer>; readonly close: () => Promise<void> }> {
  if (piece.isReplayable) return { raw: piece.raw, close: async () => {} }
  const { read, close } = await spool(piece.raw(), piece.path, tmpDir)
  return { raw: read, close }
}
