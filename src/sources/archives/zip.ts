import { crc32 } from 'node:zlib'
import yauzl from 'yauzl'
import { SourceError } from '../source.ts'
import type { ArchiveContext, ArchiveEntry } from './archive.ts'
import { spool } from './spool.ts'

const MAX_LINK_BYTES = 4096
const ENCRYPTED_FLAG = 1

/**
 * zip, by its directory at the end, so it is put on disk first: what is named may be a pipe or lie in another archive.
 *
 * Names are taken as bytes, since the library ends at the first that leads out of the archive.
 */
export async function* readZip(
  source: AsyncIterable<Buffer>,
  { path, tmpDir }: ArchiveContext,
): AsyncGenerator<ArchiveEntry> {
  const file = await spool(source, path, tmpDir)
  try {
    let zip: yauzl.ZipFile
    try {
      zip = await yauzl.fromFdPromise(file.handle.fd, { autoClose: false, decodeStrings: false })
    } catch (error) {
      if (file.failure !== null) throw file.failure
      throw new SourceError(path, `zip: truncated or damaged: ${(error as Error).message}`, { cause: error })
    }
    try {
      for await (const entry of zip.eachEntry()) yield await describe(zip, entry, path)
    } catch (error) {
      if (error instanceof SourceError) throw error
      throw new SourceError(path, `zip: damaged: ${(error as Error).message}`, { cause: error })
    }
    if (file.failure !== null) throw file.failure
  } finally {
    await file.close()
  }
}

async function describe(zip: yauzl.ZipFile, entry: yauzl.Entry, path: string): Promise<ArchiveEntry> {
  const raw = entry.fileName as unknown as Buffer // decodeStrings is false
  const name = raw.toString('utf8').replaceAll('\\', '/')
  const mode = (entry.externalFileAttributes >>> 16) & 0o170000
  const isEncrypted = (entry.generalPurposeBitFlag & ENCRYPTED_FLAG) !== 0
  const isKnown = entry.compressionMethod === 0 || entry.compressionMethod === 8
  const trouble = isEncrypted
    ? 'is encrypted'
    : isKnown
      ? null
      : `is compressed by zip method ${entry.compressionMethod}, which is not read`
  const isLink = mode === 0o120000 && trouble === null && entry.uncompressedSize <= MAX_LINK_BYTES
  const bytes = () => readEntry(zip, entry, name, path)
  let linkName = ''
  if (isLink) for await (const chunk of bytes()) linkName += chunk.toString('utf8')
  return {
    name,
    kind: name.endsWith('/') ? 'directory' : isLink ? 'symlink' : 'file',
    linkName,
    sizeBytes: entry.uncompressedSize,
    packedBytes: entry.compressedSize,
    mtimeMs: entry.getLastModDate().getTime(),
    trouble,
    bytes,
  }
}

async function* readEntry(zip: yauzl.ZipFile, entry: yauzl.Entry, name: string, path: string): AsyncGenerator<Buffer> {
  try {
    const stream = await zip.openReadStreamPromise(entry)
    let sum = 0
    for await (const chunk of stream) {
      sum = crc32(chunk as Buffer, sum) // no encoding is set
      yield chunk as Buffer
    }
    // the library compares lengths alone
    if (sum !== entry.crc32) throw new Error('the checksum does not match')
  } catch (error) {
    throw new SourceError(path, `zip: ${name} is damaged: ${(error as Error).message}`, { cause: error })
  }
}
