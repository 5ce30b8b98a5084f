import { readdirSync } from 'node:fs'
import { constants, deflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { codecs } from '../../../src/sources/codecs/index.ts'
import { openStream } from '../../../src/sources/open.ts'
import { collect, hasProgram, inChunks, runProgram, someLog } from '../temp.ts'

const log = someLog(20_000)
const programs: readonly (readonly [codec: string, program: string, ...args: string[]])[] = [
  ['gzip', 'gzip', '-c'],
  ['gzip', 'gzip', '-1', '-c'],
  ['xz', 'xz', '-c'],
  ['xz', 'xz', '-T2', '--block-size=64KiB', '--check=crc32', '-c'],
  ['xz', 'xz', '--check=none', '-c'],
  ['zstd', 'zstd', '-q', '-c'],
  ['zstd', 'zstd', '-q', '-19', '-c'],
  ['zstd', 'zstd', '-q', '--no-check', '-c'],
  ['zstd', 'zstd', '-q', '--long=27', '-c'],
  ['bzip2', 'bzip2', '-c'],
  ['bzip2', 'bzip2', '-1', '-c'],
]

async function decode(bytes: Buffer, width = 4096) {
  const opened = await openStream(inChunks(bytes, width), 'x')
  return { ...(await collect(opened.text())), compression: opened.compression }
}

const beginsWith = (whole: Buffer, part: Buffer) => whole.subarray(0, part.length).equals(part)

describe.each(programs)('%s as %s %s %s writes it', (codec, program, ...args) => {
  const isHere = hasProgram(program)
  test.skipIf(!isHere)(`needs ${program}: whole, cut, damaged, followed, empty`, async () => {
    const packed = runProgram(program, args, log)
    const whole = await decode(packed)
    expect(whole.error).toBeNull()
    expect(whole.compression).toBe(codec)
    expect(whole.bytes.equals(log)).toBe(true)

    const twice = await decode(Buffer.concat([packed, packed]), 65_536)
    expect(twice.error).toBeNull()
    expect(twice.bytes.length).toBe(2 * log.length)

    for (const length of [packed.length - 1, packed.length - 5, packed.length >> 1]) {
      const cut = await decode(packed.subarray(0, length))
      expect(cut.error).toBe(`${codec}: truncated at byte ${length}; what came before it was read`)
      expect(beginsWith(log, cut.bytes)).toBe(true)
      // bzip2 gives whole blocks only, of 900 kB; the others all but their last block
      if (codec !== 'bzip2') expect(cut.bytes.length).toBeGreaterThan((log.length * length) / packed.length - 400_000)
    }

    const followed = await decode(Buffer.concat([packed, Buffer.from('and then something else')]))
    expect(followed.error).toBe(
      `${codec}: bytes from byte ${packed.length} on are not ${codec}; all before them was read`,
    )
    expect(followed.bytes.equals(log)).toBe(true)

    const damaged = Buffer.from(packed)
    const middle = packed.length >> 1
    damaged.set([0x55, 0xaa, 0x55], middle)
    const broken = await decode(damaged)
    // Without a checksum only the structure can tell.
    if (!args.includes('--no-check') && !args.includes('--check=none'))
      expect(broken.error).toMatch(/damaged at byte \d+: /)
    if (codec !== 'bzip2') expect(broken.bytes.length).toBeGreaterThan(0)

    for (const text of ['', 'x', 'one line\n', '\0'.repeat(300_000)]) {
      const small = await decode(runProgram(program, args, Buffer.from(text)), 7)
      expect([small.error, small.compression]).toEqual([null, codec])
      expect(small.bytes.equals(Buffer.from(text))).toBe(true)
    }
  })
})

test.skipIf(!hasProgram('gzip'))('needs gzip: zeros after and between members are padding', async () => {
  const member = runProgram('gzip', ['-c'], Buffer.from('a line\n'))
  const padded = Buffer.concat([member, Buffer.alloc(70_000), member, Buffer.alloc(100)])
  expect(await decode(padded)).toEqual({ bytes: Buffer.from('a line\na line\n'), error: null, compression: 'gzip' })
})

test.skipIf(!hasProgram('gzip'))('needs gzip: every header field is passed over, at every chunk width', async () => {
  const plain = runProgram('gzip', ['-nc'], Buffer.from('a line\n'))
  const header = Buffer.from([0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3, 3, 0, 1, 2, 3])
  const bytes = Buffer.concat([header, Buffer.from('name\0comment\0'), Buffer.from([9, 9]), plain.subarray(10)])
  for (const width of [1, 2, 7, 100]) {
    expect(await decode(bytes, width)).toEqual({ bytes: Buffer.from('a line\n'), error: null, compression: 'gzip' })
  }
  for (let cut = 3; cut < bytes.length; cut++) {
    expect((await decode(bytes.subarray(0, cut))).error).toContain(`truncated at byte ${cut}`)
  }
})

test.skipIf(!hasProgram('zstd'))('needs zstd: skippable frames stand anywhere', async () => {
  const frame = runProgram('zstd', ['-q', '-c'], Buffer.from('a line\n'))
  const skippable = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3])
  const bytes = Buffer.concat([skippable, frame, skippable, frame, skippable])
  expect(await decode(bytes, 1)).toEqual({ bytes: Buffer.from('a line\na line\n'), error: null, compression: 'zstd' })
  expect((await decode(bytes.subarray(0, bytes.length - 1))).error).toContain('truncated at byte')
})

test('a zstd frame with a huge window is refused before memory is taken', async () => {
  const frame = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x01, 0x00, 0x00, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  expect((await decode(frame)).error).toContain('its window is 2048 MiB; try: zstd -dc --long=31')
})

test.each([
  ['gzip', 'gzip'],
  ['xz', 'xz'],
])('needs %s: of a small file, too, what stands before the damage is read', async (_codec, program) => {
  if (!hasProgram(program)) return
  const small = log.subarray(0, 60_000)
  const packed = runProgram(program, ['-c'], small)
  for (const part of [0.5, 0.8]) {
    const damaged = Buffer.from(packed)
    damaged.fill(0xff, Math.floor(packed.length * part))
    const { bytes, error } = await decode(damaged, 65_536)
    expect(Number(/(?:damaged|truncated) at byte (\d+)/.exec(error ?? '')?.[1])).toBeGreaterThan(
      packed.length * (part - 0.1),
    )
    expect(bytes.length).toBeGreaterThan(small.length * (part - 0.2))
    // what was decoded just before the decoder noticed may be wrong
    expect(beginsWith(bytes, small.subarray(0, small.length * (part - 0.2)))).toBe(true)
  }
})

test.skipIf(!hasProgram('xz'))('needs xz: a filter that is not known is said, with a way out', async () => {
  const packed = runProgram('xz', ['--check=sha256', '-c'], Buffer.from('a line\n'))
  expect((await decode(packed)).error).toContain('try: xz -dc FILE | oomlens -')
})

test.skipIf(!hasProgram('xz'))('needs xz: several xz streams are open at once, one inside another', async () => {
  const packed = runProgram('xz', ['-c'], log)
  const nested = await decode(runProgram('xz', ['-c'], packed))
  expect(nested.compression).toBe('xz+xz')
  expect(nested.bytes.equals(log)).toBe(true)
  const all = await Promise.all([1, 2, 3].map(() => decode(packed)))
  for (const { bytes } of all) expect(bytes.equals(log)).toBe(true)
})

test.skipIf(!hasProgram('xz'))('needs xz: a stream that was left early holds nobody up', async () => {
  const packed = runProgram('xz', ['-c'], log)
  for (let i = 0; i < 5; i++) {
    for await (const chunk of (await openStream(inChunks(packed, 4096), 'x')).text()) {
      expect(chunk.length).toBeGreaterThan(0)
      break
    }
  }
  expect((await decode(packed)).error).toBeNull()
})

test.skipIf(!hasProgram('gzip'))('needs gzip: five layers are a trap', async () => {
  let bytes: Buffer = Buffer.from('a line\n')
  for (let i = 0; i < 5; i++) bytes = runProgram('gzip', ['-c'], bytes)
  await expect(decode(bytes)).rejects.toThrow('compressed more than 4 times over')
})

test.skipIf(!hasProgram('bzip2'))(
  'needs bzip2: any damage to a block ends in an error, never in an endless run',
  async () => {
    const packed = runProgram('bzip2', ['-1', '-c'], log.subarray(0, 3000))
    let state = 7
    for (let i = 0; i < 300; i++) {
      const damaged = Buffer.from(packed)
      for (let j = 0; j < 4; j++) {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0
        damaged[10 + ((state >>> 8) % (packed.length - 10))] = state & 0xff
      }
      const { error, bytes } = await decode(damaged, 65_536)
      if (!damaged.equals(packed) && error === null) expect(bytes.equals(log.subarray(0, 3000))).toBe(true)
    }
  },
)

test('of a gzip file that can be opened again, all before the damage is read', async () => {
  const text = someLog(200_000)
  const header = Buffer.from('1f8b0800000000000003', 'hex')
  // ends at a whole byte; the next block is of the type that there is not
  const sound = deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH })
  const damaged = Buffer.concat([header, sound, Buffer.alloc(1000, 0x07)])
  const reopen = () => inChunks(damaged, 65_536)
  const opened = await openStream(reopen(), 'x', false, reopen)
  const { bytes, error } = await collect(opened.text())
  expect(error).toMatch(/damaged at byte \d+: invalid block type/)
  expect(bytes.length).toBeGreaterThan(text.length - 4_000)
  expect(beginsWith(text, bytes)).toBe(true)

  const once = await collect((await openStream(reopen(), 'x')).text())
  expect(once.bytes.length).toBeLessThan(bytes.length)
})

test('no two codecs claim the same bytes, and plain logs are nobody’s', () => {
  for (const text of ['Mar 13 06:21:02 node kernel: x', 'BZhello', '(\xb5/', '', '\x1f\x8b']) {
    expect(codecs.filter(codec => codec.matches(Buffer.from(text, 'latin1'))).map(({ name }) => name)).toEqual([])
  }
})

test('every codec of the folder is in the table', () => {
  const files = readdirSync(new URL('../../../src/sources/codecs/', import.meta.url))
  const others = ['codec.ts', 'index.ts', 'trouble.ts', 'bzip2-block.ts']
  expect(files.filter(file => !others.includes(file)).sort()).toEqual(codecs.map(({ name }) => `${name}.ts`).sort())
})
