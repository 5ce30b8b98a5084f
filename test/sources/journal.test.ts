import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readJournal } from '../../src/sources/journal.ts'
import { decodeLz4Block } from '../../src/sources/lz4.ts'
import { collect, hasProgram, inChunks, makeTree, runProgram } from './temp.ts'

const writer = '/lib/systemd/systemd-journal-remote'
const canMake = existsSync(writer) && spawnSync('journalctl', ['--version']).error === undefined

/** Entries in the export format, with what is hard: long fields, raw bytes, repeated fields, line breaks. */
function exportEntries(count: number): Buffer {
  const parts: Buffer[] = []
  const binary = (field: string, value: Buffer) => {
    const size = Buffer.alloc(8)
    size.writeBigUInt64LE(BigInt(value.length))
    return Buffer.concat([Buffer.from(`${field}\n`), size, value, Buffer.from('\n')])
  }
  for (let i = 0; i < count; i++) {
    const text = [
      `__REALTIME_TIMESTAMP=${1647152462000000 + i * 1000}`,
      `__MONOTONIC_TIMESTAMP=${1000000 + i * 1000}`,
      `_BOOT_ID=${i < count / 2 ? '0123456789abcdef0123456789abcdef' : 'fedcba9876543210fedcba9876543210'}`,
      '_HOSTNAME=node1',
      `PRIORITY=${i % 8}`,
      `_PID=${1000 + (i % 50)}`,
      `_CMDLINE=/usr/bin/kubelet --flag=${'x'.repeat(i % 900)}`,
      i % 3 === 0
        ? '_TRANSPORT=kernel\n_SOURCE_MONOTONIC_TIMESTAMP=99'
        : '_SYSTEMD_UNIT=containerd.service\nSYSLOG_IDENTIFIER=containerd',
    ].join('\n')
    parts.push(Buffer.from(`${text}\n`))
    if (i % 10 === 0) parts.push(Buffer.from('SYSLOG_IDENTIFIER=one\nSYSLOG_IDENTIFIER=two\n'))
    if (i % 7 === 0) parts.push(binary('MESSAGE', Buffer.from([0x6b, 0xff, 0xfe, 1, 10, i & 255])))
    else if (i % 5 === 0) parts.push(binary('MESSAGE', Buffer.from(`first line ${i}\n second line`)))
    else parts.push(Buffer.from(`MESSAGE=message ${i} ${'oom-kill:constraint=CONSTRAINT_MEMCG,'.repeat(i % 40)}\n`))
    parts.push(Buffer.from('\n'))
  }
  return Buffer.concat(parts)
}

function makeJournal(count: number, env: Readonly<Record<string, string>>): { bytes: Buffer; path: string } {
  const path = join(makeTree({}), 'x.journal')
  execFileSync(writer, ['--compress=yes', '--seal=no', '-o', path, '-'], {
    input: exportEntries(count),
    env: { ...process.env, ...env },
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  return { bytes: readFileSync(path), path }
}

type Entry = Record<string, unknown>
const parseLines = (text: Buffer): Entry[] =>
  text
    .toString()
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as Entry)

/** Values in one form: journalctl writes control characters as lists of bytes, we only what is not UTF-8. */
const normal = (value: unknown): unknown =>
  Array.isArray(value)
    ? typeof value[0] === 'number'
      ? Buffer.from(value as number[]).toString('latin1')
      : value.map(normal).sort()
    : Buffer.from(String(value)).toString('latin1')

const forms: readonly (readonly [name: string, env: Readonly<Record<string, string>>])[] = [
  ['regular', { SYSTEMD_JOURNAL_COMPACT: '0' }],
  ['compact', { SYSTEMD_JOURNAL_COMPACT: '1' }],
  ['without keyed hashes', { SYSTEMD_JOURNAL_KEYED_HASH: '0' }],
]

describe.skipIf(!canMake)('needs systemd-journal-remote: entries are those of journalctl', () => {
  test.each(forms)('%s', async (_name, env) => {
    const { bytes, path } = makeJournal(700, env)
    const expected = parseLines(
      execFileSync('journalctl', ['--file', path, '-o', 'json', '--all', '--no-pager'], { maxBuffer: 2 ** 28 }),
    )
    for (const width of [1000, 65_536]) {
      const { bytes: text, error } = await collect(readJournal(inChunks(bytes, width), 'x'))
      expect(error).toBeNull()
      const entries = parseLines(text)
      expect(entries.length).toBe(expected.length)
      for (const [index, entry] of entries.entries()) {
        for (const [field, value] of Object.entries(entry))
          expect([field, normal(value)]).toEqual([field, normal(expected[index]?.[field])])
        expect(Object.keys(entry)).toEqual(
          expect.arrayContaining(['MESSAGE', '_HOSTNAME', 'PRIORITY', '_PID', '_BOOT_ID']),
        )
      }
    }
  })

  test('a file cut off gives the entries before the cut, and one sentence', async () => {
    const { bytes } = makeJournal(700, {})
    const end = Number(bytes.readBigUInt64LE(136))
    const { bytes: text, error } = await collect(readJournal(inChunks(bytes.subarray(0, end - 60_000), 5000), 'x'))
    expect(parseLines(text).length).toBeGreaterThan(100)
    expect(error).toMatch(/^journal: truncated at byte \d+; try: journalctl --file/)
  })

  test('a file that journald still had open just ends', async () => {
    const { bytes } = makeJournal(700, {})
    const open = Buffer.from(bytes)
    open[16] = 1
    const end = Number(bytes.readBigUInt64LE(136))
    const { bytes: text, error } = await collect(readJournal(inChunks(open.subarray(0, end - 60_000), 5000), 'x'))
    expect(parseLines(text).length).toBeGreaterThan(100)
    expect(error).toBeNull()
  })

  test('behind a damaged place the entries go on, and one sentence says where it is', async () => {
    const { bytes } = makeJournal(700, {})
    const end = Number(bytes.readBigUInt64LE(136))
    const first = bytes.indexOf('MESSAGE=')
    for (const part of [0.1, 0.5, 0.9]) {
      const damaged = Buffer.from(bytes)
      const at = (first + Math.floor((end - first) * part)) & ~7
      damaged.fill(0, at, at + 4096)
      const { bytes: text, error } = await collect(readJournal(inChunks(damaged, 5000), 'x'))
      expect(parseLines(text).length).toBeGreaterThan(600)
      expect(parseLines(text).at(-1)?.['__REALTIME_TIMESTAMP']).toBe(String(1647152462000000 + 699 * 1000))
      expect(error).toMatch(/^journal: damaged at byte \d+; try: journalctl --file/)
    }
  })

  test('any damage is survived', async () => {
    const { bytes } = makeJournal(60, {})
    let state = 3
    for (let i = 0; i < 150; i++) {
      const damaged = Buffer.from(bytes.subarray(0, Number(bytes.readBigUInt64LE(136)) + 4096))
      for (let j = 0; j < 6; j++) {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0
        damaged[8 + ((state >>> 4) % (damaged.length - 8))] = state & 0xff
      }
      parseLines((await collect(readJournal(inChunks(damaged, 70_000), 'x'))).bytes)
    }
  })
})

/** A journal by hand: a field, compressed in the way that the object flag says, and an entry that uses it. */
function journalOf(payload: Buffer, objectFlag: number): Buffer {
  const object = (type: number, flags: number, body: Buffer): Buffer => {
    const header = Buffer.alloc(16)
    header[0] = type
    header[1] = flags
    header.writeBigUInt64LE(BigInt(16 + body.length), 8)
    return Buffer.concat([header, body, Buffer.alloc((8 - (body.length % 8)) % 8)])
  }
  const header = Buffer.alloc(256)
  header.write('LPKSHHRH')
  header.writeBigUInt64LE(256n, 88)
  const data = object(1, objectFlag, Buffer.concat([Buffer.alloc(40), Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]), payload]))
  const item = Buffer.alloc(16)
  item.writeBigUInt64LE(256n)
  return Buffer.concat([header, data, object(3, 0, Buffer.concat([Buffer.alloc(48), item]))])
}

describe('compressed objects, as older systemd wrote them', () => {
  const message = `oom-kill:${'constraint=CONSTRAINT_MEMCG,'.repeat(40)}end`
  const field = Buffer.from(`MESSAGE=${message}`)

  async function messageIn(payload: Buffer, objectFlag: number) {
    const { bytes, error } = await collect(readJournal(inChunks(journalOf(payload, objectFlag), 99), 'x'))
    expect(error).toBeNull()
    return parseLines(bytes).map(entry => entry['MESSAGE'])
  }

  test.skipIf(!hasProgram('xz'))('needs xz: xz', async () => {
    expect(await messageIn(runProgram('xz', ['--check=none', '-c'], field), 1)).toEqual([message])
  })

  test.skipIf(!hasProgram('lz4'))('needs lz4: lz4, its size in front', async () => {
    // The program writes a frame: 7 bytes of header, 4 of the block's size, the block, 4 of an end mark.
    const frame = runProgram('lz4', ['-c', '--no-frame-crc', '-'], field)
    const block = frame.subarray(11, 11 + (frame.readUInt32LE(7) & 0x7fffffff))
    const size = Buffer.alloc(8)
    size.writeBigUInt64LE(BigInt(field.length))
    expect(block.length).toBeLessThan(field.length / 2)
    expect(await messageIn(Buffer.concat([size, block]), 2)).toEqual([message])
  })

  test('one that cannot be decompressed leaves its entry without the field', async () => {
    for (const flag of [1, 2, 4])
      expect(await messageIn(Buffer.from('not compressed at all'), flag)).toEqual([undefined])
  })
})

test.each([
  ['', 'journal: truncated at byte 8'],
  [
    '\0\0\0\0\xff\xff\xff\xff'.padEnd(300, '\0'),
    'journal: of a form not known here; try: journalctl --file FILE -o json | oomlens -',
  ],
])('a file that is none is told', async (rest, message) => {
  const { bytes, error } = await collect(readJournal(inChunks(Buffer.from(`LPKSHHRH${rest}`, 'latin1'), 100), 'x'))
  expect([bytes.length, error]).toEqual([0, message])
})

const blocks: readonly (readonly [name: string, block: readonly number[], size: number, text: string | null])[] = [
  ['literals only', [0x30, 97, 98, 99], 3, 'abc'],
  ['a match that overlaps itself', [0x14, 97, 1, 0, 0x10, 98], 10, 'aaaaaaaaab'],
  ['nothing', [], 0, ''],
  ['a distance to before the start', [0x10, 97, 2, 0], 5, null],
  ['a distance of nothing', [0x10, 97, 0, 0], 5, null],
  ['literals beyond the block', [0xf0, 255, 255], 9, null],
  ['a match beyond the size', [0x1f, 97, 1, 0, 255, 255, 0], 20, null],
  ['less than was told', [0x10, 97], 2, null],
]
test.each(blocks)('lz4: %s', (_name, block, size, text) => {
  expect(decodeLz4Block(Buffer.from(block), size)?.toString() ?? null).toBe(text)
})
