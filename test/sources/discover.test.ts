import { execFileSync } from 'node:child_process'
import { linkSync, symlinkSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { discover } from '../../src/sources/discover.ts'
import { collect, inChunks, makeTree } from './temp.ts'

async function find(cwd: string, ...paths: readonly string[]) {
  const { logs, skipped, errors } = await discover(paths, { cwd, stdin: inChunks(Buffer.from('from stdin\n'), 4) })
  return {
    logs: logs.map(({ name, pieces }) => [name, ...pieces.map(({ path }) => path)]),
    skipped: skipped.map(({ path, why }) => `${path}: ${why}`),
    errors: errors.map(({ path, message }) => `${path}: ${message}`),
    pieces: logs.flatMap(({ pieces }) => pieces),
  }
}

describe('rotated sets become one log, oldest first', () => {
  const sets: readonly (readonly [name: string, log: string, ...oldestFirst: string[]])[] = [
    ['numbered, more than nine', 'messages', 'messages.10', 'messages.2.gz', 'messages.1', 'messages'],
    ['dated, as on RHEL', 'messages', 'messages-20220306', 'messages-20220313', 'messages'],
    ['dated and compressed, as on SUSE', 'messages', 'messages-20211231.xz', 'messages-20220101.xz', 'messages'],
    ['dated by the hour', 'messages', 'messages-2022031305', 'messages-2022031306', 'messages'],
    ['dated in seconds', 'messages', 'messages-1647152462', 'messages-1647252462', 'messages'],
    ['dated before the extension', 'kern.log', 'kern-20220313.log', 'kern-20220320.log.gz', 'kern.log'],
    ['numbered before the extension', 'kern.log', 'kern.2.log', 'kern.1.log', 'kern.log'],
    ['numbered after the extension', 'kern.log', 'kern.log.2.gz', 'kern.log.1', 'kern.log'],
    ['newsyslog, from 0', 'messages', 'messages.1.bz2', 'messages.0.bz2', 'messages'],
    ['supportconfig', 'messages.txt', 'messages-20220306.txt', 'messages.txt'],
    ['the kubelet’s', '0.log', '0.log.20211027-082023.gz', '0.log.20211027-091500', '0.log'],
    [
      'journald’s archives',
      'system.journal',
      'system@0123456789abcdef0123456789abcdef-0000000000000001-0005d9fa00000000.journal',
      'system@0123456789abcdef0123456789abcdef-0000000000000900-0005d9fb00000000.journal',
      'system.journal',
    ],
    ['dated with a zone', 'messages', 'messages-20220313T060000Z.gz', 'messages-20220313T070000Z.gz', 'messages'],
    ['dated, with the epoch, by size', 'messages', 'messages-20230201-1675255911', 'messages-20230201-1675256368.gz', 'messages-20230201-1675257255', 'messages'], // biome-ignore format: one row a case
    ['by the month', 'messages', 'messages-202112.gz', 'messages-202201.gz', 'messages'],
    ['by the week', 'messages', 'messages-2021W52', 'messages-2022W01', 'messages'],
    ['without the live file', 'syslog', 'syslog.2', 'syslog.1'],
  ]
  test.each(sets)('%s', async (_name, log, ...oldestFirst) => {
    const root = makeTree(Object.fromEntries(oldestFirst.map(path => [path, path])))
    const expected = [[log, ...oldestFirst]]
    for (const order of [oldestFirst, oldestFirst.toReversed(), oldestFirst.toSorted()]) {
      const { logs, errors } = await find(root, ...order)
      expect([logs, errors]).toEqual([expected, []])
    }
  })
})

describe('what only looks like a set stays apart', () => {
  const apart: readonly (readonly string[])[] = [
    ['a.log', 'b.log'],
    ['10.0.0.1.log', '10.0.0.2.log'],
    ['messages-node1', 'messages-node2'],
    ['messages-20221399', 'messages-20221398'],
    ['one/messages.1', 'two/messages'],
    ['node-20220313.tar.gz', 'node-20220314.tar.gz'],
    ['syslog', 'syslog.old'],
  ]
  test.each(apart)('%s and %s', async (a, b) => {
    const root = makeTree({ [a]: 'a', [b]: 'b' })
    expect((await find(root, a, b)).logs.map(([, ...pieces]) => pieces)).toEqual([[a], [b]])
  })
})

test('the date in a name is kept with its piece', async () => {
  const root = makeTree({ 'messages-20220313': 'a', messages: 'b' })
  const { pieces } = await find(root, 'messages', 'messages-20220313')
  expect(pieces.map(({ dateSuffix }) => dateSuffix)).toEqual([{ year: 2022, month: 3, day: 13 }, null])
})

test('messages.1 and messages.1.gz are read once when equal, or when the .gz was cut off', async () => {
  const root = makeTree({ 'a/messages.1': 'line\n', 'a/messages.1.gz': gzipSync('line\n'), 'a/messages': 'new\n' })
  expect((await find(root, 'a')).logs).toEqual([['a/messages', 'a/messages.1', 'a/messages']])
  const long = Array.from({ length: 9000 }, (_, i) => `line ${i * 7919}\n`).join('')
  const cut = makeTree({ 'messages.1': long, 'messages.1.gz': gzipSync(long) })
  truncateSync(join(cut, 'messages.1.gz'), 9000)
  const found = await find(cut, 'messages.1.gz', 'messages.1')
  expect(found.logs).toEqual([['messages', 'messages.1']])
  expect(found.skipped).toEqual(['messages.1.gz: the same log as messages.1'])
  const differ = makeTree({ 'messages.1': 'line\n', 'messages.1.gz': gzipSync('other\n') })
  expect((await find(differ, 'messages.1', 'messages.1.gz')).logs).toEqual([
    ['messages', 'messages.1.gz', 'messages.1'],
  ])
})

test('a path that exists is never a pattern', async () => {
  const names = ['a(b).log', 'file[1].log', 'what*.log', '{a,b}.log', 'back\\slash.log', '!no.log', '-dash.log']
  const root = makeTree(Object.fromEntries([...names, 'file1.log', 'whatever.log'].map(name => [name, 'x'])))
  const { logs, errors } = await find(root, ...names)
  expect(logs.map(([, path]) => path)).toEqual(names)
  expect(errors).toEqual([])
})

test('a pattern gives what the shell would, also below a directory with brackets in its name', async () => {
  const root = makeTree({
    'd(1)/messages': 'a',
    'd(1)/messages.1': 'b',
    'd(1)/.messages': 'h',
    'd(1)/sub/kern.log': 'c',
  })
  expect((await find(root, 'd(1)/mess*')).logs).toEqual([['d(1)/messages', 'd(1)/messages.1', 'd(1)/messages']])
  expect((await find(root, 'd(1)/**/*.log')).logs).toEqual([['d(1)/sub/kern.log', 'd(1)/sub/kern.log']])
  expect((await find(root, join(root, 'd(1)', '*'))).logs.map(([name]) => name?.slice(root.length))).toEqual([
    '/d(1)/messages',
    '/d(1)/sub/kern.log',
  ])
  expect((await find(root, 'nothing*')).errors).toEqual(['nothing*: no file matches this pattern'])
})

test('what is missing is told, and the others go on', async () => {
  const root = makeTree({ messages: 'a' })
  symlinkSync('gone', join(root, 'dangling'))
  const { logs, errors } = await find(root, 'missing', 'messages', 'messages/x', 'dangling', '')
  expect(logs).toEqual([['messages', 'messages']])
  expect(errors).toEqual([
    'missing: cannot open: no such file or directory (ENOENT)',
    'messages/x: cannot open: a part of the path is not a directory (ENOTDIR)',
    'dangling: is a link to gone, which does not exist',
    ': an empty path',
  ])
})

test('one file under several names is read once', async () => {
  const root = makeTree({ 'a/messages': 'a' })
  symlinkSync('a/messages', join(root, 'link.log'))
  linkSync(join(root, 'a/messages'), join(root, 'hard.log'))
  const { logs, skipped } = await find(
    root,
    'a/messages',
    './a/messages',
    'a/../a/messages',
    'link.log',
    'hard.log',
    'a',
  )
  expect(logs).toEqual([['a/messages', 'a/messages']])
  expect(skipped).toHaveLength(5)
})

test('standard input is read once and keeps its place', async () => {
  const root = makeTree({ 'a.log': 'a', 'b.log': 'b' })
  const { logs, pieces } = await find(root, 'a.log', '-', 'b.log', '-')
  expect(logs.map(([name]) => name)).toEqual(['a.log', '-', 'b.log'])
  expect(String((await collect(pieces[1]!.read())).bytes)).toBe('from stdin\n')
  const none = await discover(['-'], { cwd: root, stdin: null })
  expect(none.errors.map(({ message }) => message)).toEqual(['there is no standard input'])
})

describe('a directory', () => {
  test('gives the logs in it by their names, in the order of paths', async () => {
    const logs = [
      'containerd.log',
      'dmesg',
      'journalctl.txt',
      'kern.log',
      'kubelet.log.1',
      'messages',
      'sub/syslog',
      'system.journal',
    ]
    const others = [
      '.hidden.log',
      '.git/a.log',
      'btmp',
      'wtmp',
      'lastlog',
      'config.yaml',
      'containerd.toml',
      'notes.txt',
    ]
    const pod = 'pods/default_web-0_0b7e6e52-5a1c-4f0b-9d6e-5c1f2a3b4c5d/web/0.log'
    const root = makeTree(Object.fromEntries([...logs, ...others, pod].map(path => [`d/${path}`, 'x'])))
    const found = await find(root, 'd')
    expect(found.pieces.map(({ path }) => path)).toEqual(logs.map(path => `d/${path}`))
    expect(found.skipped).toContain(`d/${pod}: a container's own log`)
    expect(found.skipped).toContain('d/btmp: not the name of a log')
    expect(found.skipped.some(text => text.includes('hidden'))).toBe(false)
    expect(found.errors).toEqual([])
  })

  test('that is a link is followed, a loop in it is not', async () => {
    const root = makeTree({ 'real/messages': 'x' })
    symlinkSync('real', join(root, 'link'))
    symlinkSync('.', join(root, 'real/loop.log'))
    expect((await find(root, 'link')).logs).toEqual([['link/messages', 'link/messages']])
  })

  test('without logs is an error that says what was looked for', async () => {
    const root = makeTree({ 'd/readme.md': 'x' })
    expect((await find(root, 'd')).errors[0]).toMatch(/^d: no logs in this directory; looked for messages\*, syslog\*/)
  })
})

test('a pipe that is named is read as a stream, one that a pattern meets is left out', async () => {
  const root = makeTree({ 'a.log': 'a' })
  execFileSync('mkfifo', [join(root, 'pipe.log')])
  expect((await find(root, '*.log')).logs).toEqual([['a.log', 'a.log']])
  const { pieces } = await find(root, 'pipe.log')
  expect(pieces[0]).toMatchObject({ path: 'pipe.log', sizeBytes: null, isReplayable: false })
  const reading = collect(pieces[0]!.read())
  execFileSync('sh', ['-c', `echo through > '${join(root, 'pipe.log')}'`])
  expect(String((await reading).bytes)).toBe('through\n')
})
