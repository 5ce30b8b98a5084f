import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isKmsg, readFile } from '../../src/sources/read-file.ts'
import { collect, makeTree } from './temp.ts'

const device = { isCharacterDevice: () => true }
const file = { isCharacterDevice: () => false }

test.each([
  ['/dev/kmsg', device, true],
  ['/proc/kmsg', file, true],
  ['/var/log/kmsg', file, false],
  ['/dev/console', device, false],
])('%s is the ring buffer: %#', (path, stats, expected) => {
  expect(isKmsg(path, stats)).toBe(expected)
})

test.each([
  0,
  1,
  256 * 1024 - 1,
  256 * 1024,
  256 * 1024 + 1,
  1024 * 1024,
])('a file of %d bytes is read whole', async size => {
  const path = join(makeTree({}), 'log')
  const bytes = Buffer.from(Array.from({ length: size }, (_, i) => (i * 7) % 256))
  writeFileSync(path, bytes)
  const stats = { isFile: () => true, isSocket: () => false, isCharacterDevice: () => false }
  const read = await collect(readFile(path, stats))
  expect(read.error).toBeNull()
  expect(read.bytes.equals(bytes)).toBe(true)
})

test('what is added while it is read is read, too; who leaves early leaves nothing behind', async () => {
  const path = join(makeTree({}), 'log')
  writeFileSync(path, 'first\n')
  const stats = { isFile: () => true, isSocket: () => false, isCharacterDevice: () => false }
  let text = ''
  for await (const chunk of readFile(path, stats)) {
    if (text === '') appendFileSync(path, 'second\n')
    text += chunk
  }
  expect(text).toBe('first\nsecond\n')
  writeFileSync(path, Buffer.alloc(2 * 1024 * 1024))
  for await (const chunk of readFile(path, stats)) {
    expect(chunk.length).toBe(256 * 1024)
    break
  }
})
