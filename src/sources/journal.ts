import { isUtf8 } from 'node:buffer'
import { type ByteReader, byteReader } from './byte-reader.ts'
import { decodeLz4Block } from './lz4.ts'
import { SourceError } from './source.ts'

/** Fields of an entry that are worth a place in its line. */
const wantedFields: ReadonlySet<string> = new Set([
  'MESSAGE',
  'PRIORITY',
  'SYSLOG_IDENTIFIER',
  'SYSLOG_PID',
  'UNIT',
  '_COMM',
  '_HOSTNAME',
  '_PID',
  '_SOURCE_MONOTONIC_TIMESTAMP',
  '_SOURCE_REALTIME_TIMESTAMP',
  '_SYSTEMD_UNIT',
  '_TRANSPORT',
])

/** journald itself cuts what is larger. */
const MAX_FIELD_BYTES = 16 * 1024 * 1024
const MAX_ENTRY_BYTES = 1024 * 1024
const OUTPUT_BYTES = 64 * 1024
const SEARCH_BYTES = 64 * 1024

const OBJECT_HEADER_BYTES = 16
const DATA = 1
const ENTRY = 3
const LAST_TYPE = 7
/** Up to its items. */
const MIN_ENTRY_BYTES = 64

/** `incompatible_flags`: compressions, keyed hashes, compact objects. */
const KNOWN_FLAGS = 0b11111
const COMPACT = 16
const STATE_ONLINE = 1

/**
 * Entries of a systemd journal file, each as a line of JSON in the form of `journalctl -o json`: the fields above, the
 * entry's own times in microseconds and its boot. A field that is not UTF-8 is a list of byte values, one that stands
 * twice a list.
 *
 * The file is read forward only, so it may lie in an archive: an entry stands behind all objects that it uses. An object
 * tells how many entries use it, and is forgotten after the last.
 *
 * A file that journald had open, or left so in a crash, ends where its objects end, without complaint. Behind a damaged place
 * the next object is looked for; the damage rejects at the end.
 *
 * @see systemd docs/JOURNAL_FILE_FORMAT.md, src/libsystemd/sd-journal/journal-def.h
 */
export async function* readJournal(source: AsyncIterable<Buffer>, path: string): AsyncGenerator<Buffer> {
  const reader = byteReader(source)
  let lines: string[] = []
  let length = 0
  try {
    for await (const line of readEntries(reader, path)) {
      lines.push(line)
      length += line.length
      if (length < OUTPUT_BYTES) continue
      yield Buffer.from(lines.join(''))
      lines = []
      length = 0
    }
    if (lines.length > 0) yield Buffer.from(lines.join(''))
  } catch (error) {
    if (lines.length > 0) yield Buffer.from(lines.join(''))
    throw error
  } finally {
    await reader.close()
  }
}

const hint = 'try: journalctl --file FILE -o json | oomlens -'

async function* readEntries(reader: ByteReader, path: string): AsyncGenerator<string> {
  const head = await reader.take(208)
  if (head.length < 208) {
    reader.assertSound()
    throw new SourceError(path, `journal: truncated at byte ${head.length}`)
  }
  const flags = head.readUInt32LE(12)
  if ((flags & ~KNOWN_FLAGS) !== 0) throw new SourceError(path, `journal: of a form not known here; ${hint}`)
  const isCompact = (flags & COMPACT) !== 0
  const isOnline = head[16] === STATE_ONLINE
  const tailOffset = Number(head.readBigUInt64LE(136))
  await reader.skip(Number(head.readBigUInt64LE(88)) - head.length)

  const data = new Map<number, DataObject>()
  /** Where the first object stands that is none, once another was found behind it. */
  let damagedAt: number | null = null
  for (;;) {
    const offset = reader.position()
    const isExpected = offset <= tailOffset && !isOnline
    const object = await reader.take(OBJECT_HEADER_BYTES)
    if (object.length < OBJECT_HEADER_BYTES) {
      reader.assertSound()
      if (isExpected && tailOffset > 0)
        throw new SourceError(path, `journal: truncated at byte ${reader.position()}; ${hint}`)
      break
    }
    const type = object[0] ?? 0
    const size = Number(object.readBigUInt64LE(8))
    if (!isObject(object) || (offset < tailOffset && offset + size > tailOffset)) {
      // Beyond the last object lies room that was made beforehand.
      if (offset > tailOffset || tailOffset === 0) break
      reader.unread(object)
      if (await findObject(reader, tailOffset)) {
        damagedAt ??= offset
        continue
      }
      if (isExpected) damagedAt ??= offset
      break
    }
    const bodyBytes = Math.ceil(size / 8) * 8 - OBJECT_HEADER_BYTES
    if (type === DATA && size <= MAX_FIELD_BYTES) {
      const body = await reader.take(bodyBytes)
      const kept = readData(body.subarray(0, size - OBJECT_HEADER_BYTES), object[1] ?? 0, isCompact)
      if (kept !== null) data.set(offset, kept)
    } else if (type === ENTRY && size <= MAX_ENTRY_BYTES) {
      const body = await reader.take(bodyBytes)
      if (body.length === bodyBytes && size >= MIN_ENTRY_BYTES) yield await formatEntry(body, isCompact, data)
    } else await reader.skip(bodyBytes)
  }
  if (damagedAt !== null) throw new SourceError(path, `journal: damaged at byte ${damagedAt}; ${hint}`)
}

/** Whether these 16 bytes can be the header of an object: its type, flags, six zeros, and a size. */
function isObject(header: Buffer): boolean {
  const type = header[0] ?? 0
  const size = Number(header.readBigUInt64LE(8))
  return type > 0 && type <= LAST_TYPE && size >= OBJECT_HEADER_BYTES && Number.isSafeInteger(size)
}

/**
 * Moves on, from what is no object, to the next that is one and has another right behind it: objects stand at multiples of
 * 8 bytes. False when there is none up to the last.
 */
async function findObject(reader: ByteReader, tailOffset: number): Promise<boolean> {
  await reader.skip(8)
  for (;;) {
    const window = await reader.peek(SEARCH_BYTES)
    let at = 0
    while (at + OBJECT_HEADER_BYTES <= window.length && !isCleanObject(window.subarray(at, at + OBJECT_HEADER_BYTES))) {
      at += 8
    }
    const offset = reader.position() + at
    if (offset > tailOffset || window.length < OBJECT_HEADER_BYTES) return false
    await reader.skip(at)
    const header = await reader.peek(OBJECT_HEADER_BYTES)
    if (header.length < OBJECT_HEADER_BYTES || !isCleanObject(header)) continue
    if (offset === tailOffset) return true
    const length = Math.ceil(Number(header.readBigUInt64LE(8)) / 8) * 8
    if (length <= MAX_ENTRY_BYTES && offset + length <= tailOffset) {
      const next = (await reader.peek(length + OBJECT_HEADER_BYTES)).subarray(length)
      if (next.length === OBJECT_HEADER_BYTES && isCleanObject(next)) return true
    }
    await reader.skip(8)
  }
}

/** As {@link isObject}, and nothing in it that journald leaves empty. */
const isCleanObject = (header: Buffer): boolean =>
  (header[0] ?? 0) - 1 < LAST_TYPE && (header[1] ?? 0) <= 4 && header.readUIntLE(2, 6) === 0 && isObject(header)

interface DataObject {
  /** `FIELD=value`, perhaps compressed. A copy: the chunk it came in goes. */
  payload: Buffer
  /** How it is compressed: object flags, 1 xz, 2 lz4, 4 zstd. */
  flags: number
  /** Entries still to come that use it; unknown counts as endless. */
  uses: number
}

/** Null for a field that is not wanted. */
function readData(body: Buffer, flags: number, isCompact: boolean): DataObject | null {
  const start = (isCompact ? 72 : 64) - OBJECT_HEADER_BYTES
  if (body.length < start) return null
  const payload = body.subarray(start)
  if ((flags & 7) === 0 && !wantedFields.has(fieldOf(payload))) return null
  const uses = Number(body.readBigUInt64LE(56 - OBJECT_HEADER_BYTES))
  return { payload: Buffer.from(payload), flags: flags & 7, uses: uses === 0 ? Number.POSITIVE_INFINITY : uses }
}

const fieldOf = (payload: Buffer): string => payload.toString('latin1', 0, Math.max(0, payload.indexOf(0x3d)))

async function formatEntry(body: Buffer, isCompact: boolean, data: Map<number, DataObject>): Promise<string> {
  const at = (offset: number) => offset - OBJECT_HEADER_BYTES
  const entry: Record<string, unknown> = {
    __REALTIME_TIMESTAMP: String(body.readBigUInt64LE(at(24))),
    __MONOTONIC_TIMESTAMP: String(body.readBigUInt64LE(at(32))),
    _BOOT_ID: body.toString('hex', at(40), at(56)),
  }
  const step = isCompact ? 4 : 16
  for (let item = at(64); item + step <= body.length; item += step) {
    const offset = isCompact ? body.readUInt32LE(item) : Number(body.readBigUInt64LE(item))
    const object = data.get(offset)
    if (object === undefined) continue
    if (--object.uses <= 0) data.delete(offset)
    if (object.flags !== 0) await decompress(object)
    const field = fieldOf(object.payload)
    if (!wantedFields.has(field)) continue
    const value = toValue(object.payload.subarray(field.length + 1))
    const before = entry[field]
    entry[field] =
      before === undefined
        ? value
        : Array.isArray(before) && typeof before[0] !== 'number'
          ? [...before, value]
          : [before, value]
  }
  return `${JSON.stringify(entry)}\n`
}

const toValue = (value: Buffer): string | number[] => (isUtf8(value) ? value.toString('utf8') : [...value])

/** In place, for the next use. What cannot be decompressed becomes empty, as if the field were not there. */
async function decompress(object: DataObject): Promise<void> {
  const { payload, flags } = object
  object.flags = 0
  object.payload = Buffer.alloc(0)
  try {
    if (flags === 2) {
      const size = payload.length < 8 ? 0 : Number(payload.readBigUInt64LE(0))
      if (size <= MAX_FIELD_BYTES) object.payload = decodeLz4Block(payload.subarray(8), size) ?? object.payload
      return
    }
    const decode =
      flags === 4 ? (await import('./codecs/zstd.ts')).decodeZstd : (await import('./codecs/xz.ts')).decodeXz
    const chunks: Buffer[] = []
    let length = 0
    for await (const chunk of decode(once(payload), '')) {
      length += chunk.length
      if (length > MAX_FIELD_BYTES) return
      chunks.push(chunk)
    }
    object.payload = Buffer.concat(chunks)
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
  }
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes
}
