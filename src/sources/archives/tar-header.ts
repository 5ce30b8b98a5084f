const BLOCK_BYTES = 512

/** The header's own sum, its field counted as blanks; some old writers summed signed bytes. */
function checksumsOf(block: Uint8Array): readonly [unsigned: number, signed: number] {
  let unsigned = 8 * 32
  let signed = 8 * 32
  for (let i = 0; i < BLOCK_BYTES; i++) {
    if (i >= 148 && i < 156) continue
    const byte = block[i] ?? 0
    unsigned += byte
    signed += byte < 128 ? byte : byte - 256
  }
  return [unsigned, signed]
}

/** Whether a block is the header of a tar member: `ustar` (POSIX and GNU) or, as in v7, by its checksum alone. */
export function isTarHeader(block: Uint8Array): boolean {
  if (block.length < BLOCK_BYTES || block[0] === 0) return false
  const written = parseOctal(block, 148, 8)
  return written !== null && checksumsOf(block).includes(written)
}

export interface TarHeader {
  readonly name: string
  readonly linkName: string
  /** One character: `0` file, `1` hard link, `2` symbolic link, `5` directory, `x` `g` `L` `K` extensions, `S` sparse. */
  readonly type: string
  /** Bytes stored after the header. */
  readonly sizeBytes: number
  readonly mtimeMs: number | null
  /** Of an old GNU sparse member: blocks of its map follow, each saying in byte 504 whether there is one more. */
  readonly hasMoreMap: boolean
}

/** Reads a header that {@link isTarHeader} accepted; null when its size makes no sense. */
export function parseTarHeader(block: Buffer): TarHeader | null {
  const sizeBytes = parseNumber(block, 124, 12)
  if (sizeBytes === null || sizeBytes < 0 || !Number.isSafeInteger(sizeBytes)) return null
  const magic = block.toString('latin1', 257, 263)
  const prefix = magic === 'ustar\0' ? parseString(block, 345, 155) : ''
  const mtime = parseNumber(block, 136, 12)
  const name = parseString(block, 0, 100)
  const type = block[156] === 0 || block[156] === 0x37 ? '0' : String.fromCharCode(block[156] ?? 0)
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    linkName: parseString(block, 157, 100),
    type: type === '0' && name.endsWith('/') ? '5' : type,
    sizeBytes,
    mtimeMs: mtime === null || mtime <= 0 ? null : mtime * 1000,
    hasMoreMap: type === 'S' && block[482] === 1,
  }
}

function parseString(block: Buffer, from: number, length: number): string {
  const end = block.subarray(from, from + length).indexOf(0)
  return block.toString('utf8', from, from + (end === -1 ? length : end))
}

function parseOctal(block: Uint8Array, from: number, length: number): number | null {
  const digits = /^[ \0]*([0-7]*)(?:[ \0]|$)/.exec(
    Buffer.from(block.subarray(from, from + length)).toString('latin1'),
  )?.[1]
  if (digits === undefined) return null
  return digits === '' ? 0 : Number.parseInt(digits, 8)
}

/** Octal, or GNU's base 256 for what octal cannot hold. */
function parseNumber(block: Uint8Array, from: number, length: number): number | null {
  const first = block[from] ?? 0
  if ((first & 0x80) === 0) return parseOctal(block, from, length)
  if (first !== 0x80) return null // negative: a time before 1970
  let value = 0
  for (let i = from + 1; i < from + length; i++) value = value * 256 + (block[i] ?? 0)
  return value
}

/**
 * Records `length key=value` of a pax header. A length that lies ends the list.
 *
 * @see POSIX pax, "pax Header Block"
 */
export function parsePax(body: Buffer): ReadonlyMap<string, string> {
  const records = new Map<string, string>()
  for (let at = 0; at < body.length; ) {
    const blank = body.indexOf(0x20, at)
    if (blank === -1 || blank - at > 10) break
    const length = Number.parseInt(body.toString('latin1', at, blank), 10)
    if (!(length > blank - at + 1) || at + length > body.length) break
    const record = body.toString('utf8', blank + 1, at + length - 1)
    const equals = record.indexOf('=')
    if (equals > 0) records.set(record.slice(0, equals), record.slice(equals + 1))
    at += length
  }
  return records
}
