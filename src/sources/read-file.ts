import { closeSync, constants, promises, read, readSync, type Stats } from 'node:fs'
import { basename } from 'node:path'
import { promisify } from 'node:util'
import { asSourceError, errnoOf } from './errno.ts'
import { openNow } from './plain-file.ts'

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
  else if (isKmsg(path, stats)) yield* readKmsg(path)
  else if (stats.isFile()) yield* readRegular(path)
  else yield* readHandle(path)
}

/** Where the kernel's own ring buffer is read, which gives what there is and then keeps its reader waiting. */
export function isKmsg(absolute: string, stats: Pick<Stats, 'isCharacterDevice'>): boolean {
  return absolute === '/proc/kmsg' || (stats.isCharacterDevice() && basename(absolute) === 'kmsg')
}

async function openFile(path: string, flags: number): Promise<promises.FileHandle> {
  try {
    return await promises.open(path, flags)
  } catch (error) {
    throw asSourceError(path, 'cannot open', error)
  }
}

const readAtOnce = (descriptor: number, room: Buffer): number => readSync(descriptor, room, 0, room.length, null)
const readByPool = promisify(read)

/** The first chunk is read at once; while the taker works at one of a longer file, the next is fetched. */
async function* readRegular(path: string): AsyncGenerator<Buffer> {
  const descriptor = openNow(path)
  const chunks = createChunks(path)
  const fetchNext = () =>
    chunks.next(async room => (await readByPool(descriptor, room, 0, room.length, null)).bytesRead)
  let ahead: Promise<Buffer> | null = null
  try {
    for (let isLong = false; ; ) {
      const chunk: Buffer = await (ahead ?? chunks.next(room => readAtOnce(descriptor, room)))
      if (chunk.length === 0) return
      isLong ||= chunk.length === CHUNK_BYTES
      ahead = isLong ? fetchNext() : null
      // its failure is met in its turn, unless the taker leaves
      ahead?.catch(() => {})
      yield chunk
    }
  } finally {
    // what is under way must not read from who gets the number next
    await ahead?.catch(() => {})
    closeSync(descriptor)
  }
}

/** A pipe or a device: the next chunk may never come, and is waited for only when it is wanted. */
async function* readHandle(path: string): AsyncGenerator<Buffer> {
  const handle = await openFile(path, constants.O_RDONLY)
  const chunks = createChunks(path)
  try {
    for (;;) {
      const chunk = await chunks.next(async room => (await handle.read(room, 0, room.length, null)).bytesRead)
      if (chunk.length === 0) return
      yield chunk
    }
  } finally {
    await handle.close()
  }
}

function createChunks(path: string) {
  let offset = 0
  return {
    next: async (fill: (room: Buffer) => number | Promise<number>): Promise<Buffer> => {
      const room = Buffer.allocUnsafeSlow(CHUNK_BYTES)
      try {
        const length = await fill(room)
        offset += length
        return room.subarray(0, length)
      } catch (error) {
        throw asSourceError(path, offset === 0 ? 'cannot read' : `cannot read on at byte ${offset}`, error)
      }
    },
  }
}

/**
 * `/dev/kmsg` gives a record a read, `/proc/kmsg` some lines, and both would wait at the newest one: opened without waiting,
 * that is the end. EPIPE says that records were overwritten meanwhile; the next read goes on after them.
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
  const { connect } = await import('node:net')
  const socket = connect(path)
  try {
    for await (const chunk of socket) yield chunk as Buffer // no encoding is set, so chunks are buffers
  } catch (error) {
    throw asSourceError(path, 'cannot read the socket', error)
  } finally {
    socket.destroy()
  }
}
