/** The built program as a user meets it: exit status, streams, pipes. */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { validators } from '../support/schema.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const BIN = join(ROOT, 'bin/oomlens.js')
const SEED = 'fixtures/seed/messages.log'
const QUIET_LOG = 'fixtures/containerd/exits-that-are-no-oom.log'
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'oomlens-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

function oomlens(args: readonly string[], options: { input?: string | Buffer; env?: Record<string, string> } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    input: options.input ?? '',
    env: { PATH: process.env['PATH'] ?? '', TZ: 'UTC', ...options.env },
    maxBuffer: 64 * 1024 * 1024,
  })
  return { status, stdout, stderr, lines: stderr.split('\n').filter(line => line !== '') }
}

function write(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

describe('exit status', () => {
  const cases: readonly [string, readonly string[], number][] = [
    ['0 with incidents', [SEED], 0],
    ['0 without', [QUIET_LOG], 0],
    ['0 with -e and incidents', ['-e', SEED], 0],
    ['1 with -e and none', ['-e', QUIET_LOG], 1],
    ['1 with -q and none', ['-q', QUIET_LOG], 1],
    ['0 with -q and incidents', ['-q', SEED], 0],
    ['1 with -e where a filter leaves none', ['-e', '--pod', 'nobody', SEED], 1],
    ['2 for a file that is not there', ['/nonexistent/messages'], 2],
    ['2 for a missing file, also when another gave incidents', [SEED, '/nonexistent/messages'], 2],
    ['2 with -e for a missing file beside one that gave incidents', ['-e', SEED, '/nonexistent/messages'], 2],
    ['2 for an unknown option', ['--frobnicate', SEED], 2],
    ['2 for a bad value', ['-o', 'xml', SEED], 2],
    ['2 for a bad time', ['--since', 'whenever', SEED], 2],
    ['2 for a bad zone', ['--timezone', 'KST', SEED], 2],
    ['2 for a short id', ['--container', '0527c', SEED], 2],
    ['2 for a bad year', ['--year', '22', SEED], 2],
    ['2 for a bad window', ['--window', 'x', SEED], 2],
  ]
  test.each(cases)('%s', (_, args, expected) => {
    expect(oomlens(args).status).toBe(expected)
  })
})

describe('streams', () => {
  test('an error is one line on stderr that begins with the name of the program', () => {
    for (const args of [
      ['/nonexistent/messages'],
      ['--frobnicate', SEED],
      ['-o', 'xml', SEED],
      ['--since', 'whenever', SEED],
    ]) {
      const { lines, stdout } = oomlens(args)
      expect(lines, args.join(' ')).toHaveLength(1)
      expect(lines[0]).toMatch(/^oomlens: /)
      expect(stdout).toBe('')
    }
  })

  test.each([
    [['--frobnicate'], 'unknown option: --frobnicate; see oomlens --help'],
    [['-x', '--nobody'], 'unknown option: -x, --nobody; see oomlens --help'],
    [['--scope', 'x'], "--scope: not one of container, pod, cgroup, node, unknown: 'x'; see oomlens --help"],
    [['-o'], '-o needs a value; see oomlens --help'],
    [['--since'], '--since needs a value; see oomlens --help'],
    [['--pod='], '--pod needs a value'],
    [['--threads', '9'], "--threads: not a number from 1 to 8: '9'"],
    [['--window', 'x'], "--window: not a number of seconds: 'x'"],
  ])('a mistake is told in our words: %j', (args, expected) => {
    expect(oomlens(args)).toMatchObject({ status: 2, stdout: '', lines: [`oomlens: ${expected}`] })
  })

  test('-q prints nothing', () => {
    expect(oomlens(['-q', SEED])).toMatchObject({ stdout: '', stderr: '' })
  })

  test('what one file gave is printed, though another cannot be read', () => {
    const { stdout, lines } = oomlens(['-o', 'json', SEED, '/nonexistent/messages'])
    expect(JSON.parse(stdout).incidents).toHaveLength(1)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('/nonexistent/messages')
  })

  test('standard input, by name and by itself', () => {
    const input = readFileSync(join(ROOT, SEED))
    for (const args of [
      ['-o', 'json', '-'],
      ['-o', 'json'],
    ]) {
      const report = JSON.parse(oomlens(args, { input }).stdout)
      expect(report.incidents).toHaveLength(1)
      expect(report.sources[0].path).toBe('-')
    }
  })

  test('a closed pipe ends it quietly', async () => {
    const child = spawn(process.execPath, [BIN, '-o', 'json', 'fixtures/containerd/crash-loop-iso.log'], { cwd: ROOT })
    let stderr = ''
    child.stderr.on('data', data => {
      stderr += data
    })
    child.stdout.once('data', () => child.stdout.destroy())
    const status = await new Promise(resolve => child.on('close', resolve))
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })

  test('SIGINT prints what there is and exits 130', async () => {
    const child = spawn(process.execPath, [BIN, '-o', 'json', '-'], { cwd: ROOT })
    let stdout = ''
    child.stdout.on('data', data => {
      stdout += data
    })
    child.stdin.write(readFileSync(join(ROOT, 'fixtures/containerd/container-limit-v1.log')))
    await new Promise(resolve => setTimeout(resolve, 1500))
    child.kill('SIGINT')
    const status = await new Promise(resolve => child.on('close', resolve))
    expect(status).toBe(130)
    expect(JSON.parse(stdout).incidents).toHaveLength(1)
  })
})

describe('output', () => {
  test('json and every line of ndjson are valid by the schema that the program prints', () => {
    for (const path of [
      SEED,
      QUIET_LOG,
      'fixtures/kernel/panic-on-oom-console.log',
      'fixtures/kernel/oom-group-busybox.log',
    ]) {
      const report = JSON.parse(oomlens(['-o', 'json', '--raw', path]).stdout)
      expect(validators.report(report), JSON.stringify(validators.report.errors?.[0])).toBe(true)
      const lines = oomlens(['-o', 'ndjson', path])
        .stdout.trimEnd()
        .split('\n')
        .map(line => JSON.parse(line))
      for (const line of lines)
        expect(validators.ndjson(line), JSON.stringify(validators.ndjson.errors?.[0])).toBe(true)
      expect(lines.map(({ type }) => type)).toEqual([...report.incidents.map(() => 'incident'), 'summary'])
      expect(lines.slice(0, -1).map(({ id }) => id)).toEqual(report.incidents.map(({ id }: { id: string }) => id))
    }
  })

  test('schema prints what the model says', () => {
    expect(JSON.parse(oomlens(['schema']).stdout)).toMatchObject({ type: 'object' })
    expect(JSON.parse(oomlens(['schema', '--ndjson']).stdout).anyOf).toHaveLength(2)
  })

  test('no colour in a pipe, with NO_COLOR, and with --color=never; colour with --color=always', () => {
    const escapeCharacter = String.fromCharCode(27)
    expect(oomlens([SEED]).stdout).not.toContain(escapeCharacter)
    expect(oomlens(['--color=always', SEED]).stdout).toContain(escapeCharacter)
    expect(oomlens([SEED], { env: { FORCE_COLOR: '1' } }).stdout).toContain(escapeCharacter)
    expect(oomlens([SEED], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } }).stdout).not.toContain(escapeCharacter)
    expect(oomlens(['--no-color', SEED], { env: { FORCE_COLOR: '1' } }).stdout).not.toContain(escapeCharacter)
  })

  test('no line is wider than the terminal, 80 columns without one', () => {
    for (const path of [SEED, 'fixtures/containerd/crash-loop-iso.log', 'fixtures/kernel/oom-group-busybox.log']) {
      for (const columns of [80, 120]) {
        const { stdout } = oomlens([path], { env: { COLUMNS: String(columns) } })
        // a single word of a command (a jsonpath) is left whole, so that it can be pasted
        const lines = stdout.split('\n').filter(line => !line.includes('jsonpath='))
        for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(columns)
      }
    }
  })

  test('--raw puts the log lines into the evidence', () => {
    const report = JSON.parse(oomlens(['-o', 'json', '--raw', SEED]).stdout)
    expect(report.incidents[0].evidence[1].text).toContain('VM Thread invoked oom-killer')
  })

  test('--help names the options', () => {
    const { stdout, status } = oomlens(['--help'])
    expect(status).toBe(0)
    for (const name of [
      '--output',
      '--since',
      '--until',
      '--container',
      '--pod',
      '--namespace',
      '--host',
      '--scope',
      '--year',
      '--timezone',
      '--window',
      '--raw',
      '--color',
      '--quiet',
      '--exit-status',
      '--verbose',
      '--follow',
      '--now',
      '--threads',
      '--progress',
      '--max-unpacked',
    ]) {
      expect(stdout).toContain(name)
    }
  })

  test('--version', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
    expect(oomlens(['--version']).stdout).toBe(`${version}\n`)
  })
})

describe('filters', () => {
  const count = (...args: string[]) => JSON.parse(oomlens(['-o', 'json', ...args]).stdout).incidents.length
  const LOOP = 'fixtures/containerd/crash-loop-iso.log'
  test.each([
    ['a container by prefix', ['--container', '5804d72d', LOOP], 1],
    ['a pod', ['--pod', 'worker-0', LOOP], 6],
    ['a pod by pattern', ['--pod', 'work*', LOOP], 6],
    ['a namespace', ['-n', 'batch', LOOP], 6],
    ['another namespace', ['-n', 'default', LOOP], 0],
    ['a pod that lost a process with others', ['--pod', 'p-1', 'fixtures/node/node-kills-three-pods.log'], 1],
    ['a pod that did not', ['--pod', 'p-4', 'fixtures/node/node-kills-three-pods.log'], 0],
    ['a host by pattern', ['--host', 'node-*', LOOP], 6],
    ['a scope', ['--scope', 'container', LOOP], 6],
    ['another scope', ['--scope', 'node', LOOP], 0],
    ['since a time', ['--since', '2026-11-23T21:29:47Z', LOOP], 3],
    ['since a bare time of the log', ['-S', '2026-11-23 21:29:47', LOOP], 3],
    ['until a time', ['-U', '21:29:45', LOOP], 2],
    ["since some seconds before the log's end", ['--since', '-4s', LOOP], 2],
    ['since words', ['--since', '4 seconds ago', LOOP], 2],
    ['since, in one word', ['-S-4s', LOOP], 2],
    ['relative to a time given', ['--since', '-2s', '--now', '2026-11-23T21:29:46Z', LOOP], 5],
    ['repeated options: the last one counts', ['--pod', 'x', '--pod', 'worker-0', LOOP], 6],
  ] as const)('%s', (_, args, expected) => {
    expect(count(...args)).toBe(expected)
  })
})

describe('bad input', () => {
  const good = readFileSync(join(ROOT, 'fixtures/containerd/container-limit-v1.log'))

  test('an empty file is no error and has no incident', () => {
    expect(oomlens([write('empty', '')])).toMatchObject({ status: 0, stderr: '' })
  })

  test('a directory without logs is an error', () => {
    const empty = join(folder, 'empty-folder')
    mkdirSync(empty)
    const { status, lines } = oomlens([empty])
    expect([status, lines.length]).toEqual([2, 1])
  })

  test('NUL blocks, broken UTF-8 and endless lines around a report lose nothing', () => {
    const nul = Buffer.alloc(100_000)
    const broken = Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x0a, 0x80, 0x0a])
    const endless = Buffer.alloc(5_000_000, 'x')
    for (const before of [nul, broken, endless]) {
      const path = write('damaged', Buffer.concat([before, Buffer.from('\n'), good, before]))
      const report = JSON.parse(oomlens(['-o', 'json', path]).stdout)
      expect(report.incidents.map(({ victims }: { victims: { pid: number }[] }) => victims[0]?.pid)).toEqual([1371])
    }
  })

  test('a line of 100 MB is survived in bounded memory', () => {
    const line = Buffer.alloc(100_000_000, 'y')
    const path = write('long', Buffer.concat([line, Buffer.from('\n'), good]))
    const { stdout, lines, status } = oomlens(['-o', 'json', path])
    expect(JSON.parse(stdout).incidents).toHaveLength(1)
    expect(status).toBe(0)
    expect(lines.join()).toContain('longer than 1 MiB')
  })

  test('a binary gives no incident and no crash', () => {
    const { status, stdout } = oomlens(['-o', 'json', process.execPath])
    expect([0, 2]).toContain(status)
    expect(JSON.parse(stdout).incidents).toEqual([])
  })

  test('the seed log twice, as a copy, is still one incident with the evidence of both', () => {
    const copy = write('copy.log', readFileSync(join(ROOT, 'fixtures/containerd/container-limit-v1.log')))
    const report = JSON.parse(oomlens(['-o', 'json', 'fixtures/containerd/container-limit-v1.log', copy]).stdout)
    expect(report.incidents).toHaveLength(1)
    expect(new Set(report.incidents[0].evidence.map(({ source }: { source: string }) => source)).size).toBe(2)
  })
})

test.skipIf(spawnSync('jq', ['--version']).status !== 0)('needs jq: jq reads it', () => {
  const json = oomlens(['-o', 'json', SEED]).stdout
  expect(execFileSync('jq', ['-r', '.incidents[0].host'], { input: json, encoding: 'utf8' })).toBe('acc-jejupass03\n')
})

describe('bundles', () => {
  const has = (name: string) => spawnSync(name, ['--version']).error === undefined
  const idsOf = (args: string[], input?: Buffer) => {
    const { stdout, status } = oomlens(['-o', 'json', ...args], input ? { input } : {})
    expect(status).toBe(0)
    return JSON.parse(stdout).incidents.map(({ id }: { id: string }) => id)
  }
  const LOOP = 'fixtures/containerd/crash-loop-iso.log'

  test.skipIf(!has('tar'))('a log in pieces in a tar, in a tar in a tar, by name and by pipe, is the log', () => {
    const lines = readFileSync(join(ROOT, LOOP), 'utf8').split('\n')
    const logs = join(folder, 'sosreport-n1/var/log')
    mkdirSync(logs, { recursive: true })
    const parts = {
      'messages-20261121': lines.slice(0, 200),
      'messages-20261122': lines.slice(200, 400),
      messages: lines.slice(400),
    }
    for (const [name, part] of Object.entries(parts)) writeFileSync(join(logs, name), `${part.join('\n')}\n`)
    writeFileSync(join(logs, 'messages-20261122.gz'), gzipSync(readFileSync(join(logs, 'messages-20261122'))))
    rmSync(join(logs, 'messages-20261122'))
    execFileSync('tar', ['czf', 's.tgz', 'sosreport-n1'], { cwd: folder })
    execFileSync('tar', ['cf', 'outer.tar', 's.tgz'], { cwd: folder })
    const expected = idsOf([LOOP])
    expect(expected).toHaveLength(6)
    expect(idsOf([join(folder, 'sosreport-n1')])).toEqual(expected)
    for (const name of ['s.tgz', 'outer.tar']) {
      expect(idsOf([join(folder, name)]), name).toEqual(expected)
      expect(idsOf(['-'], readFileSync(join(folder, name))), name).toEqual(expected)
    }
  })

  test.skipIf(!has('tar'))('of a cut one, what could be read is told, and exit status 2', () => {
    const logs = join(folder, 'cut')
    mkdirSync(logs, { recursive: true })
    writeFileSync(join(logs, 'messages'), readFileSync(join(ROOT, 'fixtures/containerd/container-limit-v1.log')))
    writeFileSync(join(logs, 'syslog'), randomBytes(200_000))
    execFileSync('tar', ['czf', 'whole.tgz', 'cut'], { cwd: folder })
    const path = write('cut.tgz', readFileSync(join(folder, 'whole.tgz')).subarray(0, -1000))
    const { status, lines, stdout } = oomlens(['-o', 'json', path])
    expect(status).toBe(2)
    expect(lines.every(line => line.startsWith('oomlens: ') && line.includes('cut.tgz'))).toBe(true)
    expect(JSON.parse(stdout).incidents).toHaveLength(1)
  })
})

describe('following', () => {
  test('each incident is printed once, over rotation and truncation, and SIGINT ends it', async () => {
    const log = join(folder, 'followed')
    const child = spawn(process.execPath, [BIN, '-f', '-o', 'ndjson', '--window', '1', log], { cwd: ROOT })
    const printed: { type: string; victims?: { pid: number }[] }[] = []
    let rest = ''
    child.stdout.on('data', data => {
      const lines = (rest + data).split('\n')
      rest = lines.pop() ?? ''
      printed.push(...lines.map(line => JSON.parse(line)))
    })
    const pids = () => printed.flatMap(({ victims }) => victims?.map(({ pid }) => pid) ?? [])
    const until = async (pid: number) => {
      for (let tries = 0; tries < 300 && !pids().includes(pid); tries++)
        await new Promise(resolve => setTimeout(resolve, 50))
      expect(pids()).toContain(pid)
    }
    const first = readFileSync(join(ROOT, 'fixtures/containerd/container-limit-v1.log'))
    const second = readFileSync(join(ROOT, 'fixtures/containerd/pod-limit-taskoom-for-sandbox.log'))
    // the file appears later, grows in the middle of a report, is rotated, and is cut to nothing
    writeFileSync(log, first.subarray(0, 6000))
    appendFileSync(log, first.subarray(6000))
    await until(1371)
    renameSync(log, `${log}.1`)
    writeFileSync(log, second)
    await until(4669)
    const third = readFileSync(join(ROOT, 'fixtures/kernel/oom-group-busybox.log'))
    truncateSync(log, 0)
    appendFileSync(log, third.subarray(0, 9000))
    await until(144)
    child.kill('SIGINT')
    const status = await new Promise(resolve => child.on('close', resolve))
    expect(status).toBe(130)
    expect(printed.at(-1)?.type).toBe('summary')
    expect(pids().filter(pid => [1371, 4669, 144].includes(pid))).toHaveLength(3)
  })

  test('what was split over two files, or is in both, is one incident', async () => {
    const lines = readFileSync(join(ROOT, 'fixtures/containerd/crash-loop-iso.log'), 'utf8').split('\n')
    const isKernel = (line: string) => line.includes(' kernel: ')
    const logs = [
      write('two-messages', lines.filter(line => !isKernel(line)).join('\n')),
      write('two-kern', `${lines.filter(isKernel).join('\n')}\n`),
      write('two-syslog', lines.join('\n')),
    ]
    const child = spawn(process.execPath, [BIN, '-f', '-o', 'ndjson', ...logs], { cwd: ROOT })
    let printed = ''
    child.stdout.on('data', data => {
      printed += data
    })
    const incidents = () => printed.split('\n').filter(line => line.startsWith('{"type":"incident"'))
    for (let tries = 0; tries < 300 && incidents().length < 6; tries++)
      await new Promise(resolve => setTimeout(resolve, 50))
    child.kill('SIGINT')
    await new Promise(resolve => child.on('close', resolve))
    const told = incidents().map(line => JSON.parse(line))
    expect(told).toHaveLength(6)
    expect(told.every(({ missing }) => missing.length === 0)).toBe(true)
  })

  test('what cannot be followed is said, the rest is', () => {
    let deep: Buffer = readFileSync(join(ROOT, 'fixtures/containerd/container-limit-v1.log'))
    for (let times = 0; times < 5; times++) deep = gzipSync(deep)
    const child = spawnSync(
      'timeout',
      [
        '-s',
        'INT',
        '3',
        process.execPath,
        BIN,
        '-f',
        '-o',
        'ndjson',
        '--window',
        '1',
        'fixtures/containerd/container-limit-v1.log',
        write('deep.log', deep),
      ],
      { cwd: ROOT, encoding: 'utf8' },
    )
    expect(child.stderr).toMatch(/^oomlens: \S*deep\.log: compressed more than 4 times over: not read\n$/)
    expect(child.stdout.split('\n')[0]).toContain('"type":"incident"')
  })

  test('listings beside the log say who is who', () => {
    const input = readFileSync(join(ROOT, 'fixtures/kernel/el7-pod-of-one-container.log'))
    const listing = 'fixtures/listings/crictl-ps.txt'
    for (const path of [listing, write('ps.txt.gz', gzipSync(readFileSync(join(ROOT, listing))))]) {
      const { stdout, stderr, status } = oomlens(['-f', '-o', 'ndjson', '-', path], { input })
      expect([stderr, status]).toEqual(['', 0])
      const [incident, summary] = stdout
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line))
      expect(incident.pod).toMatchObject({ namespace: 'monitoring', name: 'scouter-server-68bc9b95f6-smfhp' })
      expect(summary.sources.map(({ path: source, format }: Record<string, string>) => [source, format])).toEqual([
        [path, 'crictl-ps'],
        ['-', 'rfc3164'],
      ])
      expect(validators.ndjson(summary), JSON.stringify(validators.ndjson.errors?.[0])).toBe(true)
    }
  })

  test('a listing alone is nothing to follow', () => {
    const { stderr, status } = oomlens(['-f', 'fixtures/listings/crictl-ps.txt'])
    expect(status).toBe(2)
    expect(stderr).toMatch(/^oomlens: \S+: is a listing \(crictl-ps\), which does not grow; name a log to follow\n$/)
  })

  test("a container's own log is followed, though only its name tells something yet", () => {
    const path = write(`web-0_shop_app-${'4'.repeat(64)}.log`, 'nothing yet\n')
    const args = ['-s', 'INT', '2', process.execPath, BIN, '-f', '-o', 'ndjson', path]
    const { stdout } = spawnSync('timeout', args, { cwd: ROOT, encoding: 'utf8' })
    expect(JSON.parse(stdout).sources).toMatchObject([{ path, lines: 1 }])
  })

  test('standard input may be packed', () => {
    const input = gzipSync(readFileSync(join(ROOT, 'fixtures/containerd/crash-loop-iso.log')))
    const { stdout } = oomlens(['-f', '-o', 'ndjson', '-'], { input })
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1)!).stats.incidents).toBe(6)
  })

  test('standard input is followed to its end', () => {
    const input = readFileSync(join(ROOT, 'fixtures/containerd/crash-loop-iso.log'))
    const lines = oomlens(['-f', '-o', 'ndjson', '-'], { input }).stdout.trimEnd().split('\n')
    expect(lines.map(line => JSON.parse(line).type)).toEqual([...Array(6).fill('incident'), 'summary'])
  })
})

test("a bundle's own date and host name stand in for what its logs leave out", () => {
  const root = join(folder, 'sos', 'sosreport-n1')
  mkdirSync(join(root, 'var/log'), { recursive: true })
  mkdirSync(join(root, 'sos_commands/kernel'), { recursive: true })
  const kernel = readFileSync(join(ROOT, 'fixtures/kernel/node-wide-dmesg.log'))
  writeFileSync(join(root, 'sos_commands/kernel/dmesg'), kernel)
  const line =
    'Mar 15 09:22:41 node-1 kernel: Out of memory: Killed process 7 (java) total-vm:9kB, anon-rss:8kB, file-rss:0kB'
  writeFileSync(join(root, 'var/log/messages'), `${line}\n`)
  writeFileSync(join(root, 'hostname'), 'node-1\n')
  // as sos does: the files themselves lie with the commands' output
  mkdirSync(join(root, 'sos_commands/date'), { recursive: true })
  writeFileSync(join(root, 'sos_commands/date/date'), 'Tue Mar 16 09:30:00 UTC 2021\n')
  symlinkSync('sos_commands/date/date', join(root, 'date'))
  execFileSync('tar', ['-czf', 'sos.tar.gz', 'sosreport-n1'], { cwd: join(folder, 'sos') })
  for (const path of [join(folder, 'sos/sos.tar.gz'), root]) {
    const { incidents, sources, warnings } = JSON.parse(oomlens(['-o', 'json', path]).stdout)
    expect(incidents.map(({ time, host }: Record<string, unknown>) => [time, host])).toEqual([
      ['2021-03-15T09:22:41+00:00', 'node-1'],
      [null, 'node-1'],
    ])
    const yearFrom = sources.map((source: { yearFrom: string | null }) => source.yearFrom)
    expect(yearFrom.filter((from: string | null) => from !== null)).toEqual(['bundle'])
    expect(warnings).toEqual([])
  }
})

test('SIGINT ends the waiting for a pipe that gives nothing', async () => {
  const child = spawn(process.execPath, [BIN, '-'], { cwd: ROOT })
  child.stdin.on('error', () => {})
  await new Promise(resolve => setTimeout(resolve, 500))
  child.kill('SIGINT')
  expect(await new Promise(resolve => child.on('close', resolve))).toBe(130)
})

test('a listing of pods in YAML names them in the built program, too', () => {
  const id = '5804d72d'
  const log = readFileSync(join(ROOT, 'fixtures/containerd/crash-loop-iso.log'), 'utf8').split('\n')
  const kernel = write('yaml-kern.log', `${log.filter(line => line.includes(' kernel: ')).join('\n')}\n`)
  const whole = JSON.parse(oomlens(['-o', 'json', kernel]).stdout).incidents.find(
    ({ container }: { container: { id: string } }) => container.id.startsWith(id),
  ).container.id
  const yaml = write(
    'pods.yaml',
    `apiVersion: v1
kind: Pod
metadata:
  name: seen-in-yaml
  namespace: shop
status:
  containerStatuses:
  - containerID: containerd://${whole}
    name: app
    restartCount: 0
`,
  )
  const report = JSON.parse(oomlens(['-o', 'json', '--container', id, kernel, yaml]).stdout)
  expect(report.incidents.map(({ pod }: { pod: { name: string } }) => pod.name)).toEqual(['seen-in-yaml'])
})

describe('merge', () => {
  test('joins json and ndjson, the same incident once', () => {
    const a = write('a.json', oomlens(['-o', 'json', 'fixtures/containerd/crash-loop-iso.log']).stdout)
    const b = write('b.ndjson', oomlens(['-o', 'ndjson', 'fixtures/kernel/oom-group-busybox.log']).stdout)
    const { stdout, status } = oomlens(['merge', '-o', 'json', a, b, a])
    const report = JSON.parse(stdout)
    expect(status).toBe(0)
    expect(validators.report(report), JSON.stringify(validators.report.errors?.[0])).toBe(true)
    expect(report.incidents).toHaveLength(8)
    expect(report.sources).toHaveLength(3)
  })

  test('options that choose incidents count here, too, and so does --exit-status', () => {
    const report = write('filtered.json', oomlens(['-o', 'json', 'fixtures/containerd/crash-loop-iso.log']).stdout)
    const merged = (...args: string[]) => oomlens(['merge', '-e', '-o', 'json', ...args, report])
    expect(merged('--pod', 'worker-*').status).toBe(0)
    const none = merged('--pod', 'nobody')
    expect(none.status).toBe(1)
    expect(JSON.parse(none.stdout).incidents).toEqual([])
  })

  test('a pod or namespace is that of any victim, as for logs', () => {
    const report = write('three-pods.json', oomlens(['-o', 'json', 'fixtures/node/node-kills-three-pods.log']).stdout)
    const count = (...args: string[]) => JSON.parse(oomlens(['merge', '-o', 'json', ...args, report]).stdout).incidents
    expect(count('--pod', 'p-1')).toHaveLength(1)
    expect(count('-n', 'shop', '--pod', 'p-2')).toHaveLength(1)
    expect(count('--pod', 'p-4')).toEqual([])
    expect(count('-n', 'other')).toEqual([])
  })

  test('two logs of one node give what one report of both gives', () => {
    const kills = Array.from({ length: 160 }, (_, at) => {
      const stamp = new Date(Date.UTC(2026, 4, 4, 2) + at * 4000).toISOString()
      return `${stamp} node1 kernel: Out of memory: Killed process ${at + 1} (java) total-vm:9kB, anon-rss:8kB, file-rss:0kB`
    })
    const leftOut = '2026-05-04T02:10:38Z node1 kernel: oom_kill_process: 7 callbacks suppressed'
    const logs = [0, 1].map(at => write(`twice-${at}.log`, `${'\n'.repeat(at)}${[...kills, leftOut].join('\n')}\n`))
    const reports = logs.map((log, at) => write(`twice-${at}.json`, oomlens(['-o', 'json', log]).stdout))
    const told = (...args: string[]) => {
      const { incidents, warnings, stats } = JSON.parse(oomlens(['-o', 'json', ...args]).stdout)
      const codes = [...new Set(warnings.map(({ code }: { code: string }) => code))]
      const facts = incidents.map(({ id, suppressedReports: left }: { id: string; suppressedReports: number }) => [
        id,
        left,
      ])
      return { facts, codes, leftOut: stats.suppressedReports }
    }
    const whole = told(...logs)
    expect(whole).toMatchObject({ codes: ['incident-split'], leftOut: 7 })
    expect(told('merge', ...reports)).toEqual(whole)
  })

  test('a file that is no report is one line and exit status 2', () => {
    const { status, lines } = oomlens(['merge', 'README.md'])
    expect(status).toBe(2)
    expect(lines).toHaveLength(1)
  })
})

test('completion prints a script for the shell', () => {
  expect(oomlens(['completion']).stdout).toContain('complete -o bashdefault')
})
