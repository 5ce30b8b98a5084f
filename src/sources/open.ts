import { type ByteReader, byteReader } from './byte-reader.ts'
import { MAGIC_BYTES } from './codecs/codec.ts'
import { codecs } from './codecs/index.ts'
import { detectContent, type Encoding, firstByte, HEAD_BYTES } from './content.ts'
import { type Content, type Piece, SourceError } from './source.ts'
import { asUtf8 } from './transcode.ts'

/** Compressions inside one another (`x.log.gz.xz`); deeper is a trap. */
const MAX_LAYERS = 4

/** A stream of which is known what it is. Nothing was lost by looking. */
export interface Opened {
  readonly content: Content
  /** Names of the codecs, outermost first, joined by `+`; null for none. */
  readonly compression: string | null
  readonly encoding: Encoding
  /** Only NULs were seen, as a crash leaves them: what it is, what follows tells. */
  readonly isBlank: boolean
  /** The decompressed bytes as they are. To be read once. */
  readonly bytes: () => AsyncGenerator<Buffer>
  /** What the program reads: UTF-8 text, a journal as lines of JSON. Throws a SourceError for what holds no text. */
  readonly text: () => AsyncGenerator<Buffer>
  /** Lets the source go when it is not read to its end. */
  readonly close: () => Promise<void>
}

/**
 * Opens a stream by its content: undoes compression layer by layer, then says what is inside.
 *
 * A stream that is damaged in its first bytes still opens; the trouble comes after what could be read.
 *
 * @param path only for messages
 * @param reopen the stream from its beginning, where it can be had again
 * @param isLive a pipe that may give a line now and then: what it is is told by what is at hand
 */
export async function openStream(
  source: AsyncIterable<Buffer>,
  path: string,
  isLive = false,
  reopen: (() => AsyncIterable<Buffer>) | null = null,
): Promise<Opened> {
  const layers: string[] = []
  let reader = byteReader(source)
  try {
    for (;;) {
      const head = await reader.peek(MAGIC_BYTES)
      const codec = codecs.find(({ matches }) => matches(head))
      if (codec === undefined) break
      if (layers.length === MAX_LAYERS) {
        throw new SourceError(path, `compressed more than ${MAX_LAYERS} times over: not read`)
      }
      layers.push(codec.name)
      const decode = await codec.load()
      reader = byteReader(decode(reader.rest(), path, layers.length === 1 ? reopen : null))
    }
    const head = await (isLive ? headOf(reader) : reader.peek(HEAD_BYTES))
    const { content, encoding } = detectContent(head)
    const compression = layers.length === 0 ? null : layers.join('+')
    const bytes = reader.rest
    return {
      content,
      compression,
      encoding,
      isBlank: content === 'binary' && firstByte(head) === -1,
      bytes,
      text: () => textOf(content, encoding, bytes, path),
      close: reader.close,
    }
  } catch (error) {
    await reader.close()
    throw error
  }
}

/** Length of a tar header: what is shorter and has a NUL in it may be the beginning of one. */
const TAR_BLOCK = 512

/** The first bytes that are at hand: a pipe that gives a line now and then must not be waited for. */
async function headOf(reader: ByteReader): Promise<Buffer> {
  const head = await reader.atHand(HEAD_BYTES)
  return head.length < TAR_BLOCK && head.includes(0) ? await reader.peek(TAR_BLOCK) : head
}

/** As {@link openStream}, for a piece; notes in it what was found. */
export async function openPiece(piece: Piece): Promise<Opened> {
  const opened = await openStream(piece.raw(), labelOf(piece), !piece.isReplayable, isWhole(piece) ? piece.raw : null)
  piece.compression = opened.compression
  piece.content = opened.content
  if (!opened.isBlank) return opened
  const found = (content: Content): void => {
    if (content === 'text') piece.content = 'text'
  }
  return { ...opened, text: () => judged(opened.text(), found) }
}

/** Tells what stands behind the NULs in front. */
async function* judged(text: AsyncIterable<Buffer>, found: (content: Content) => void): AsyncGenerator<Buffer> {
  let isBlank = true
  for await (const chunk of text) {
    const start = isBlank ? firstByte(chunk) : -1
    if (start !== -1) {
      isBlank = false
      found(detectContent(chunk.subarray(start)).content)
    }
    yield chunk
  }
}

/** `messages`, or `bundle.tgz!var/log/messages` for a member of a bundle. */
export const labelOf = ({ path, member }: Pick<Piece, 'path' | 'member'>): string =>
  member === null ? path : `${path}!${member}`

/** A file of its own, whose bytes can be had again; a member of a bundle comes by once. */
const isWhole = ({ isReplayable, member }: Piece): boolean => isReplayable && member === null

/** The `read` of a piece. */
export async function* readPiece(piece: Piece): AsyncGenerator<Buffer> {
  const opened = await openPiece(piece)
  try {
    yield* opened.text()
  } finally {
    await opened.close()
  }
}

async function* textOf(
  content: Content,
  encoding: Encoding,
  bytes: () => AsyncGenerator<Buffer>,
  path: string,
): AsyncGenerator<Buffer> {
  switch (content) {
    case 'text':
    case 'binary':
    case 'empty':
      yield* asUtf8(bytes(), encoding)
      return
    case 'journal': {
      const { readJournal } = await import('./journal.ts')
      yield* readJournal(bytes(), path)
      return
    }
    case 'tar':
    case 'zip':
      throw new SourceError(path, `is a ${content} archive and was taken for a log`)
    case 'html':
      throw new SourceError(path, 'is a web page, not a log (the kubelet lists a directory like this)')
    case 'age':
      throw new SourceError(path, 'is encrypted with age; decrypt it first: age -d -i KEY FILE | oomlens -')
    case 'gpg':
      throw new SourceError(path, 'is encrypted with OpenPGP; decrypt it first: gpg -d FILE | oomlens -')
    case 'lz4':
      throw new SourceError(path, 'is compressed with lz4, which is not read; try: lz4 -dc FILE | oomlens -')
    case '7z':
      throw new SourceError(path, 'is a 7z archive, which is not read; unpack it and name the directory')
    default:
      return content satisfies never
  }
}
