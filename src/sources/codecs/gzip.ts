import { constants, crc32, createInflateRaw, inflateRawSync } from 'node:zlib'
import { type ByteReader, byteReader } from '../byte-reader.ts'
import { damaged, trailing, truncated } from './trouble.ts'

/**
 * Input goes in by this much: with a ratio of at most 1032 the output held at once is 66 MB at most, of a bomb; of a log it
 * is a quarter of a megabyte. 16 KiB with outputs of 64 KiB took a third more time, all in node's streams.
 */
const SLICE_BYTES = 64 * 1024
/**
 * Each slice is a turn through the thread pool. Only where damage can be looked at again, and of what packs like a log: a
 * bomb behind such text holds 264 MB for one turn.
 */
const LONG_SLICE_BYTES = 256 * 1024
const LOG_RATIO = 64
/** Near the damage: zlib drops what it had decoded of the slice in which it met it. */
const FINE_SLICE_BYTES = 128
const OUTPUT_BYTES = 1024 * 1024

/**
 * gzip, RFC 1952: any number of members, zero padding between and after them.
 *
 * The members are taken apart here and only their deflate data goes to zlib, since node's own gunzip drops what it has
 * just decoded when a member is followed by something else.
 */
export async function* decodeGzip(
  source: AsyncIterable<Buffer>,
  path: string,
  reopen: (() => AsyncIterable<Buffer>) | null = null,
): AsyncGenerator<Buffer> {
  let given = 0
  let damagedFrom: number | null = null
  try {
    for await (const chunk of decodeMembers(source, path, {
      isAtHand: reopen !== null,
      longest: reopen === null ? SLICE_BYTES : LONG_SLICE_BYTES,
      fineFrom: Number.POSITIVE_INFINITY,
      onDamage: position => {
        damagedFrom = position
      },
    })) {
      given += chunk.length
      yield chunk
    }
  } catch (error) {
    if (reopen !== null && damagedFrom !== null) {
      yield* afterSome(
        decodeMembers(reopen(), path, { isAtHand: true, longest: SLICE_BYTES, fineFrom: damagedFrom }),
        given,
      )
    }
    throw error
  }
}

/** What comes after so many bytes, up to the trouble that is known already. */
async function* afterSome(chunks: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes
  try {
    for await (const chunk of chunks) {
      if (chunk.length > left) yield chunk.subarray(left)
      left = Math.max(0, left - chunk.length)
    }
  } catch {
    // told by who looked first
  }
}

interface Slicing {
  /** Whether the input is a file, which gives the next bytes at once. */
  readonly isAtHand: boolean
  readonly longest: number
  /** Byte of the input from which on the slices are fine. */
  readonly fineFrom: number
  /** Told where the slice begins that zlib met damage in. */
  readonly onDamage?: (position: number) => void
}

async function* decodeMembers(source: AsyncIterable<Buffer>, path: string, slicing: Slicing): AsyncGenerator<Buffer> {
  const reader = byteReader(source)
  try {
    for (let members = 0; ; members++) {
      if (members > 0) await skipZeros(reader)
      const start = reader.position()
      const magic = await reader.peek(3)
      if (magic.length === 0 && members > 0) {
        reader.assertSound()
        return
      }
      if (magic[0] !== 0x1f || (magic.length > 1 && magic[1] !== 0x8b) || (magic.length > 2 && magic[2] !== 8)) {
        throw trailing(path, 'gzip', start)
      }
      if (!(await skipHeader(reader))) {
        reader.assertSound()
        throw truncated(path, 'gzip', reader.position())
      }
      yield* inflateMember(reader, path, slicing)
    }
  } finally {
    await reader.close()
  }
}

/** False when the input ends inside the header. */
async function skipHeader(reader: ByteReader): Promise<boolean> {
  const fixed = await reader.take(10)
  if (fixed.length < 10) return false
  const flags = fixed[3] ?? 0
  if ((flags & 4) !== 0) {
    const length = await reader.take(2)
    if (length.length < 2) return false
    const extra = length.readUInt16LE(0)
    if ((await reader.skip(extra)) < extra) return false
  }
  for (const text of [8, 16]) {
    if ((flags & text) === 0) continue
    for (;;) {
      const byte = await reader.take(1)
      if (byte.length === 0) return false
      if (byte[0] === 0) break
    }
  }
  return (flags & 2) === 0 || (await reader.skip(2)) === 2
}

async function skipZeros(reader: ByteReader): Promise<void> {
  for (let chunk = await reader.some(SLICE_BYTES); chunk !== null; chunk = await reader.some(SLICE_BYTES)) {
    const first = chunk.findIndex(byte => byte !== 0)
    if (first === -1) continue
    reader.unread(chunk.subarray(first))
    return
  }
}

/** Of a member, kept in case it is damaged: the log of a small node packs to this. */
const KEPT_BYTES = 64 * 1024

async function* inflateMember(reader: ByteReader, path: string, slicing: Slicing): AsyncGenerator<Buffer> {
  const { sum, length } = yield* inflate(reader, path, slicing)
  await checkTrailer(reader, path, sum, length)
}

const OF_A_FILE: Slicing = { isAtHand: true, longest: SLICE_BYTES, fineFrom: Number.POSITIVE_INFINITY }

/** Deflate data alone; the reader is left behind it. Returns the checksum and the length of what was given. */
export async function* inflate(
  reader: ByteReader,
  path: string,
  slicing: Slicing = OF_A_FILE,
): AsyncGenerator<Buffer, { readonly sum: number; readonly length: number }> {
  const start = reader.position()
  const inflater = createInflater()
  let last: Buffer | null = null
  let kept: Buffer | null = Buffer.alloc(0)
  const { longest, fineFrom, isAtHand, onDamage } = slicing
  let sliceStart = 0
  let sliceBytes = SLICE_BYTES
  const readSlice = async (): Promise<void> => {
    sliceStart = reader.position()
    last = await reader.some(sliceStart + sliceBytes > fineFrom ? FINE_SLICE_BYTES : sliceBytes)
    if (kept !== null && last !== null) {
      kept = kept.length + last.length <= KEPT_BYTES ? Buffer.concat([kept, last]) : null
    }
  }
  const inflate = (): Promise<Turn> => (last === null ? inflater.end() : inflater.write(last))
  let sum = 0
  let length = 0
  try {
    await readSlice()
    let turn = inflate()
    for (;;) {
      const { chunks, ended, failure } = await turn
      let unreadable: unknown = null
      if (!ended && failure === null) {
        // The next slice is inflated, on a thread of its own, while the taker works on this one: so it must be at hand
        // before the taker is, or it would wait for him. A pipe may give the next one much later.
        if (isAtHand) {
          try {
            await readSlice()
            turn = inflate()
          } catch (error) {
            unreadable = error
          }
        } else {
          turn = readSlice().then(inflate)
          turn.catch(() => {}) // awaited at the top of the loop, unless the taker leaves
        }
      }
      const outputBytes = chunks.reduce((bytes, chunk) => bytes + chunk.length, 0)
      sliceBytes = outputBytes > LOG_RATIO * sliceBytes ? SLICE_BYTES : longest
      for (const chunk of chunks) {
        sum = crc32(chunk, sum)
        length += chunk.length
        yield chunk
      }
      if (unreadable !== null) throw unreadable
      if (failure !== null) {
        if (failure.code === 'Z_BUF_ERROR') throw truncated(path, 'gzip', reader.position())
        onDamage?.(sliceStart)
        // zlib drops what it has just decoded when it meets the damage: of a small file, that is all
        const { text, consumed } = kept === null ? { text: null, consumed: 0 } : inflateSound(kept)
        if (text !== null && text.length > length) yield text.subarray(length)
        throw damaged(path, 'gzip', start + Math.max(consumed, inflater.consumed()), failure.message)
      }
      if (ended) break
    }
    const left = reader.position() - start - inflater.consumed()
    if (left > 0 && last !== null) reader.unread((last as Buffer).subarray((last as Buffer).length - left))
  } finally {
    inflater.close()
  }
  return { sum, length }
}

/** What the longest sound beginning of deflate data holds. */
function inflateSound(data: Buffer): { readonly text: Buffer | null; readonly consumed: number } {
  let text: Buffer | null = null
  let [sound, unsound] = [0, data.length + 1]
  while (unsound - sound > 1) {
    const middle = (sound + unsound) >> 1
    try {
      text = inflateRawSync(data.subarray(0, middle), { finishFlush: constants.Z_SYNC_FLUSH })
      sound = middle
    } catch {
      unsound = middle
    }
  }
  return { text, consumed: sound }
}

async function checkTrailer(reader: ByteReader, path: string, sum: number, length: number): Promise<void> {
  const byte = reader.position()
  const trailer = await reader.take(8)
  if (trailer.length < 8) {
    reader.assertSound()
    throw truncated(path, 'gzip', reader.position())
  }
  if (trailer.readUInt32LE(0) !== sum) throw damaged(path, 'gzip', byte, 'the checksum of the text does not match')
  if (trailer.readUInt32LE(4) !== length % 2 ** 32) throw damaged(path, 'gzip', byte, 'the length does not match')
}

interface Turn {
  readonly chunks: readonly Buffer[]
  /** The deflate data is complete; what follows it was not consumed. */
  readonly ended: boolean
  readonly failure: NodeJS.ErrnoException | null
}

/** zlib by the slice: each call resolves when the slice is used up or the data has ended. */
function createInflater() {
  const engine = createInflateRaw({ chunkSize: OUTPUT_BYTES })
  let chunks: Buffer[] = []
  let ended = false
  let failure: NodeJS.ErrnoException | null = null
  let wake: () => void = () => {}
  engine.on('data', (chunk: Buffer) => chunks.push(chunk))
  engine.on('end', () => {
    ended = true
    wake()
  })
  engine.on('error', (error: NodeJS.ErrnoException) => {
    failure = error
    wake()
  })
  engine.on('close', () => wake())

  const run = (start: (done: () => void) => void): Promise<Turn> =>
    new Promise(resolve => {
      wake = () => {
        const turn = { chunks, ended, failure }
        chunks = []
        resolve(turn)
        wake = () => {}
      }
      start(() => wake())
    })

  return {
    write: (slice: Buffer) => run(done => engine.write(slice, () => done())),
    end: () => run(() => engine.end()),
    /** Bytes of deflate data used so far. */
    consumed: () => engine.bytesWritten,
    close: () => engine.destroy(),
  }
}
