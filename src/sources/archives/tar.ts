import { type ByteReader, byteReader } from '../byte-reader.ts'
import { SourceError } from '../source.ts'
import type { ArchiveContext, ArchiveEntry } from './archive.ts'
import { isTarHeader, parsePax, parseTarHeader, type TarHeader } from './tar-header.ts'

const BLOCK_BYTES = 512
/** Of a long name or a pax header. */
const MAX_EXTENSION_BYTES = 1024 * 1024

const kinds: Readonly<Record<string, ArchiveEntry['kind']>> = {
  '0': 'file',
  S: 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '5': 'directory',
}

/**
 * tar: v7, ustar, GNU (long names, sparse) and pax, several archives one after another.
 *
 * Holes of a sparse file are left out, not filled: in a log they are NULs. A block that should be a header and is none is
 * passed over up to the next header, and told at the end.
 */
export async function* readTar(source: AsyncIterable<Buffer>, { path }: ArchiveContext): AsyncGenerator<ArchiveEntry> {
  const reader = byteReader(source)
  let damagedAt: number | null = null
  let hasEnded = false
  let extension = noExtension
  let globals: ReadonlyMap<string, string> = new Map()
  try {
    for (;;) {
      const at = reader.position()
      const block = await reader.take(BLOCK_BYTES)
      if (block.length < BLOCK_BYTES) {
        reader.assertSound()
        if (block.length > 0 && !hasEnded && damagedAt === null) throw cut(path, reader)
        break
      }
      if (block.every(byte => byte === 0)) {
        hasEnded = true
        continue
      }
      const header = isTarHeader(block) ? parseTarHeader(block) : null
      if (header === null) {
        if (!hasEnded) damagedAt ??= at
        continue
      }
      hasEnded = false
      const type = header.type
      if (type === 'L' || type === 'K' || type === 'x' || type === 'g') {
        const body = await takeBody(reader, header, path)
        if (type === 'L') extension = { ...extension, name: untilNul(body) }
        else if (type === 'K') extension = { ...extension, linkName: untilNul(body) }
        else if (type === 'x') extension = { ...extension, pax: parsePax(body) }
        else globals = new Map([...globals, ...parsePax(body)])
        continue
      }
      const pax = new Map([...globals, ...extension.pax])
      const storedBytes = sizeOf(header, pax)
      for (let more = header.hasMoreMap; more; ) more = (await reader.take(BLOCK_BYTES))[504] === 1
      const start = reader.position()
      const isMapInFront = pax.get('GNU.sparse.major') === '1'
      const mtime = Number(pax.get('mtime') ?? Number.NaN) * 1000
      yield {
        name: pax.get('GNU.sparse.name') ?? pax.get('path') ?? extension.name ?? header.name,
        kind: kinds[type] ?? 'other',
        linkName: pax.get('linkpath') ?? extension.linkName ?? header.linkName,
        sizeBytes: storedBytes,
        packedBytes: null,
        mtimeMs: Number.isFinite(mtime) ? mtime : header.mtimeMs,
        trouble: null,
        bytes: () => readBody(reader, start, storedBytes, isMapInFront, path),
      }
      extension = noExtension
      const end = start + Math.ceil(storedBytes / BLOCK_BYTES) * BLOCK_BYTES
      const left = end - reader.position()
      if ((await reader.skip(left)) < left) {
        reader.assertSound()
        // Only the padding of the last member may be missing.
        if (reader.position() < start + storedBytes) throw cut(path, reader)
      }
    }
  } finally {
    await reader.close()
  }
  if (damagedAt !== null) {
    throw new SourceError(path, `tar: damaged at byte ${damagedAt}: no header there; members after it were looked for`)
  }
}

interface Extension {
  readonly name: string | null
  readonly linkName: string | null
  readonly pax: ReadonlyMap<string, string>
}

const noExtension: Extension = { name: null, linkName: null, pax: new Map() }

const cut = (path: string, reader: ByteReader): SourceError =>
  new SourceError(path, `tar: truncated at byte ${reader.position()}; what came before it was read`)

const untilNul = (body: Buffer): string => {
  const end = body.indexOf(0)
  return body.toString('utf8', 0, end === -1 ? body.length : end)
}

/** Links have a size in some archives and never a body. */
function sizeOf(header: TarHeader, pax: ReadonlyMap<string, string>): number {
  if (header.type === '1' || header.type === '2' || header.type === '5') return 0
  const size = Number(pax.get('size') ?? header.sizeBytes)
  return Number.isSafeInteger(size) && size >= 0 ? size : header.sizeBytes
}

async function takeBody(reader: ByteReader, header: TarHeader, path: string): Promise<Buffer> {
  const padded = Math.ceil(header.sizeBytes / BLOCK_BYTES) * BLOCK_BYTES
  if (header.sizeBytes > MAX_EXTENSION_BYTES) {
    await reader.skip(padded)
    return Buffer.alloc(0)
  }
  const body = await reader.take(padded)
  if (body.length < header.sizeBytes) {
    reader.assertSound()
    throw cut(path, reader)
  }
  return body.subarray(0, header.sizeBytes)
}

async function* readBody(
  reader: ByteReader,
  start: number,
  length: number,
  isMapInFront: boolean,
  path: string,
): AsyncGenerator<Buffer> {
  if (isMapInFront) await skipSparseMap(reader, length)
  for (;;) {
    const left = start + length - reader.position()
    if (left <= 0) return
    const chunk = await reader.some(left)
    if (chunk === null) throw cut(path, reader)
    yield chunk
  }
}

/**
 * In sparse format 1.0 the map stands before the data, in whole blocks: a count, then offset and length of each range, one
 * number a line.
 *
 * @see GNU tar manual, "Storing Sparse Files", PAX Format, Version 1.0
 */
async function skipSparseMap(reader: ByteReader, length: number): Promise<void> {
  let numbers = 0
  let wanted = 1
  let digits = ''
  for (let taken = 0; numbers < wanted && taken < length; taken += BLOCK_BYTES) {
    const block = await reader.take(Math.min(BLOCK_BYTES, length - taken))
    for (const byte of block) {
      if (numbers === wanted) break
      if (byte !== 10) {
        if (digits.length < 20) digits += String.fromCharCode(byte)
        continue
      }
      if (numbers === 0) wanted = 1 + 2 * (Number.parseInt(digits, 10) || 0)
      numbers++
      digits = ''
    }
    if (block.length < BLOCK_BYTES) return
  }
}
