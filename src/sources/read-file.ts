import { constants, type Stats } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { connect } from 'node:net'
import { basename } from 'node:path'
import { asSourceError, errnoOf } from './errno.ts'

/** Stays in the second-level cache; larger reads were no faster. */
const CHUNK_BYTES = 256 * 1024

/**
 * Bytes of a file, a pipe, a socket or a device as they are stored. Each chunk is a buffer of its own, so the taker may
 * keep it. Rejects with a SourceError in plain words.
 */
export async function* readFile(
  path: string,
  stats: Pick<Stats, 'isSocket' | 'isCharacterDevice' | 'isFile'>,
): AsyncGenerator<Buffer> {
  if (stats.isSocket()) yield* readSocket(path)
  else if (stats.isCharacterDevice() && basename(path) === 'kmsg') yield* readKmsg(path)
  else yield* readHandle(path, stats.isFile())
}

async function openFile(path: string, flags: number): Promise<FileHandle> {
  try {
    return await open(path, flags)
  } catch (error) {
    throw asSourceError(path, 'cannot open', error)
  }
}

/** @param readsAhead whether the next chunk is fetched while the taker works: not of a pipe, which may never give one */
async function* readHandle(path: string, readsAhead: boolean): AsyncGenerator<Buffer> {
  const handle = await openFile(path, constants.O_RDONLY)
  let offset = 0
  const read = async (): Promise<Buffer> => {
    const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES)
    try {
      return buffer.subarray(0, (await handle.read(buffer, 0, CHUNK_BYTES, null)).bytesRead)
    } catch (error) {
      throw asSourceError(path, offset === 0 ? 'cannot read' : `cannot read on at byte ${offset}`, error)
    }
  }
  try {
    let ahead: Promise<Buffer> | null = null
    for (;;) {
      const chunk = await (ahead ?? read())
      if (chunk.length === 0) return
      offset += chunk.length
      ahead = readsAhead ? read() : null
      // its failure is met in its turn, unless the taker leaves
      ahead?.catch(() => {})
      yield chunk
    }
  } finally {
    await handle.close()
  }
}

/**
 * `/dev/kmsg` gives a record a read and would wait at the newest one: opened without waiting, that is the end. EPIPE says
 * that records were overwritten meanwhile; the next read goes on after them.
 *
 * @see torvalds/linux Documentation/ABI/testing/dev-kmsg
 */
async function* readKmsg(path: string): AsyncGenerator<Buffer> {
  const handle = await openFile(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const record = Buffer.allocUnsafeSlow(16 * 1024)
  try {
    for (;;) {
      try {
        const { bytesRead } = await handle.read(record, 0, record.length, null)
        if (bytesRead === 0) return
        yield Buffer.from(record.subarray(0, bytesRead))
      } catch (error) {
        const code = errnoOf(error)
        if (code === 'EAGAIN') return
        if (code !== 'EPIPE') throw asSourceError(path, 'cannot read', error)
      }
    }
  } finally {
    await handle.close()
  }
}

async function* readSocket(path: string): AsyncGenerator<Buffer> {
  const socket = connect(path)
  try {
    for await (const chunk of socket) yield chunk as Buffer // no encoding is set, so chunks are buffers
  } catch (error) {
    throw asSourceError(path, 'cannot read the socket', error)
  } finally {
    socket.destroy()
  }
}
