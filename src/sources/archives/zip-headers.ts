import yauzl from 'yauzl'
import { byteReader } from '../byte-reader.ts'
import { inflate } from '../codecs/gzip.ts'
import { SourceError } from '../source.ts'
import type { ArchiveContext, ArchiveEntry } from './archive.ts'
import type { Spool } from './spool.ts'
import { type Described, describeMember, nameOf, STORED, whyNotRead } from './zip-member.ts'

const HEADER_BYTES = 30
const DESCRIPTOR_BYTES = 16
/** Sizes and checksum stand behind the data. */
const DESCRIPTOR_FLAG = 8
/** In the place of a size that is in the extra field of zip64. */
const IN_ZIP64 = 0xffffffff
const ZIP64 = 1
/** No system has longer names, and no version or method that is known is higher. */
const [MAX_NAME_BYTES, MAX_VERSION, MAX_METHOD] = [4096, 63, 99]

/**
 * The members of a zip whose directory is cut off or damaged, by the headers in front of them. What is none is passed over
 * up to the next header, so that damage costs one member.
 *
 * @param told headers of members that were given already
 * @param cut said of a member that goes on beyond the end of the file
 */
export async function* readByHeaders(
  file: Spool,
  told: ReadonlySet<number>,
  cut: SourceError,
  { path, guard }: ArchiveContext,
): AsyncGenerator<ArchiveEntry> {
  for (let at = await find(file, 0, isHeader); at !== null; ) {
    const header = await readHeader(file, at)
    if (header === null) return
    const extent = header.extent ?? (await findExtent(file, header, guard))
    const { name, start, facts } = header
    if (!told.has(at)) {
      const entry: Described = { ...facts, ...extent, externalFileAttributes: 0 }
      yield describeMember({ file, entry, name, begins: async () => start, path, cut })
    }
    at = await find(file, start + extent.compressedSize, isHeader)
  }
}

/** How far a member goes. */
type Extent = Pick<Described, 'compressedSize' | 'uncompressedSize' | 'crc32'>

interface Header {
  readonly name: string
  /** Where the member's bytes begin. */
  readonly start: number
  readonly facts: Pick<Described, 'compressionMethod' | 'generalPurposeBitFlag' | 'mtimeMs'>
  /** null: to be found. */
  readonly extent: Extent | null
}

/** Null where the file ends before the header does. */
async function readHeader(file: Spool, at: number): Promise<Header | null> {
  const head = await bytesAt(file, at, HEADER_BYTES)
  if (head.length < HEADER_BYTES) return null
  const [nameBytes, extraBytes] = [head.readUInt16LE(26), head.readUInt16LE(28)]
  const tail = await bytesAt(file, at + HEADER_BYTES, nameBytes + extraBytes)
  if (tail.length < nameBytes + extraBytes) return null
  const name = nameOf(tail.subarray(0, nameBytes))
  const entry = new yauzl.Entry()
  entry.extraFields = extraFieldsOf(tail.subarray(nameBytes))
  entry.lastModFileTime = head.readUInt16LE(10)
  entry.lastModFileDate = head.readUInt16LE(12)
  const facts = {
    generalPurposeBitFlag: head.readUInt16LE(6),
    compressionMethod: head.readUInt16LE(8),
    mtimeMs: entry.getLastModDate().getTime(),
  }
  const isTold = (facts.generalPurposeBitFlag & DESCRIPTOR_FLAG) === 0 || name.endsWith('/')
  const zip64 = entry.extraFields.find(({ id }) => id === ZIP64)?.data
  const sizeAt = (place: number, placeInZip64: number): number => {
    const size = head.readUInt32LE(place)
    if (size !== IN_ZIP64 || zip64 === undefined || zip64.length < placeInZip64 + 8) return size
    return Number(zip64.readBigUInt64LE(placeInZip64))
  }
  const extent = { crc32: head.readUInt32LE(14), compressedSize: sizeAt(18, 8), uncompressedSize: sizeAt(22, 0) }
  return { name, start: at + HEADER_BYTES + tail.length, facts, extent: isTold ? extent : null }
}

function extraFieldsOf(bytes: Buffer): yauzl.Entry['extraFields'] {
  try {
    return yauzl.parseExtraFields(bytes)
  } catch {
    return []
  }
}

/** Of a member that was packed into a pipe: its sizes come behind it, so they tell where it ends only to who is there. */
async function findExtent(file: Spool, { start, facts }: Header, guard: ArchiveContext['guard']): Promise<Extent> {
  const upTo = (end: number, crc32: number | null = null): Extent => {
    return { compressedSize: end - start, uncompressedSize: end - start, crc32 }
  }
  const beyond = upTo(file.bytes + 1)
  if (whyNotRead(facts) !== null) return upTo(start)
  if (facts.compressionMethod === STORED) {
    const isEnd = (bytes: Buffer, at: number, position: number) =>
      isHeader(bytes, at) || (isDescriptor(bytes, at) && bytes.readUInt32LE(at + 8) === (position - start) % 2 ** 32)
    const end = await find(file, start, isEnd)
    return end === null ? beyond : upTo(end, await sumAt(file, end))
  }
  const reader = byteReader(file.read(start))
  const text = inflate(reader, '')
  try {
    let { sum, length } = { sum: 0, length: 0 }
    const counted = async function* () {
      ;({ sum, length } = yield* text)
    }
    for await (const _ of guard(counted()));
    const end = reader.position() + start
    return { ...upTo(end, (await sumAt(file, end)) ?? sum), uncompressedSize: length }
  } catch (error) {
    if (error === file.failure) return beyond
    if (!(error instanceof SourceError) || !error.message.startsWith('gzip: ')) throw error
    if (error.message.startsWith('gzip: truncated')) return beyond
    return upTo((await find(file, start, isHeader)) ?? file.bytes)
  } finally {
    await reader.close()
  }
}

/** The checksum in the descriptor at a place; null where there is none. */
async function sumAt(file: Spool, at: number): Promise<number | null> {
  const bytes = await bytesAt(file, at, DESCRIPTOR_BYTES)
  return bytes.length === DESCRIPTOR_BYTES && isDescriptor(bytes, 0) ? bytes.readUInt32LE(4) : null
}

const isDescriptor = (bytes: Buffer, at: number): boolean => bytes.readUInt16LE(at + 2) === 0x0807

const isHeader = (bytes: Buffer, at: number): boolean => {
  const nameBytes = bytes.readUInt16LE(at + 26)
  return (
    bytes.readUInt16LE(at + 2) === 0x0403 &&
    bytes.readUInt8(at + 4) <= MAX_VERSION &&
    bytes.readUInt16LE(at + 8) <= MAX_METHOD &&
    nameBytes > 0 &&
    nameBytes <= MAX_NAME_BYTES
  )
}

/** The first place from one on where `PK` and what is wanted stand. */
async function find(
  file: Spool,
  from: number,
  isWanted: (bytes: Buffer, at: number, position: number) => boolean,
): Promise<number | null> {
  let held: Buffer = Buffer.alloc(0)
  let base = from
  for await (const chunk of withEnd(file, from)) {
    const bytes = Buffer.concat([held, chunk])
    const last = bytes.length - HEADER_BYTES
    for (let at = bytes.indexOf('PK'); at !== -1 && at <= last; at = bytes.indexOf('PK', at + 1)) {
      if (isWanted(bytes, at, base + at)) return base + at
    }
    held = bytes.subarray(Math.max(0, last + 1))
    base += bytes.length - held.length
  }
  return null
}

/** What is looked for is mostly here. */
const NEAR_BYTES = 256

/** First a little, then the rest, then as many zeros as let the last bytes be looked at. */
async function* withEnd(file: Spool, from: number): AsyncGenerator<Buffer> {
  try {
    yield* file.read(from, from + NEAR_BYTES)
    yield* file.read(from + NEAR_BYTES)
  } catch (error) {
    if (error !== file.failure) throw error
  }
  yield Buffer.alloc(HEADER_BYTES)
}

async function bytesAt(file: Spool, at: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await file.handle.read(buffer, 0, length, at)
  return buffer.subarray(0, bytesRead)
}
