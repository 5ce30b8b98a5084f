import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { MAGIC_BYTES } from './codecs/codec.ts'
import { codecs } from './codecs/index.ts'
import { detectContent, HEAD_BYTES } from './content.ts'
import { asSourceError } from './errno.ts'

/** Plain text, read to wherever the taker wants its bytes: no buffer is made for a chunk. */
export interface PlainText {
  /** Fills the room from its start; gives the number of bytes, 0 at the end. */
  readonly fill: (room: Buffer) => number | Promise<number>
  /** Whoever waits for bytes is told that there are none. */
  readonly close: () => Promise<void>
}

/** A file of plain text. Fails with a SourceError. */
export interface PlainFile extends PlainText {
  /** As `fill`, from a place in the text on. */
  readonly readAt: (room: Buffer, at: number) => number
  /** Bytes of text when it was opened. */
  readonly size: number
  /** For other threads: the open file, and where in it the text begins (after a byte order mark). */
  readonly descriptor: number
  readonly textStart: number
}

/** After so many reads the event loop has a turn, for signals: they come hundreds of times a second. */
const READS_A_TURN = 64

/**
 * Opens a file as {@link PlainFile}; null for what is compressed, in UTF-16, or no text: that takes the long way.
 *
 * @param path as the user named it, for messages
 */
export async function openPlainFile(absolute: string, path = absolute): Promise<PlainFile | null> {
  const descriptor = openNow(absolute, path)
  let textStart = 0
  let size = 0
  try {
    const room = Buffer.allocUnsafe(HEAD_BYTES)
    const head = room.subarray(0, readSync(descriptor, room, 0, HEAD_BYTES, 0))
    const { content, encoding } = detectContent(head)
    const isPlain = content === 'text' && encoding === 'utf-8'
    if (!isPlain || codecs.some(({ matches }) => matches(head.subarray(0, MAGIC_BYTES)))) {
      closeSync(descriptor)
      return null
    }
    // a byte order mark is no part of the text
    if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) textStart = 3
    size = fstatSync(descriptor).size - textStart
  } catch (error) {
    closeSync(descriptor)
    throw asSourceError(path, 'cannot read', error)
  }
  // Not through a promise: a turn through the thread pool for each 256 KiB takes several times as long as the copy.
  const readAt = (room: Buffer, at: number): number => {
    try {
      return readSync(descriptor, room, 0, room.length, textStart + at)
    } catch (error) {
      throw asSourceError(path, `cannot read on at byte ${textStart + at}`, error)
    }
  }
  let offset = 0
  const read = (room: Buffer): number => {
    const bytesRead = readAt(room, offset)
    offset += bytesRead
    return bytesRead
  }
  let reads = 0
  return {
    readAt,
    size,
    descriptor,
    textStart,
    fill: room => {
      reads++
      return reads % READS_A_TURN === 0 ? setImmediate(room).then(read) : read(room)
    },
    close: async () => closeSync(descriptor),
  }
}

/** A regular file does not keep one waiting, so that the thread pool need not be started for a small log. */
export function openNow(absolute: string, path = absolute): number {
  try {
    return openSync(absolute, constants.O_RDONLY)
  } catch (error) {
    throw asSourceError(path, 'cannot open', error)
  }
}
