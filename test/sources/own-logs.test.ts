import { expect, test } from 'vitest'
import { discoverOwnLogs } from '../../src/sources/own-logs.ts'
import { makeTree } from './temp.ts'

const journal = 'var/log/journal/0123/system.journal'
const cases: readonly (readonly [name: string, files: readonly string[], logs: readonly string[]])[] = [
  [
    'messages stand before all',
    ['var/log/messages', 'var/log/messages-20220313', 'var/log/syslog', journal],
    ['var/log/messages'],
  ],
  [
    'else syslog and kern.log',
    ['var/log/syslog', 'var/log/syslog.1', 'var/log/kern.log', journal],
    ['var/log/syslog', 'var/log/kern.log'],
  ],
  ['else the journal', [journal, 'var/log/auth.log'], [journal]],
  ['a journal in memory', ['run/log/journal/0123/system.journal'], ['run/log/journal/0123/system.journal']],
]

test.each(cases)('%s', async (_name, files, logs) => {
  const root = makeTree(Object.fromEntries(files.map(path => [path, 'x'])))
  const found = await discoverOwnLogs({ cwd: root, stdin: null }, root)
  expect(found.logs.map(({ name }) => name.slice(root.length + 1))).toEqual(logs)
  expect(found.errors).toEqual([])
})

test('none of them is one error that says what was looked for', async () => {
  const root = makeTree({ 'var/log/auth.log': 'x' })
  const { logs, errors } = await discoverOwnLogs({ cwd: root, stdin: null }, root)
  expect(logs).toEqual([])
  expect(errors.map(({ message }) => message.replaceAll(root, ''))).toEqual([
    'no logs of this machine; looked for /var/log/messages*, /var/log/syslog*, /var/log/kern.log*, /var/log/journal, /run/log/journal; name a file instead',
  ])
})
