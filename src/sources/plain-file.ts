import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { MAGIC_BYTES } from './codecs/codec.ts'
import { codecs } from './codecs/index.ts'
import { detectContent, HEAD_BYTES } from './content.ts'
import { asSourceError } from './errno.ts'

/** A file of plain text, read to wherever the taker wants its bytes: no buffer is made for a chunk. */
export interface PlainFile {
  /** Fills the room from its start; resolves to the number of bytes, 0 at the end. Rejects with a SourceError. */
  readonly fill: (room: Buffer) => Promise<number>
  readonly close: () => Promise<void>
}

/** Opens a file as {@link PlainFile}; null for what is compressed, in UTF-16, or no text: that takes the long way. */
export async function openPlainFile(path: string): Promise<PlainFile | null> {
  const handle = await open(path, constants.O_RDONLY).catch((error: unknown) => {
    throw asSourceError(path, 'cannot open', error)
  })
  let offset = 0
  try {
    const room = Buffer.allocUnsafe(HEAD_BYTES)
    const { bytesRead } = await handle.read(room, 0, HEAD_BYTES, 0)
    const head = room.subarray(0, bytesRead)
    const { content, encoding } = detectContent(head)
    const isPlain = content === 'text' && encoding === 'utf-8'
    if (!isPlain || codecs.some(({ matches }) => matches(head.subarray(0, MAGIC_BYTES)))) {
      await handle.close()
      return null
    }
    // a byte order mark is no part of the text
    if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) offset = 3
  } catch (error) {
    await handle.close()
    throw asSourceError(path, 'cannot read', error)
  }
  return {
    fill: async room => {
      try {
        const { bytesRead } = await handle.read(room, 0, room.length, offset)
        offset += bytesRead
        return bytesRead
      } catch (error) {
        throw asSourceError(path, `cannot read on at byte ${offset}`, error)
      }
    },
    close: () => handle.close(),
  }
}
