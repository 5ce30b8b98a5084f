/** The built program over a file that is big enough for threads. */
import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
let folder = ''
let log = ''

/** 120 MB: the seed log over and over, so that its reports lie across the ends of ranges. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'oomlens-'))
  log = join(folder, 'messages')
  const seed = readFileSync(join(ROOT, 'fixtures/seed/messages.log'), 'utf8').trimEnd()
  const chatter =
    'Mar 15 09:22:40 node-17 kubelet[1412]: I0315 09:22:40.123456    1412 prober.go:1] "Probe succeeded"\n'
  const part = `${seed}\n${chatter.repeat(9000)}`
  const file = openSync(log, 'w')
  for (let bytes = 0; bytes < 120e6; bytes += part.length) writeSync(file, part)
  closeSync(file)
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const reportWith = (threads: string, path = log, before = '', program = join(ROOT, 'bin/oomlens.js')) => {
  const command = `${before} '${process.execPath}' '${program}' --threads ${threads} -o json '${path}'`
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8', maxBuffer: 1 << 28 })
  const { generatedAt: _, stats, ...rest } = JSON.parse(stdout)
  return { status, stderr, rest, stats: { ...stats, elapsedMs: 0 } }
}

test('any number of threads gives the same report', () => {
  const one = reportWith('1')
  expect(one.status).toBe(0)
  expect(one.rest.incidents.length).toBeGreaterThan(0)
  expect(reportWith('2')).toEqual(one)
  expect(reportWith('5')).toEqual(one)
})

test('any number of threads gives the same report of a rotated log, wherever it was cut', () => {
  const set = join(folder, 'rotated')
  mkdirSync(set)
  const whole = readFileSync(log)
  const ends = [20e6 + 7, 41e6, 70e6 + 77, 90e6, whole.length]
  for (const [at, end] of ends.entries()) {
    const name = at === 4 ? 'messages' : `messages.${4 - at}`
    writeFileSync(join(set, name), whole.subarray(ends[at - 1] ?? 0, end))
  }
  const one = reportWith('1', set)
  expect(one.stats).toMatchObject({ bytes: whole.length, files: 5, incidents: reportWith('1').stats.incidents })
  expect(reportWith('2', set)).toEqual(one)
  expect(reportWith('5', set)).toEqual(one)
})

describe('a packed rotated log that threads read ahead', () => {
  const packedSet = (name: string, pieces: readonly Buffer[]) => {
    const set = join(folder, name)
    mkdirSync(set)
    for (const [at, packed] of pieces.entries()) {
      expect(packed.length).toBeGreaterThan(4 * 1024 * 1024)
      writeFileSync(join(set, `messages.${pieces.length - at}.gz`), packed)
    }
    return set
  }
  let pieces: Buffer[] = []

  /** Cut in the middle of lines, two of them within a report. */
  beforeAll(() => {
    const report = readFileSync(join(ROOT, 'fixtures/containerd/container-limit-v1.log'), 'utf8')
    const noise = () => `Mar 15 09:22:40 node-17 app: ${randomBytes(1_500_000).toString('hex')}\n`
    const parts = Array.from({ length: 8 }, () => report + noise() + noise())
    const text = Buffer.from(parts.join(''))
    const starts = parts.map((_, at) => Buffer.byteLength(parts.slice(0, at).join('')))
    const ends = [starts[2]! + 900, starts[4]! - 1_000_000, starts[6]! + 2_000, text.length]
    pieces = ends.map((end, at) => gzipSync(text.subarray(ends[at - 1] ?? 0, end), { level: 1 }))
  })

  test('gives the same report with any number of them', () => {
    const set = packedSet('packed', pieces)
    const one = reportWith('1', set)
    expect(one.status).toBe(0)
    expect(one.rest.incidents.length).toBeGreaterThan(0)
    expect(reportWith('2', set)).toEqual(one)
    expect(reportWith('5', set)).toEqual(one)
  })

  test('and where a piece is damaged', () => {
    const cut = pieces.map((piece, at) => (at === 1 ? piece.subarray(0, piece.length - 300_000) : piece))
    const set = packedSet('damaged', cut)
    const one = reportWith('1', set)
    expect(one.status).toBe(2)
    expect(reportWith('2', set)).toEqual(one)
    expect(reportWith('5', set)).toEqual(one)
  })

  test('and where a thread is lost', () => {
    const copy = join(folder, 'copy')
    for (const name of ['bin', 'dist']) cpSync(join(ROOT, name), join(copy, name), { recursive: true })
    const worker = join(copy, 'dist/read-worker.js')
    writeFileSync(worker, 'process.exit(3)')
    const set = packedSet('lost', pieces)
    const { status, rest } = reportWith('5', set, '', join(copy, 'bin/oomlens.js'))
    expect({ status, rest }).toEqual({ status: 0, rest: reportWith('1', set).rest })
  })
})

test('a pipe of which a thread reads all but the beginning gives the same report', () => {
  const incidentsOf = ({ rest }: ReturnType<typeof reportWith>) =>
    JSON.stringify(rest.incidents).replaceAll(JSON.stringify(log), '"-"')
  const one = reportWith('1')
  const piped = reportWith('2', '-', `cat ${log} |`)
  expect(piped.status).toBe(0)
  expect(piped.stats).toEqual(one.stats)
  expect(incidentsOf(piped)).toBe(incidentsOf(one))
})

test('what has been read counts when the reading is broken off', async () => {
  const child = spawn(process.execPath, [join(ROOT, 'bin/oomlens.js'), '--threads', '2', '-o', 'json', '-'])
  const parts: Buffer[] = []
  child.stdout.on('data', part => parts.push(part))
  const closed = new Promise(resolve => child.on('close', resolve))
  const text = readFileSync(log).subarray(0, 20_000_000)
  await new Promise(resolve => child.stdin.write(text, resolve))
  // the thread tells of what it read within 20 ms
  await new Promise(resolve => setTimeout(resolve, 1000))
  child.kill('SIGINT')
  expect(await closed).toBe(130)
  expect(JSON.parse(Buffer.concat(parts).toString()).stats.bytes).toBe(text.length)
})

test('kills close to one another are whole, as without the sieve', () => {
  const dense = join(folder, 'dense.log')
  const args = [join(ROOT, 'bench/generate.mjs'), '--size', '6M', '--incidents', '20', '--out', dense]
  expect(spawnSync(process.execPath, args).status).toBe(0)
  const { rest } = reportWith('1', dense)
  expect(rest.incidents).toHaveLength(20)
  expect(rest.incidents).toEqual(reportWith('1', dense, 'OOMLENS_SIEVE=none').rest.incidents)
})

test('a packed file that a thread of its own unpacks gives the same report, whole and cut', () => {
  const seed = readFileSync(join(ROOT, 'fixtures/seed/messages.log'), 'utf8').trimEnd()
  // hardly packs, so that some megabytes are left
  const chatter = Array.from(
    { length: 14 },
    () => `Mar 15 09:22:40 node-17 app: ${randomBytes(400_000).toString('hex')}`,
  )
  const packed = gzipSync(`${chatter.map(line => `${seed}\n${line}`).join('\n')}\n`, { level: 1 })
  expect(packed.length).toBeGreaterThan(4 * 1024 * 1024 - 1)
  for (const [name, bytes, status] of [
    ['whole.gz', packed, 0],
    ['cut.gz', packed.subarray(0, packed.length - 900_000), 2],
  ] as const) {
    const path = join(folder, name)
    writeFileSync(path, bytes)
    const one = reportWith('1', path)
    expect(one.status).toBe(status)
    expect(one.rest.incidents.length).toBeGreaterThan(0)
    expect(reportWith('2', path)).toEqual(one)
  }
})

test.each(['0', '9', 'two', ''])("--threads '%s' is a mistake that is said", threads => {
  const args = [join(ROOT, 'bin/oomlens.js'), `--threads=${threads}`, log]
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect(status).toBe(2)
  expect(stderr).toContain('--threads')
})
