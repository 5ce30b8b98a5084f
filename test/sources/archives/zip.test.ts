/** A zip that was cut or damaged: its members are read by the headers in front of them. */
import { tmpdir } from 'node:os'
import { crc32, deflateRawSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { openBundle } from '../../../src/sources/archives/bundle.ts'
import { openBundleLogs } from '../../../src/sources/archives/bundle-logs.ts'
import { type BundleLimits, defaultLimits } from '../../../src/sources/archives/limits.ts'
import { makePiece } from '../../../src/sources/piece.ts'
import type { Piece, SourceError } from '../../../src/sources/source.ts'
import { collect, inChunks, someLog } from '../temp.ts'

interface Form {
  readonly deflated?: boolean
  /** Sizes and checksum come behind the data, as of what is packed into a pipe. */
  readonly behind?: boolean
  readonly zip64?: boolean
  readonly flags?: number
}

/** Header, data and descriptor of one member. */
function member(name: string, body: Buffer | string, form: Form = {}): Buffer {
  const { deflated = true, behind = false, zip64 = false, flags = 0 } = form
  const text = Buffer.from(body)
  const data = deflated ? deflateRawSync(text) : text
  const extra = Buffer.alloc(zip64 ? 20 : 0)
  const header = Buffer.alloc(30)
  header.write('PK\x03\x04')
  header.writeUInt16LE(zip64 ? 45 : 20, 4)
  header.writeUInt16LE(flags | (behind ? 8 : 0), 6)
  header.writeUInt16LE(deflated ? 8 : 0, 8)
  header.writeUInt16LE(0x546f, 12) // 15 March 2022
  if (!behind) {
    header.writeUInt32LE(crc32(text), 14)
    header.writeUInt32LE(zip64 ? 0xffffffff : data.length, 18)
    header.writeUInt32LE(zip64 ? 0xffffffff : text.length, 22)
  }
  header.writeUInt16LE(Buffer.byteLength(name), 26)
  header.writeUInt16LE(extra.length, 28)
  if (zip64) {
    extra.writeUInt16LE(1, 0)
    extra.writeUInt16LE(16, 2)
    extra.writeUInt32LE(text.length, 4)
    extra.writeUInt32LE(data.length, 12)
  }
  const descriptor = Buffer.alloc(behind ? 16 : 0)
  if (behind) {
    descriptor.write('PK\x07\x08')
    descriptor.writeUInt32LE(crc32(text), 4)
    descriptor.writeUInt32LE(data.length, 8)
    descriptor.writeUInt32LE(text.length, 12)
  }
  return Buffer.concat([header, Buffer.from(name), extra, data, descriptor])
}

const pieceOf = (bytes: Buffer): Piece =>
  makePiece({ path: 'b.zip', isReplayable: true, raw: () => inChunks(bytes, 10_000) })

async function readAll(bytes: Buffer, limits: Partial<BundleLimits> = {}) {
  const texts: Record<string, string> = {}
  const troubles: string[] = []
  const mtimes = new Set<number | null>()
  const options = {
    limits: { ...defaultLimits, ...limits },
    tmpDir: tmpdir(),
    onTrouble: ({ message }: SourceError) => troubles.push(message),
  }

  try {
    for await (const file of openBundle(pieceOf(bytes), options)) {
      if (file.type !== 'file') continue
      const read = await collect(file.read())
      texts[file.path] = read.bytes.toString()
      mtimes.add(file.mtimeMs)
      if (read.error !== null) troubles.push(read.error)
    }
  } catch (error) {
    troubles.push((error as Error).message)
  }
  return { texts, troubles, mtimes: [...mtimes] }
}

const long = someLog(500).toString()
const forms: readonly (readonly [string, Form])[] = [
  ['packed', {}],
  ['stored', { deflated: false }],
  ['packed into a pipe', { behind: true }],
  ['stored into a pipe', { deflated: false, behind: true }],
  ['with the sizes of zip64', { zip64: true }],
]

describe.each(forms)('a zip %s', (_, form) => {
  const files = { 'var/log/messages': long, 'var/log/empty.log': '', 'var/log/kern.log': 'kern\n' }
  const all = Buffer.concat([
    member('var/log/', '', { deflated: false }),
    ...Object.entries(files).map(([name, text]) => member(name, text, form)),
    member('last.log', long, form),
  ])

  test('that is cut in its last member gives what stands before the cut', async () => {
    const { texts, troubles, mtimes } = await readAll(all.subarray(0, all.length - 1000))
    const { 'last.log': last = '', ...rest } = texts
    expect(rest).toEqual(files)
    expect(last.length).toBeGreaterThan(long.length / 4)
    expect(long.startsWith(last)).toBe(true)
    expect(new Set(troubles)).toEqual(
      new Set([`zip: truncated at byte ${all.length - 1000}; what came before it was read`]),
    )
    expect(mtimes).toEqual([new Date(2022, 2, 15).getTime()])
  })

  test('that is cut anywhere is read and told', async () => {
    for (let length = 4; length < all.length; length += 197) {
      const { texts, troubles } = await readAll(all.subarray(0, length))
      expect(new Set(troubles).size, String(length)).toBe(1)
      const whole = texts['var/log/kern.log'] === undefined ? {} : { 'var/log/messages': long }
      expect(texts).toMatchObject(whole)
    }
  })

  test('that lost a stretch in its middle gives the members around it', async () => {
    const at = all.indexOf('var/log/messages')
    const damaged = Buffer.concat([all.subarray(0, at - 30), Buffer.alloc(64, 0x55), all.subarray(at + 34)])
    const { texts } = await readAll(damaged)
    expect(texts).toMatchObject({ 'var/log/kern.log': 'kern\n', 'last.log': long })
  })
})

describe('a cut zip', () => {
  test('gives logs and rotated sets as a whole one does, and one sentence', async () => {
    const form = { behind: true }
    const bytes = Buffer.concat([
      member('n/messages', 'newest\n', form),
      member('n/messages.2.gz', gzipSync('oldest\n'), { deflated: false }),
      member('n/messages.1', 'older\n', form),
      member('n/kern.log', long, form),
    ])
    const { logs, errors, close } = await openBundleLogs(pieceOf(bytes.subarray(0, -500)), {
      limits: defaultLimits,
      tmpDir: tmpdir(),
    })
    const texts: Record<string, string> = {}
    const troubles = new Set(errors.map(({ message }) => message))
    for (const { name, pieces } of logs) {
      for (const piece of pieces) {
        const { bytes: text, error } = await collect(piece.read())
        texts[name] = (texts[name] ?? '') + text.toString()
        if (error !== null) troubles.add(error)
      }
    }
    await close()
    expect(texts['n/messages']).toBe('oldest\nolder\nnewest\n')
    expect(texts['n/kern.log']?.length).toBeGreaterThan(long.length / 4)
    expect(troubles.size).toBe(1)
  })

  test('in which a zip lies, whole', async () => {
    const inner = member('messages', long)
    const { texts, troubles } = await readAll(
      Buffer.concat([member('in.zip', inner, { deflated: false }), member('a.log', 'a\n')]).subarray(0, -2),
    )
    expect(texts['in.zip/messages']).toBe(long)
    expect(troubles).toContain(`zip: truncated at byte ${inner.length}; what came before it was read`)
  })

  test('may not lead out of itself, nor be encrypted', async () => {
    const { texts, troubles } = await readAll(
      Buffer.concat([
        member('../../etc/passwd', 'x\n'),
        member('/etc/shadow', 'x\n', { behind: true }),
        member('secret.log', 'x\n', { behind: true, flags: 1 }),
        member('..\\up.log', 'x\n'),
        member('a.log', 'a\n'),
      ]),
    )
    expect(texts).toEqual({ 'a.log': 'a\n' })
    expect(troubles.slice(0, -1)).toEqual([
      '../../etc/passwd: a path that leads out of the bundle; not read',
      '/etc/shadow: a path that leads out of the bundle; not read',
      'secret.log is encrypted; not read',
      '../up.log: a path that leads out of the bundle; not read',
    ])
  })

  test.each([true, false])('that unpacks to too much is given up, sizes behind: %s', async behind => {
    const bomb = Buffer.concat([member('a.log', 'a\n'), member('b.bin', Buffer.alloc(20_000_000), { behind })])
    const { texts, troubles } = await readAll(bomb, { maxBytes: 1_000_000 })
    expect(texts['a.log']).toBe('a\n')
    expect(troubles.join()).toContain('unpacks to more than 1000000 bytes: given up')
  })

  test('of which a member claims the size of a world is given what it has', async () => {
    const bytes = Buffer.from(member('a.log', 'a\n', { deflated: false }))
    bytes.writeUInt32LE(0xfffffff0, 18)
    expect((await readAll(bytes)).texts).toEqual({ 'a.log': 'a\n' })
  })

  test('is passed over in time that grows with its length alone', async () => {
    const heads = Buffer.from('PK\x03\x04').toString('latin1').repeat(500_000)
    const many = Buffer.concat([member('a.log', heads, { deflated: false, behind: true }), member('b.log', 'b\n')])
    const before = performance.now()
    expect((await readAll(many)).texts['b.log']).toBe('b\n')
    expect(performance.now() - before).toBeLessThan(5_000)
  })
})
