import { execFileSync } from 'node:child_process'
import { linkSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { openBundle } from '../../../src/sources/archives/bundle.ts'
import { openBundleLogs } from '../../../src/sources/archives/bundle-logs.ts'
import { type BundleLimits, defaultLimits } from '../../../src/sources/archives/limits.ts'
import { listBundle } from '../../../src/sources/archives/list.ts'
import { readMembers } from '../../../src/sources/archives/read-members.ts'
import { makePiece, streamPiece } from '../../../src/sources/piece.ts'
import type { Piece, SourceError } from '../../../src/sources/source.ts'
import { collect, hasProgram, inChunks, makeTree, runProgram, someLog } from '../temp.ts'

const hasTar = hasProgram('tar')
const options = { limits: defaultLimits, tmpDir: tmpdir() }

const pieceOf = (bytes: Buffer, width = 10_000): Piece =>
  makePiece({ path: 'b', isReplayable: true, raw: () => inChunks(bytes, width) })

async function readAll(piece: Piece, limits: Partial<BundleLimits> = {}) {
  const troubles: string[] = []
  const texts: Record<string, string> = {}
  const read = { ...options, limits: { ...defaultLimits, ...limits } }
  const onTrouble = ({ path, message }: SourceError) => troubles.push(`${path}: ${message}`)
  try {
    for await (const member of openBundle(piece, { ...read, onTrouble })) {
      if (member.type !== 'file') continue
      const { bytes, error } = await collect(member.read())
      texts[member.path] = bytes.toString()
      if (error !== null) troubles.push(`${member.path}: ${error}`)
    }
  } catch (error) {
    troubles.push((error as Error).message)
  }
  return { texts, troubles }
}

async function readLogs(piece: Piece) {
  const bundle = await openBundleLogs(piece, options)
  const logs: Record<string, string> = {}
  for (const { name, pieces } of bundle.logs) {
    logs[name] = ''
    for (const part of pieces) logs[name] += (await collect(part.read())).bytes.toString()
  }
  await bundle.close()
  return { logs, errors: bundle.errors.map(({ message }) => message), skipped: bundle.skipped }
}

const pack = (root: string, ...args: readonly string[]): Buffer =>
  runProgram('tar', ['-C', root, ...args], Buffer.alloc(0))

/** One header and body, for what tar would not write. */
function tarMember(name: string, body = '', type = '0', linkName = ''): Buffer {
  const header = Buffer.alloc(512)
  header.write(name, 0)
  header.write('0000644\0', 100)
  header.write(`${body.length.toString(8).padStart(11, '0')}\0`, 124)
  header.write('14213406000\0', 136)
  header.fill(' ', 148, 156)
  header.write(type, 156)
  header.write(linkName, 157)
  header.write('ustar\x0000', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return Buffer.concat([header, Buffer.from(body), Buffer.alloc((512 - (body.length % 512)) % 512)])
}
const tarEnd = Buffer.alloc(1024)

describe.skipIf(!hasTar)('needs tar: every form that tar writes', () => {
  const long = `${'a-long-directory-name/'.repeat(12)}messages`
  const forms: readonly (readonly [name: string, ...args: string[]])[] = [
    ['GNU', '--format=gnu'],
    ['pax', '--format=pax'],
    ['sparse, GNU', '--format=gnu', '-S'],
    ['sparse, pax 1.0', '--format=pax', '-S', '--sparse-version=1.0'],
    ['sparse, pax 0.1', '--format=pax', '-S', '--sparse-version=0.1'],
    ['sparse, pax 0.0', '--format=pax', '-S', '--sparse-version=0.0'],
  ]
  test.each(forms)('%s', async (_name, ...args) => {
    const root = makeTree({ [`d/${long}`]: 'long\n', 'd/messages': 'short\n', 'd/empty.log': '', 'd/größe.log': 'x\n' })
    const holes = join(root, 'd/sparse.log')
    writeFileSync(holes, '')
    const ranges = Array.from({ length: 60 }, (_, i) => i)
    for (const i of ranges) {
      execFileSync('dd', [`of=${holes}`, 'bs=65536', `seek=${i}`, 'conv=notrunc', 'status=none'], {
        input: `line ${i}\n`,
      })
    }
    for (const width of [511, 100_000]) {
      const { texts, troubles } = await readAll(pieceOf(pack(root, ...args, '-cf', '-', 'd'), width))
      expect(troubles).toEqual([])
      const { ['d/sparse.log']: sparse, ...rest } = texts
      expect(rest).toEqual({
        [`d/${long}`]: 'long\n',
        'd/messages': 'short\n',
        'd/empty.log': '',
        'd/größe.log': 'x\n',
      })
      expect(sparse?.replaceAll('\0', '')).toBe(ranges.map(i => `line ${i}\n`).join(''))
    }
  })

  test('v7, which has no magic', async () => {
    const root = makeTree({ 'd/messages': 'short\n' })
    const { texts, troubles } = await readAll(pieceOf(pack(root, '--format=v7', '-cf', '-', 'd')))
    expect([texts, troubles]).toEqual([{ 'd/messages': 'short\n' }, []])
  })

  test('two archives one after another', async () => {
    const one = pack(makeTree({ 'd/messages': 'one\n' }), '-cf', '-', 'd')
    const two = pack(makeTree({ 'd/syslog': 'two\n' }), '-cf', '-', 'd')
    expect((await readAll(pieceOf(Buffer.concat([one, two])))).texts).toEqual({
      'd/messages': 'one\n',
      'd/syslog': 'two\n',
    })
  })

  test.each([
    ['gzip', 'z'],
    ['xz', 'J'],
    ['bzip2', 'j'],
  ])('packed by %s, with packed members in it', async (program, letter) => {
    if (!hasProgram(program)) return
    const text = someLog(3000)
    const packed = runProgram(program, ['-c'], text)
    const root = makeTree({ 'd/messages': text, 'd/messages.1.x': packed, 'd/dmesg': 'x\n' })
    const { texts, troubles } = await readAll(pieceOf(pack(root, `-c${letter}f`, '-', 'd')))
    expect(troubles).toEqual([])
    expect(texts['d/messages.1.x'] === text.toString() && texts['d/messages'] === text.toString()).toBe(true)
  })

  test('cut anywhere: what stood before is read, and one sentence says where', async () => {
    const root = makeTree({ 'd/a.log': 'first\n', 'd/b.log': someLog(2000), 'd/c.log': 'last\n' })
    const whole = pack(root, '--sort=name', '-cf', '-', 'd')
    for (const length of [1800, 2600, 50_000, whole.indexOf('last') + 2]) {
      const { texts, troubles } = await readAll(pieceOf(whole.subarray(0, length)))
      expect(new Set(troubles.map(text => text.replace(/^d\/..log: /, ''))).size).toBe(1)
      expect(troubles.join()).toContain(`truncated at byte ${length}`)
      expect(texts['d/a.log']).toBe('first\n')
    }
    const packed = gzipSync(whole)
    const { texts, troubles } = await readAll(pieceOf(packed.subarray(0, packed.length - 2000)))
    expect(texts['d/b.log']?.length).toBeGreaterThan(20_000)
    expect(troubles.every(text => text.includes('gzip: truncated at byte'))).toBe(true)
  })

  test('a broken header is passed over, and told', async () => {
    const root = makeTree({ 'd/a.log': 'first\n', 'd/b.log': 'second\n', 'd/c.log': 'last\n' })
    const bytes = pack(root, '--sort=name', '-cf', '-', 'd')
    bytes[bytes.indexOf('d/b.log') + 20] = 7
    const { texts, troubles } = await readAll(pieceOf(bytes))
    expect(Object.keys(texts)).toEqual(['d/a.log', 'd/c.log'])
    expect(troubles[0]).toMatch(/tar: damaged at byte 1536/)
  })
})

test('paths and links that lead out are refused one by one, the rest is read', async () => {
  const bytes = Buffer.concat([
    tarMember('../evil.log', 'x'),
    tarMember('/etc/evil.log', 'x'),
    tarMember('d/../../evil.log', 'x'),
    tarMember('d/messages', 'good\n'),
    tarMember('d/out.log', '', '2', '../../../etc/shadow'),
    tarMember('d/abs.log', '', '2', '/etc/shadow'),
    tarMember('d/loop.log', '', '2', 'loop.log'),
    tarEnd,
  ])
  const { texts, troubles } = await readAll(pieceOf(bytes))
  expect(texts).toEqual({ 'd/messages': 'good\n' })
  expect(troubles).toHaveLength(3)
  expect((await listBundle(pieceOf(bytes), options)).errors.map(({ message }) => message)).toEqual([
    '../evil.log: a path that leads out of the bundle; not read',
    '/etc/evil.log: a path that leads out of the bundle; not read',
    'd/../../evil.log: a path that leads out of the bundle; not read',
    'd/out.log: a link that leads out of the bundle; not read',
    'd/abs.log: a link that leads out of the bundle; not read',
  ])
})

describe('bundles inside bundles', () => {
  const member = (name: string, body: Buffer): Buffer => {
    const shell = tarMember(name, 'x'.repeat(body.length))
    body.copy(shell, 512)
    return shell
  }
  const nested = (levels: number): Buffer => {
    let bytes = Buffer.concat([tarMember('messages', 'deep\n'), tarEnd])
    for (let i = 0; i < levels; i++)
      bytes = Buffer.concat([member(`in/n${i}.tar.gz`, gzipSync(bytes)), tarMember('a.log', 'x'), tarEnd])
    return bytes
  }

  test('are opened to the fourth level', async () => {
    const { texts, troubles } = await readAll(pieceOf(nested(3)))
    expect(texts['in/n2.tar.gz/in/n1.tar.gz/in/n0.tar.gz/messages']).toBe('deep\n')
    expect(troubles).toEqual([])
  })

  test('are refused below it, and their neighbours read', async () => {
    const { texts, troubles } = await readAll(pieceOf(nested(4)))
    expect(Object.values(texts).join('')).toBe('xxxx')
    expect(troubles).toHaveLength(1)
    expect(troubles[0]).toContain('more than 4 deep')
  })

  test('a bomb among them takes nothing else with it', async () => {
    const limits = { maxRatio: 50, ratioFromBytes: 100_000 }
    const bundle = Buffer.concat([
      member('a.log.gz', gzipSync('x'.repeat(2_000_000))),
      member('b.tar.gz', gzipSync(Buffer.concat([tarMember('c.log', 'x'.repeat(2_000_000)), tarEnd]))),
      tarMember('d.log', 'good\n'),
      tarEnd,
    ])
    const { texts, troubles } = await readAll(pieceOf(bundle), limits)
    expect(texts['d.log']).toBe('good\n')
    expect(troubles).toEqual([
      'a.log.gz: unpacks to more than 50 times its size: given up (--max-unpacked SIZE allows it)',
      'b.tar.gz/c.log: unpacks to more than 50 times its size: given up (--max-unpacked SIZE allows it)',
    ])
  })

  test('that are damaged or encrypted are told, and their neighbours read', async () => {
    const bytes = Buffer.concat([
      member('a.tar.gz', gzipSync(nested(0)).subarray(0, 60)),
      member('b.tar.xz', Buffer.from('age-encryption.org/v1\n')),
      member('c.zip', Buffer.from('PK\x03\x04 cut off')),
      tarMember('d.log', 'good\n'),
      tarEnd,
    ])
    const { texts, troubles } = await readAll(pieceOf(bytes))
    expect(texts['d.log']).toBe('good\n')
    expect(troubles.map(text => text.slice(0, 30))).toEqual([
      expect.stringContaining('a.tar.gz: gzip: tru'),
      expect.stringContaining('b.tar.xz: is encryp'),
      expect.stringContaining('c.zip: zip: truncat'),
    ])
  })
})

test('a bomb is given up', async () => {
  const bomb = gzipSync(Buffer.concat([tarMember('a.log', 'x'.repeat(2_000_000)), tarEnd]))
  expect((await readAll(pieceOf(bomb), { maxRatio: 50, ratioFromBytes: 100_000 })).troubles.join()).toContain(
    'more than 50 times',
  )
  expect((await readAll(pieceOf(bomb), { maxBytes: 1_000_000 })).troubles.join()).toContain('more than 1000000 bytes')
  expect((await readAll(pieceOf(bomb), { maxMembers: 0 })).troubles.join()).toContain('more than 0 members')
})

test('the names of containers’ own logs are kept, of files and of links', async () => {
  const uid = '0b7e6e52-5a1c-4f0b-9d6e-5c1f2a3b4c5d'
  const link = `containers/web-0_shop_app-${'a'.repeat(64)}.log`
  const bundle = Buffer.concat([
    tarMember('n/var/log/messages', 'log\n'),
    tarMember(link, '', '2', `/var/log/pods/shop_web-0_${uid}/app/0.log`),
    tarMember(`n/var/log/pods/shop_web-0_${uid}/app/0.log`, 'x\n'),
    tarMember(`n/var/log/pods/shop_web-0_${uid}/app/0.log.20220313-060000`, 'x\n'),
    tarEnd,
  ])
  const { metadata, close } = await openBundleLogs(pieceOf(bundle), options)
  expect(metadata.map(piece => piece.member).sort()).toEqual([link, `n/var/log/pods/shop_web-0_${uid}/app`])
  expect((await collect(metadata[0]!.read())).bytes.length).toBe(0)
  await close()
})

describe.skipIf(!hasTar)('needs tar: the logs of a bundle', () => {
  const sos = () => {
    const root = makeTree({
      'sos/sos_strings/logs/var.log.messages.tailed': 'tail\n',
      'sos/var/log/messages-20220306': 'old\n',
      'sos/var/log/messages-20220313.gz': gzipSync('newer\n'),
      'sos/var/log/btmp': 'no',
      'sos/sos_commands/logs/journalctl_--no-pager': 'journal\n',
      'sos/sos_commands/kernel/dmesg': 'dmesg\n',
      'sos/hostname': 'node1\n',
      'sos/var/log/pods/ns_pod_0b7e6e52-5a1c-4f0b-9d6e-5c1f2a3b4c5d/c/0.log': 'no',
    })
    symlinkSync('../../sos_strings/logs/var.log.messages.tailed', join(root, 'sos/var/log/messages'))
    linkSync(join(root, 'sos/sos_commands/kernel/dmesg'), join(root, 'sos/var/log/dmesg'))
    return root
  }
  const expected = {
    'sos/var/log/messages': 'old\nnewer\ntail\n',
    'sos/sos_commands/logs/journalctl_--no-pager': 'journal\n',
    dmesg: 'dmesg\n',
  }

  test.each([
    ['name', ['--sort=name', '-cf', '-', 'sos']],
    ['link first', ['-cf', '-', 'sos/var', 'sos/sos_strings', 'sos/sos_commands', 'sos/hostname']],
    ['target first', ['-cf', '-', 'sos/sos_strings', 'sos/sos_commands', 'sos/hostname', 'sos/var']],
    ['without compression of the outside', ['-czf', '-', './sos']],
  ])('come with links resolved and sets in order, packed by %s', async (_name, args) => {
    const { logs, errors } = await readLogs(pieceOf(pack(sos(), ...args)))
    expect(errors).toEqual([])
    const { ['sos/sos_commands/kernel/dmesg']: one, ['sos/var/log/dmesg']: two, ...rest } = logs
    expect({ ...rest, dmesg: one ?? two }).toEqual(expected)
    expect(one === undefined || two === undefined).toBe(true)
  })

  test('come from a pipe too', async () => {
    const bytes = pack(sos(), '-czf', '-', 'sos')
    const { logs } = await readLogs(streamPiece('-', inChunks(bytes, 3000)))
    expect(logs['sos/var/log/messages']).toBe('old\nnewer\ntail\n')
  })

  test.each([0, 8])('are given in the order wanted, with any amount of memory, cut by %i bytes', async cut => {
    const names = ['a.log', 'b.log', 'c.log', 'd.log', 'e.log']
    const root = makeTree(Object.fromEntries(names.map(name => [`d/${name}`, `${name} ${someLog(50)}`])))
    const packed = pack(root, '--sort=name', '-czf', '-', 'd')
    const piece = pieceOf(packed.subarray(0, packed.length - cut))
    const { members } = await listBundle(piece, options)
    for (const maxSpoolBytes of [0, 2000, 10_000_000]) {
      for (const order of [members, members.toReversed(), [2, 0, 4, 1, 3].map(i => members[i]!)]) {
        const got: string[] = []
        const limits = { ...defaultLimits, maxSpoolBytes }
        const pass = readMembers(piece, order, { ...options, limits, onTrouble: () => {} })
        for (let next = await pass.next(); next.done !== true && got.length < order.length; ) {
          const { info, read } = next.value
          const { bytes } = await collect(read())
          expect(bytes.toString()).toBe(readFileSync(join(root, info.path), 'utf8'))
          got.push(info.path)
          if (got.length < order.length) next = await pass.next()
        }
        expect(got).toEqual(order.map(({ path }) => path))
      }
    }
  })

  test('of a cut bundle are those before the cut, with the cut told once', async () => {
    const root = makeTree({ 'd/a.log': 'first\n', 'd/b.log': someLog(2000), 'd/c.log': 'last\n' })
    const whole = pack(root, '--sort=name', '-cf', '-', 'd')
    const { logs, errors } = await readLogs(pieceOf(whole.subarray(0, 60_000)))
    expect(logs['d/a.log']).toBe('first\n')
    expect(logs['d/b.log']?.length).toBe(60_000 - 2048)
    expect(errors).toEqual(['tar: truncated at byte 60000; what came before it was read'])
  })
})

describe.skipIf(!hasProgram('zip'))('needs zip: zip', () => {
  function zip(files: Readonly<Record<string, string | Uint8Array>>, ...args: readonly string[]): Buffer {
    const root = makeTree(files)
    runProgram('zip', ['-q', ...args, '-r', 'out.zip', '.'], Buffer.alloc(0), root)
    return readFileSync(join(root, 'out.zip'))
  }

  test('is read, packed and stored, also from a pipe and inside a tar', async () => {
    const files = { 'n/dmesg.log': 'dmesg\n', 'n/kubelet.log': someLog(3000), 'n/kern.log.1.gz': gzipSync('old\n') }
    for (const level of ['-0', '-9']) {
      const bytes = zip(files, level)
      const { logs, errors } = await readLogs(streamPiece('-', inChunks(bytes, 1000)))
      expect(errors).toEqual([])
      expect(Object.keys(logs).sort()).toEqual(['n/dmesg.log', 'n/kern.log', 'n/kubelet.log'])
      expect(logs['n/kern.log']).toBe('old\n')
      expect(logs['n/kubelet.log']).toBe(files['n/kubelet.log'].toString())
    }
  })

  test('with a password: each member is refused, the rest read', async () => {
    const bytes = zip({ 'a.log': 'secret\n' }, '-P', 'pw')
    const { texts, troubles } = await readAll(pieceOf(bytes))
    expect(texts).toEqual({})
    expect(troubles).toEqual(['b: a.log is encrypted; not read'])
  })

  test('cut or damaged is told', async () => {
    const bytes = zip({ 'a.log': someLog(500), 'b.log': 'whole\n' }, '-6')
    const cut = await readAll(pieceOf(bytes.subarray(0, bytes.length - 30)))
    expect(cut.troubles).toEqual([`zip: truncated at byte ${bytes.length - 30}; what came before it was read`])
    expect(cut.texts).toEqual({ 'a.log': someLog(500).toString(), 'b.log': 'whole\n' })
    const damaged = Buffer.from(bytes)
    damaged.fill(0x55, 3000, 3010)
    const { texts, troubles } = await readAll(pieceOf(damaged))
    expect(troubles.join()).toContain('a.log is damaged')
    expect(texts['a.log']?.length).toBeGreaterThan(1000)
    expect(texts['b.log']).toBe('whole\n')
    const otherSum = Buffer.from(bytes)
    const directory = otherSum.indexOf('PK\x01\x02')
    otherSum.writeUInt8(otherSum.readUInt8(directory + 16) ^ 1, directory + 16)
    expect((await readAll(pieceOf(otherSum))).troubles.join()).toContain(
      'is damaged: the checksum of the text does not match',
    )
    const noDirectory = Buffer.from(bytes)
    noDirectory.fill(0x55, bytes.indexOf('PK\x01\x02', directory + 4), bytes.length - 22)
    const { texts: found, troubles: told } = await readAll(pieceOf(noDirectory))
    expect(found).toEqual({ 'a.log': someLog(500).toString(), 'b.log': 'whole\n' })
    expect(told.join()).toMatch(/^zip: damaged: .*; its members were looked for one by one$/)
  })
})

test('something that is no bundle says so', async () => {
  expect((await readAll(pieceOf(Buffer.from('a log\n')))).troubles).toEqual(['is no bundle but text'])
})
