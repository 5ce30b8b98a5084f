import { isUtf8 } from 'node:buffer'
import { isTarHeader } from './archives/tar-header.ts'
import type { Content } from './source.ts'

/** So many decompressed bytes are looked at. */
export const HEAD_BYTES = 64 * 1024

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be'

/**
 * What the first bytes are, by what is in them and never by the file's name.
 *
 * Encrypted and unknown packed files are told by their first bytes too: for these there is a sentence to say.
 */
export function detectContent(head: Buffer): { readonly content: Content; readonly encoding: Encoding } {
  const utf8 = (content: Content) => ({ content, encoding: 'utf-8' as const })
  if (head.length === 0) return utf8('empty')
  const latin = head.toString('latin1', 0, 512)
  if (latin.startsWith('LPKSHHRH')) return utf8('journal')
  if (/^PK(\x03\x04|\x05\x06|\x07\x08)/.test(latin)) return utf8('zip')
  if (isTarHeader(head)) return utf8('tar')
  if (/^(age-encryption\.org\/v1|-----BEGIN AGE ENCRYPTED FILE-----)/.test(latin)) return utf8('age')
  if (isGpg(head, latin)) return utf8('gpg')
  if (latin.startsWith('\x04\x22\x4d\x18')) return utf8('lz4')
  if (latin.startsWith('7z\xbc\xaf\x27\x1c')) return utf8('7z')
  if (latin.startsWith('\xff\xfe') && isUtf16(head)) return { content: 'text', encoding: 'utf-16le' }
  if (latin.startsWith('\xfe\xff') && isUtf16(head)) return { content: 'text', encoding: 'utf-16be' }
  // The kubelet's log endpoint answers a directory with a page.
  if (/^(\xef\xbb\xbf)?\s*(<!doctype html|<html|<pre>\s*<a href)/i.test(latin)) return utf8('html')
  return utf8(isBinary(head) ? 'binary' : 'text')
}

/** A log in UTF-16 is mostly ASCII: every other byte is NUL. The mark alone may be two bytes of a damaged log. */
function isUtf16(head: Buffer): boolean {
  let nuls = 0
  const text = head.subarray(2, 1026)
  for (const byte of text) if (byte === 0) nuls++
  return nuls >= text.length * 0.3
}

/**
 * First packet of an OpenPGP message: session key for a public key (tag 1, version 3) or for a passphrase (tag 3,
 * version 4), old or new packet format.
 *
 * @see RFC 9580 section 4.2, 5.1, 5.3
 */
function isGpg(head: Buffer, latin: string): boolean {
  if (latin.startsWith('-----BEGIN PGP MESSAGE-----')) return true
  const [tag, length, second, third] = head
  if (tag === 0x84 || tag === 0xc1) return second === 3 || (tag === 0xc1 && (length ?? 0) >= 192 && third === 3)
  if (tag === 0x85) return third === 3 || head[3] === 3
  if (tag === 0x8c || tag === 0xc3) return second === 4
  return false
}

/**
 * A crash leaves blocks of NUL at the beginning and in the middle of good logs, and process names may hold any byte. So only
 * what is mostly not text, after NULs in front, and has no whole line of text in its first 64 kB is called binary.
 */
function isBinary(head: Buffer): boolean {
  // nearly always, and known at once
  if (isUtf8(head) && !ODD.test(head.toString('latin1'))) return false
  const text = head.subarray(Math.max(0, firstByte(head)), HEAD_BYTES)
  let odd = 0
  for (const byte of text) if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27) || byte === 127) odd++
  const invalid = countInvalid(text)
  if ((odd + invalid) / text.length <= 0.3) return false
  let start = 0
  for (let end = text.indexOf(10); end !== -1; end = text.indexOf(10, start)) {
    if (isTextLine(text.subarray(start, end))) return false
    start = end + 1
  }
  return true
}

/** Bytes that no text has. */
const ODD = /[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]/

/** Place of the first byte that is no NUL; -1 where there is none. */
export const firstByte = (bytes: Buffer): number => bytes.findIndex(byte => byte !== 0)

/** After the NULs that a crash left in front of it, at least 16 characters and all of them printable. */
function isTextLine(line: Buffer): boolean {
  const text = line.subarray(line.lastIndexOf(0) + 1)
  return text.length >= 16 && text.every(byte => byte === 9 || byte === 13 || (byte >= 32 && byte !== 127))
}

/** Bytes that belong to no UTF-8 character: each becomes U+FFFD. The last 3 bytes may be a cut character. */
function countInvalid(bytes: Buffer): number {
  const text = bytes.toString('utf8')
  let count = 0
  for (let at = text.indexOf('\ufffd'); at !== -1; at = text.indexOf('\ufffd', at + 1)) count++
  return Math.max(0, count - 3)
}
