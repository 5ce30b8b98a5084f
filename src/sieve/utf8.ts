import { isUtf8 } from 'node:buffer'

/**
 * The same bytes with each one that is not part of a UTF-8 character written as `\xNN` (as /dev/kmsg does), so that
 * decoding loses nothing. The kernel cuts a process's name after 15 bytes, be it inside a character.
 */
export const escapeInvalidUtf8 = (bytes: Buffer): Buffer => {
  if (isUtf8(bytes)) return bytes
  const pieces: Buffer[] = []
  let valid = 0
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at)
    if (length > 0) {
      at += length
      continue
    }
    if (at > valid) pieces.push(bytes.subarray(valid, at))
    pieces.push(Buffer.from(`\\x${bytes[at]!.toString(16).padStart(2, '0')}`))
    at++
    valid = at
  }
  pieces.push(bytes.subarray(valid))
  return Buffer.concat(pieces)
}

/** Bytes of the character at `at` (RFC 3629: no overlong forms, no surrogates, up to U+10FFFF), or 0. */
const characterLength = (bytes: Buffer, at: number): number => {
  const first = bytes[at]!
  if (first < 0x80) return 1
  if (first < 0xc2 || first > 0xf4) return 0
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
  if (at + length > bytes.length) return 0
  const second = bytes[at + 1]!
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf
  if (second < low || second > high) return 0
  for (let i = 2; i < length; i++) if ((bytes[at + i]! & 0xc0) !== 0x80) return 0
  return length
}
