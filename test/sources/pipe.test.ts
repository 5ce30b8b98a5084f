import { execFileSync, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openPipe } from '../../src/sources/pipe.ts'
import { makeTree } from './temp.ts'

const ROOT = join(import.meta.dirname, '../..')
const BIN = join(ROOT, 'bin/oomlens.js')

const LINE = 'Mar 15 09:22:41 node1 app[7]: nothing to see here\n'

/** The report on what `feed` writes to standard input. */
async function reportOn(feed: (stdin: NodeJS.WritableStream) => Promise<void>) {
  const child = spawn(process.execPath, [BIN, '-o', 'json', '--threads', '1', '-'], { cwd: ROOT })
  let printed = ''
  child.stdout.on('data', data => {
    printed += data
  })
  const closed = new Promise(resolve => child.on('close', resolve))
  await feed(child.stdin)
  child.stdin.end()
  await closed
  return JSON.parse(printed)
}

test('a file as standard input is read to its end, whatever the rooms’ sizes', async () => {
  const text = LINE.repeat(5000)
  const path = join(makeTree({ 'a.log': text }), 'a.log')
  const descriptor = openSync(path, 'r')
  try {
    const pipe = openPipe(descriptor)!
    const parts: Buffer[] = []
    for (const bytes of [1, 7, 65_536, 100, 1_000_000, 10]) {
      const room = Buffer.alloc(bytes)
      parts.push(room.subarray(0, await pipe.fill(room)))
    }
    for await (const chunk of pipe) parts.push(chunk)
    expect(Buffer.concat(parts).toString()).toBe(text)
  } finally {
    closeSync(descriptor)
  }
})

test('every byte of a pipe is counted once, in whatever portions it comes', async () => {
  const lines = 40_000
  const text = LINE.repeat(lines)
  const { stats } = await reportOn(async stdin => {
    for (let at = 0, size = 1; at < text.length; size = (size * 7) % 99_991) {
      const part = text.slice(at, at + size)
      at += part.length
      if (!stdin.write(part)) await new Promise(resolve => stdin.once('drain', resolve))
    }
  })
  expect(stats).toMatchObject({ bytes: text.length, lines })
})

test.each<[string, Buffer, boolean]>([
  ['a block of NULs, then a log', Buffer.from(LINE), false],
  ['a block of NULs, then half a line', Buffer.from(LINE.slice(0, 10)), false],
  ['a block of NULs and no more', Buffer.alloc(0), true],
  ['a block of NULs, then no text', Buffer.from(Array.from({ length: 500 }, (_, at) => at % 9)), true],
])('%s: binary or not', async (_, rest, isBinary) => {
  const { warnings } = await reportOn(async stdin => {
    stdin.write(Buffer.alloc(512))
    await new Promise(resolve => setTimeout(resolve, 500))
    stdin.write(rest)
  })
  expect(warnings.some(({ code }: { code: string }) => code === 'binary')).toBe(isBinary)
})

test('a first portion of a few bytes does not hide a packed log', async () => {
  const { gzipSync } = await import('node:zlib')
  const packed = gzipSync(LINE.repeat(1000))
  const { stats, sources } = await reportOn(async stdin => {
    stdin.write(packed.subarray(0, 1))
    await new Promise(resolve => setTimeout(resolve, 150))
    stdin.write(packed.subarray(1))
  })
  expect(stats.lines).toBe(1000)
  expect(sources[0]).toMatchObject({ path: '-', compression: 'gzip' })
})

test('what is no file, pipe or socket is left to node', () => {
  const descriptor = openSync('/dev/null', 'r')
  expect(openPipe(descriptor)).toBeNull()
  closeSync(descriptor)
})

test('a directory as standard input is an error', async () => {
  const descriptor = openSync(import.meta.dirname, 'r')
  try {
    await expect(openPipe(descriptor)!.fill(Buffer.alloc(10))).rejects.toThrow('EISDIR')
  } finally {
    closeSync(descriptor)
  }
})

test('chunks of a pipe may be kept, as merge does', () => {
  const sh = (command: string) => execFileSync('sh', ['-c', command], { cwd: ROOT, maxBuffer: 1 << 28 }).toString()
  const report = sh(`'${process.execPath}' bin/oomlens.js -o json fixtures/kernel fixtures/containerd`)
  expect(report.length).toBeGreaterThan(300_000)
  const path = join(makeTree({ 'report.json': report }), 'report.json')
  const merge = `'${process.execPath}' bin/oomlens.js merge -o ndjson`
  const incidents = (text: string) => text.split('\n').filter(line => line.startsWith('{"type":"incident"'))
  expect(incidents(sh(`cat '${path}' | ${merge} -`))).toEqual(incidents(sh(`${merge} '${path}'`)))
})

test('what a packed pipe has given counts when it gives no more', async () => {
  const { createGzip, constants } = await import('node:zlib')
  const child = spawn(process.execPath, [BIN, '-o', 'json', '-'], { cwd: ROOT })
  let printed = ''
  child.stdout.on('data', data => {
    printed += data
  })
  const closed = new Promise(resolve => child.on('close', resolve))
  const packer = createGzip()
  packer.pipe(child.stdin)
  packer.write(LINE.repeat(1000))
  await new Promise<void>(resolve => packer.flush(constants.Z_SYNC_FLUSH, () => resolve()))
  await new Promise(resolve => setTimeout(resolve, 1000))
  child.kill('SIGINT')
  expect(await closed).toBe(130)
  expect(JSON.parse(printed).stats.lines).toBeGreaterThan(900)
})
