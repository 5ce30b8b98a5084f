import fc from 'fast-check'
import { expect, it } from 'vitest'
import { escapeInvalidUtf8 } from '../../src/sieve/utf8.ts'

it.each([
  ['plain text', Buffer.from('java: plain'), 'java: plain'],
  ['a character cut by the kernel', Buffer.from([0x61, 0xe5, 0xbd, 0x29]), 'a\\xe5\\xbd)'],
  ['Latin-1', Buffer.from('caf\xe9 x', 'latin1'), 'caf\\xe9 x'],
  ['an overlong slash', Buffer.from([0xc0, 0xaf]), '\\xc0\\xaf'],
  ['a surrogate', Buffer.from([0xed, 0xa0, 0x80]), '\\xed\\xa0\\x80'],
  ['beyond U+10FFFF', Buffer.from([0xf4, 0x90, 0x80, 0x80]), '\\xf4\\x90\\x80\\x80'],
  ['a whole character after half of one', Buffer.from([0xe5, ...Buffer.from('é')]), '\\xe5é'],
  ['NUL bytes', Buffer.from('a\0b'), 'a\0b'],
])('keeps every byte of %s', (_, bytes, text) => {
  expect(escapeInvalidUtf8(bytes).toString()).toBe(text)
})

it('gives UTF-8, and valid text as it was', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.string({ unit: 'binary' }), (raw, text) => {
      const escaped = escapeInvalidUtf8(Buffer.from(raw))
      expect(Buffer.from(escaped.toString())).toEqual(escaped)
      const valid = Buffer.from(text)
      expect(escapeInvalidUtf8(valid).toString()).toBe(valid.toString())
    }),
  )
})
