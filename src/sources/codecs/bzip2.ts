import { byteReader } from '../byte-reader.ts'
import { type Block, bitsOf, OutOfBits, read32, readBlock } from './bzip2-block.ts'
import { damaged, trailing, truncated } from './trouble.ts'

/** A block of 900,000 symbols of at most 20 bits, and its tables. */
const MAX_BLOCK_BYTES = 2_500_000
/** So much is looked ahead, in order not to move the rest for every block. */
const WINDOW_BYTES = 2 * MAX_BLOCK_BYTES
const OUTPUT_BYTES = 64 * 1024

/**
 * bzip2: any number of streams. A block is decoded when all of it is at hand, and given out in pieces.
 *
 * Not by a library: unbzip2-stream holds all text of the last megabyte of input at once (a block of equal bytes is 45 MB
 * of text in 40 bytes), 8 bytes for each, and a forged run length keeps it going for ever.
 */
export async function* decodeBzip2(source: AsyncIterable<Buffer>, path: string): AsyncGenerator<Buffer> {
  const reader = byteReader(source)
  let window: Buffer = Buffer.alloc(0)
  /** Of `window` in the input. */
  let base = 0
  const fill = async (used: number): Promise<void> => {
    base += used
    window = window.subarray(used)
    if (window.length >= MAX_BLOCK_BYTES) return
    window = Buffer.concat([window, await reader.take(WINDOW_BYTES - window.length)])
  }
  try {
    await fill(0)
    for (let streams = 0; window.length > 0; streams++) {
      const size = /^BZh([1-9])/.exec(window.toString('latin1', 0, 4))?.[1]
      if (size === undefined) {
        reader.assertSound()
        if (streams > 0 && window.every(byte => byte === 0)) return
        throw streams > 0 ? trailing(path, 'bzip2', base) : truncated(path, 'bzip2', base + window.length)
      }
      const links = new Uint32Array(Number(size) * 100_000)
      let bits = bitsOf(window, 4)
      let combined = 0
      for (;;) {
        let block: Block | null
        const start = base + bits.index()
        try {
          const magic = bits.read(24) * 2 ** 24 + bits.read(24)
          if (magic === 0x314159265359) block = readBlock(bits, links)
          else if (magic === 0x177245385090) block = null
          else throw new Error('no block begins here')
          if (block === null && read32(bits) !== combined) throw new Error('the checksum of the whole does not match')
        } catch (error) {
          if (error !== OutOfBits) throw damaged(path, 'bzip2', start, (error as Error).message)
          reader.assertSound()
          throw truncated(path, 'bzip2', base + window.length)
        }
        if (block === null) break
        const sum = yield* textOf(block)
        if (sum !== block.checksum) throw damaged(path, 'bzip2', start, 'the checksum of the block does not match')
        combined = (((combined << 1) | (combined >>> 31)) ^ sum) >>> 0
        // Blocks do not end at whole bytes: the reader of bits moves over with its place in the byte.
        const used = bits.index()
        if (window.length - used < MAX_BLOCK_BYTES) {
          const bitOffset = bits.bitOffset()
          await fill(used)
          bits = bitsOf(window, 0)
          bits.read(bitOffset)
        }
      }
      await fill(bits.alignedIndex())
    }
    reader.assertSound()
  } finally {
    await reader.close()
  }
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte << 24
  for (let bit = 0; bit < 8; bit++) sum = sum < 0 ? (sum << 1) ^ 0x04c11db7 : sum << 1
  return sum >>> 0
})

/** Four equal bytes are followed by a count of further ones. Returns the checksum of the text. */
function* textOf({ links, count, first }: Block): Generator<Buffer, number> {
  let out = Buffer.allocUnsafeSlow(OUTPUT_BYTES)
  let length = 0
  let sum = -1
  let next = first
  let previous = -1
  let run = 0
  for (let left = count; left > 0; left--) {
    const link = links[next] ?? 0
    const byte = link & 0xff
    next = link >>> 8
    let copies = 1
    let value = byte
    if (run === 4) {
      copies = byte
      value = previous
      run = 0
      previous = -1
    } else if (byte === previous) run++
    else {
      run = 1
      previous = byte
    }
    if (length + copies > OUTPUT_BYTES) {
      yield out.subarray(0, length)
      out = Buffer.allocUnsafeSlow(OUTPUT_BYTES)
      length = 0
    }
    for (; copies > 0; copies--) {
      sum = (sum << 8) ^ (crcTable[((sum >>> 24) ^ value) & 0xff] ?? 0)
      out[length++] = value
    }
  }
  if (length > 0) yield out.subarray(0, length)
  return ~sum >>> 0
}
