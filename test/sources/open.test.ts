import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { discover } from '../../src/sources/discover.ts'
import { openStream } from '../../src/sources/open.ts'
import type { Content } from '../../src/sources/source.ts'
import { collect, inChunks, makeTree } from './temp.ts'

const line = 'Mar 13 06:21:02 node1 kernel: Out of memory: Killed process 4711 (java)\n'
const latin = (text: string) => Buffer.from(text, 'latin1')
const noise = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 89 + (i >> 3) * 151) % 256))

const contents: readonly (readonly [name: string, content: Content, bytes: Buffer])[] = [
  ['a log', 'text', Buffer.from(line)],
  ['a log that a crash began with NULs', 'text', Buffer.concat([Buffer.alloc(60_000), Buffer.from(line)])],
  ['half a line behind NULs', 'text', Buffer.concat([Buffer.alloc(512), Buffer.from(line.slice(0, 10))])],
  ['nothing but NULs', 'binary', Buffer.alloc(512)],
  ['noise behind NULs', 'binary', Buffer.concat([Buffer.alloc(512), noise])],
  ['a log with NULs in it', 'text', Buffer.concat([Buffer.from(line), Buffer.alloc(200_000), Buffer.from(line)])],
  ['a log in Latin-1', 'text', latin(`${line}${'\xe9\xe8\xfc'.repeat(500)}\n`)],
  ['a log with colours and raw process names', 'text', latin('\x1b[31mkernel: (\xff\xfe\x01) killed\x1b[0m\n')],
  ['one line without an end', 'text', Buffer.from('kernel: hello')],
  ['nothing', 'empty', Buffer.alloc(0)],
  ['noise', 'binary', noise],
  ['a core of an ELF file', 'binary', Buffer.concat([latin('\x7fELF\x02\x01\x01'), Buffer.alloc(3000)])],
  ['an archive', 'zip', latin('PK\x03\x04rest')],
  ['an empty archive', 'zip', latin(`PK\x05\x06${'\0'.repeat(18)}`)],
  ['a journal', 'journal', latin('LPKSHHRH\0\0')],
  ['age', 'age', Buffer.from('age-encryption.org/v1\n-> X25519 ')],
  ['an armoured message', 'gpg', Buffer.from('-----BEGIN PGP MESSAGE-----\n')],
  ['a message for a passphrase', 'gpg', latin('\x8c\x0d\x04\x09\x03\x02')],
  ['a message for a key', 'gpg', latin('\x85\x02\x0c\x03\x01\x02')],
  ['a directory as the kubelet lists it', 'html', Buffer.from('<!doctype html>\n<pre>\n<a href="apt/">apt/</a>')],
  ['and without a head', 'html', Buffer.from('<pre>\n<a href="apt/">apt/</a>')],
  ['a log copied from a page with its marks', 'text', Buffer.from('<pre><code>[    1.234567] x\n')],
  ['lz4', 'lz4', latin('\x04\x22\x4d\x18\x64\x40')],
]

test.each(contents)('%s is %s', async (_name, content, bytes) => {
  expect((await openStream(inChunks(bytes, 1000), 'x')).content).toBe(content)
  expect((await openStream(inChunks(gzipSync(bytes), 1000), 'x')).content).toBe(content)
})

test.each(['age', 'gpg', 'html', 'zip', 'lz4'])('what is no log is refused in one sentence: %s', async content => {
  const bytes = contents.find(([, kind]) => kind === content)?.[2] ?? Buffer.alloc(0)
  const { bytes: read, error } = await collect((await openStream(inChunks(bytes, 100), 'x')).text())
  expect(read.length).toBe(0)
  expect(error).toMatch(/^is /)
})

describe('text comes out as UTF-8 without a mark, at every chunk width', () => {
  const text = `${line}name=Größe 𝄞\r\n`
  const big = Buffer.from(text, 'utf16le').swap16()
  const forms: readonly (readonly [name: string, bytes: Buffer])[] = [
    ['UTF-8 with a mark', Buffer.concat([latin('\xef\xbb\xbf'), Buffer.from(text)])],
    ['UTF-16 little-endian', Buffer.concat([latin('\xff\xfe'), Buffer.from(text, 'utf16le')])],
    ['UTF-16 big-endian', Buffer.concat([latin('\xfe\xff'), big])],
  ]
  test.each(forms)('%s', async (_name, bytes) => {
    for (const width of [1, 2, 3, 64, 10_000]) {
      const { bytes: read } = await collect((await openStream(inChunks(bytes, width), 'x')).text())
      expect(read.toString()).toBe(text)
    }
  })
})

test('a binary file is still read, byte for byte', async () => {
  const { bytes } = await collect((await openStream(inChunks(noise, 100), 'x')).text())
  expect(bytes.equals(noise)).toBe(true)
})

test('a log behind more NULs than are looked at is a log, once it is read', async () => {
  const root = makeTree({ 'a.log': Buffer.concat([Buffer.alloc(200_000), Buffer.from(line)]) })
  const [piece] = (await discover(['a.log'], { cwd: root, stdin: null })).logs[0]!.pieces
  const { bytes } = await collect(piece!.read())
  expect([piece!.content, bytes.length]).toEqual(['text', 200_000 + line.length])
})

test('damage in the first bytes gives what was there, then the trouble', async () => {
  const packed = gzipSync(line.repeat(100))
  const opened = await openStream(inChunks(packed.subarray(0, packed.length - 4), 10), 'x')
  const { bytes, error } = await collect(opened.text())
  expect(bytes.toString()).toBe(line.repeat(100))
  expect(error).toContain('truncated at byte')
})

test('a piece notes what was found in it, and can be read again', async () => {
  const root = makeTree({ 'a.log': gzipSync(line) })
  const { logs } = await discover(['a.log'], { cwd: root, stdin: null })
  const piece = logs[0]!.pieces[0]!
  expect(piece).toMatchObject({ compression: null, content: null })
  expect((await collect(piece.read())).bytes.toString()).toBe(line)
  expect((await collect(piece.read())).bytes.toString()).toBe(line)
  expect(piece).toMatchObject({ compression: 'gzip', content: 'text' })
})

test('a file that vanishes, or becomes a directory, before it is read is a SourceError in plain words', async () => {
  const root = makeTree({ 'a.log': line, 'b.log': line })
  const { logs } = await discover(['a.log', 'b.log'], { cwd: root, stdin: null })
  rmSync(join(root, 'a.log'))
  rmSync(join(root, 'b.log'))
  mkdirSync(join(root, 'b.log'))
  const errors = []
  for (const { pieces } of logs) errors.push((await collect(pieces[0]!.read())).error)
  expect(errors).toEqual(['cannot open: no such file or directory (ENOENT)', 'cannot read: is a directory (EISDIR)'])
})
