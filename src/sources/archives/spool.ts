import { type FileHandle, mkdtemp, open, rmdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { asSourceError } from '../errno.ts'
import { type Piece, SourceError } from '../source.ts'

const CHUNK_BYTES = 256 * 1024

/** A file without a name: it goes when it is closed, also when the program is killed. */
export interface Spool {
  readonly handle: FileHandle
  /** From one byte to before another, or to the end. */
  readonly read: (start?: number, end?: number) => AsyncGenerator<Buffer>
  readonly bytes: number
  /** Of the stream: it gave no more. */
  readonly failure: SourceError | null
  readonly close: () => Promise<void>
}

/** Puts a stream on disk, for what has to be read twice or from its end. The stream's own failure keeps what came before. */
export async function spool(source: AsyncIterable<Buffer>, path: string, tmpDir: string): Promise<Spool> {
  let handle: FileHandle
  try {
    const directory = await mkdtemp(join(tmpDir, 'oomlens-'))
    handle = await open(join(directory, 'spool'), 'wx+', 0o600)
    await unlink(join(directory, 'spool'))
    await rmdir(directory)
  } catch (error) {
    throw asSourceError(path, `cannot make a temporary file in ${tmpDir}`, error)
  }
  let bytes = 0
  let failure: SourceError | null = null
  try {
    for await (const chunk of source) {
      await handle.appendFile(chunk)
      bytes += chunk.length
    }
  } catch (error) {
    if (!(error instanceof SourceError)) {
      await handle.close()
      throw asSourceError(path, 'cannot write a temporary file', error)
    }
    failure = error
  }

  async function* read(start = 0, end = Number.POSITIVE_INFINITY): AsyncGenerator<Buffer> {
    for (let offset = start; offset < end; ) {
      const room = Math.min(CHUNK_BYTES, end - offset)
      const buffer = Buffer.allocUnsafeSlow(room)
      const { bytesRead } = await handle.read(buffer, 0, room, offset)
      if (bytesRead === 0) {
        if (failure !== null) throw failure
        return
      }
      offset += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  }
  return { handle, read, bytes, close: () => handle.close(), failure }
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
