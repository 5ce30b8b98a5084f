import { Decompress } from 'fzstd'
import createXxhash, { type XXHashAPI } from 'xxhash-wasm'
import { type ByteReader, byteReader } from '../byte-reader.ts'
import { damaged, trailing, truncated, unsupported } from './trouble.ts'

/** As the zstd program's own limit without `--long` or `--memory`. */
const MAX_WINDOW_BYTES = 128 * 1024 * 1024
const MAX_BLOCK_BYTES = 128 * 1024

/** Compiled once: a journal has thousands of small frames. */
let library: Promise<XXHashAPI> | null = null

/**
 * Zstandard, RFC 8878: any number of frames, skippable ones among them, with checksums.
 *
 * The frames are taken apart here: fzstd neither notices a cut between blocks nor looks at the checksum.
 */
export async function* decodeZstd(source: AsyncIterable<Buffer>, path: string): AsyncGenerator<Buffer> {
  const reader = byteReader(source)
  try {
    library ??= createXxhash()
    const xxhash = await library
    for (let frames = 0; ; frames++) {
      const byte = reader.position()
      const magic = await reader.take(4)
      if (magic.length < 4) {
        reader.assertSound()
        if (magic.length === 0) return
        throw frames === 0 ? truncated(path, 'zstd', reader.position()) : trailing(path, 'zstd', byte)
      }
      const number = magic.readUInt32LE(0)
      if (number >>> 4 === 0x0184d2a5) await skipFrame(reader, path)
      else if (number === 0xfd2fb528) yield* decodeFrame(reader, path, xxhash)
      else throw trailing(path, 'zstd', byte)
    }
  } finally {
    await reader.close()
  }
}

/** Exactly `count` bytes, else the trouble that cut them short. */
async function need(reader: ByteReader, path: string, count: number): Promise<Buffer> {
  const bytes = await reader.take(count)
  if (bytes.length === count) return bytes
  reader.assertSound()
  throw truncated(path, 'zstd', reader.position())
}

async function skipFrame(reader: ByteReader, path: string): Promise<void> {
  const length = (await need(reader, path, 4)).readUInt32LE(0)
  if ((await reader.skip(length)) === length) return
  reader.assertSound()
  throw truncated(path, 'zstd', reader.position())
}

interface FrameHeader {
  /** What fzstd is given: the header without its checksum flag. */
  readonly bytes: Buffer
  readonly hasChecksum: boolean
}

async function readHeader(reader: ByteReader, path: string): Promise<FrameHeader> {
  const start = reader.position() - 4
  const flags = (await need(reader, path, 1))[0] ?? 0
  if ((flags & 8) !== 0) throw damaged(path, 'zstd', start, 'a reserved bit is set')
  const isSingleSegment = (flags & 0x20) !== 0
  const dictionaryBytes = [0, 1, 2, 4][flags & 3] ?? 0
  const sizeCode = flags >> 6
  const sizeBytes = sizeCode === 0 ? Number(isSingleSegment) : 1 << sizeCode
  const windowBytes = Number(!isSingleSegment)
  const fields = await need(reader, path, windowBytes + dictionaryBytes + sizeBytes)
  if (fields.subarray(windowBytes, windowBytes + dictionaryBytes).some(byte => byte !== 0)) {
    throw unsupported(path, 'zstd', start, 'it needs a dictionary', 'zstd -dc -D DICTIONARY FILE | oomlens -')
  }
  const descriptor = fields[0] ?? 0
  const window = isSingleSegment
    ? readSize(fields.subarray(dictionaryBytes))
    : 2 ** (10 + (descriptor >> 3)) * (1 + (descriptor & 7) / 8)
  if (window > MAX_WINDOW_BYTES) {
    const mebibytes = Math.ceil(window / 2 ** 20)
    throw unsupported(path, 'zstd', start, `its window is ${mebibytes} MiB`, 'zstd -dc --long=31 FILE | oomlens -')
  }
  const bytes = Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, flags & ~4]), fields])
  return { bytes, hasChecksum: (flags & 4) !== 0 }
}

function readSize(bytes: Buffer): number {
  if (bytes.length === 8) return Number(bytes.readBigUInt64LE(0))
  return bytes.readUIntLE(0, bytes.length) + (bytes.length === 2 ? 256 : 0)
}

async function* decodeFrame(reader: ByteReader, path: string, xxhash: XXHashAPI): AsyncGenerator<Buffer> {
  const header = await readHeader(reader, path)
  const hash = xxhash.create64()
  let decoded: Buffer[] = []
  const decoder = new Decompress(chunk => {
    // A view of what fzstd goes on to use, so a copy.
    if (chunk.length > 0) decoded.push(Buffer.from(chunk))
  })
  let before: Buffer = header.bytes
  for (let isLast = false; !isLast; ) {
    const byte = reader.position()
    const head = await need(reader, path, 3)
    const word = head.readUIntLE(0, 3)
    isLast = (word & 1) === 1
    const type = (word >> 1) & 3
    const length = type === 1 ? 1 : word >> 3
    if (type === 3 || word >> 3 > MAX_BLOCK_BYTES) throw damaged(path, 'zstd', byte, 'no such block')
    const body = await need(reader, path, length)
    try {
      decoder.push(Buffer.concat([before, head, body]), isLast)
    } catch (error) {
      throw damaged(path, 'zstd', byte, error instanceof Error ? error.message : String(error))
    }
    before = Buffer.alloc(0)
    for (const chunk of decoded) {
      hash.update(chunk)
      yield chunk
    }
    decoded = []
  }
  if (!header.hasChecksum) return
  const byte = reader.position()
  const sum = (await need(reader, path, 4)).readUInt32LE(0)
  if (Number(hash.digest() & 0xffffffffn) !== sum) {
    throw damaged(path, 'zstd', byte, 'the checksum of the text does not match')
  }
}
