import { crc32 } from 'node:zlib'
import { decodeGzip } from '../codecs/gzip.ts'
import { SourceError } from '../source.ts'
import type { ArchiveEntry } from './archive.ts'
import type { Spool } from './spool.ts'

export const STORED = 0
const DEFLATED = 8
const MAX_LINK_BYTES = 4096
const ENCRYPTED_FLAG = 1

/** As the directory describes a member, or the header in front of it. */
export interface Described {
  readonly compressionMethod: number
  readonly generalPurposeBitFlag: number
  readonly externalFileAttributes: number
  readonly compressedSize: number
  readonly uncompressedSize: number
  readonly mtimeMs: number
  /** Null where nothing tells it. */
  readonly crc32: number | null
}

/** A member in the file that holds the zip. */
export interface Stored {
  readonly file: Spool
  readonly entry: Described
  readonly name: string
  /** Where its bytes begin. */
  readonly begins: () => Promise<number>
  /** Of the zip, for messages. */
  readonly path: string
  /** What is said of a member that goes on beyond the end of the file; null: that this one is truncated. */
  readonly cut: SourceError | null
}

export const nameOf = (raw: Buffer): string => raw.toString('utf8').replaceAll('\\', '/')

export async function describeMember(stored: Stored): Promise<ArchiveEntry> {
  const { entry, name } = stored
  const mode = (entry.externalFileAttributes >>> 16) & 0o170000
  const trouble = whyNotRead(entry)
  const isLink = mode === 0o120000 && trouble === null && entry.uncompressedSize <= MAX_LINK_BYTES
  const bytes = () => readMember(stored)
  let linkName = ''
  if (isLink) for await (const chunk of bytes()) linkName += chunk.toString('utf8')
  return {
    name,
    kind: name.endsWith('/') ? 'directory' : isLink ? 'symlink' : 'file',
    linkName,
    sizeBytes: entry.uncompressedSize,
    packedBytes: Math.min(entry.compressedSize, stored.file.bytes), // a cut one may claim more
    mtimeMs: entry.mtimeMs,
    trouble,
    bytes,
  }
}

export function whyNotRead({
  generalPurposeBitFlag,
  compressionMethod,
}: Pick<Described, 'generalPurposeBitFlag' | 'compressionMethod'>): string | null {
  if ((generalPurposeBitFlag & ENCRYPTED_FLAG) !== 0) return 'is encrypted'
  if (compressionMethod === STORED || compressionMethod === DEFLATED) return null
  return `is compressed by zip method ${compressionMethod}, which is not read`
}

async function* readMember({ file, entry, name, begins, path, cut }: Stored): AsyncGenerator<Buffer> {
  const fail = (what: string, cause?: unknown) => new SourceError(path, `zip: ${name} ${what}`, { cause })
  const start = await begins().catch((error: Error) => {
    throw fail(`is damaged: ${error.message}`, error)
  })
  const end = start + entry.compressedSize
  try {
    if (entry.compressionMethod === STORED) yield* checked(file.read(start, end), entry, fail)
    else {
      const packed = () => asGzip(file.read(start, end), entry)
      yield* decodeGzip(packed(), path, packed)
    }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    if (cut !== null && end > file.bytes) throw cut
    const what = /^gzip: (damaged|truncated) at byte \d+(.*)/s.exec(error.message)
    throw what === null ? error : fail(`is ${what[1]}${what[2]}`, error)
  }
}

async function* checked(
  text: AsyncIterable<Buffer>,
  entry: Described,
  fail: (what: string) => SourceError,
): AsyncGenerator<Buffer> {
  let sum = 0
  let length = 0
  for await (const chunk of text) {
    sum = crc32(chunk, sum)
    length += chunk.length
    yield chunk
  }
  if (length < entry.compressedSize) throw fail('is truncated; what came before it was read')
  if (entry.crc32 !== null && sum !== entry.crc32) throw fail('is damaged: the checksum of the text does not match')
}

const GZIP_HEADER = Buffer.from([0x1f, 0x8b, DEFLATED, 0, 0, 0, 0, 0, 0, 0xff])

/** The same data between a header and a trailer of gzip: its reader gives all that stands before a cut or damage. */
async function* asGzip(packed: AsyncIterable<Buffer>, entry: Described): AsyncGenerator<Buffer> {
  let length = 0
  yield GZIP_HEADER
  for await (const chunk of packed) {
    length += chunk.length
    yield chunk
  }
  if (length < entry.compressedSize) return
  const trailer = Buffer.alloc(8)
  trailer.writeUInt32LE(entry.crc32 ?? 0, 0)
  trailer.writeUInt32LE(entry.uncompressedSize % 2 ** 32, 4)
  yield trailer
}
