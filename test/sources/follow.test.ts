import { appendFileSync, copyFileSync, mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { followFile } from '../../src/sources/follow.ts'
import { makeTree } from './temp.ts'

/** Takes what comes until the text so far is the one expected; then the next step is done. */
async function play(
  path: string,
  steps: readonly { readonly act: () => void; readonly until: string }[],
): Promise<string> {
  const abort = new AbortController()
  const following = followFile(path, { cwd: '/', signal: abort.signal, pollMs: 5 })
  let text = ''
  let pending = following.next()
  for (const { act, until } of steps) {
    act()
    while (text !== until) {
      const { value, done } = await pending
      if (done) return text
      text += value === 'rotated' ? '|' : value.toString()
      if (!until.startsWith(text)) return text
      pending = following.next()
    }
  }
  abort.abort()
  for (let next = await pending; next.done !== true; next = await following.next()) text += String(next.value)
  return text
}

const cases: readonly (readonly [
  name: string,
  before: string | null,
  expected: string,
  steps: (path: string) => readonly { act: () => void; until: string }[],
])[] = [
  [
    'what is there and what is added',
    'a\n',
    'a\nb\n',
    path => [
      { act: () => {}, until: 'a\n' },
      { act: () => appendFileSync(path, 'b\n'), until: 'a\nb\n' },
    ],
  ],
  [
    'a line that is written in parts',
    '',
    'half a line\n',
    path => [
      { act: () => appendFileSync(path, 'half '), until: 'half ' },
      { act: () => appendFileSync(path, 'a line\n'), until: 'half a line\n' },
    ],
  ],
  [
    'renaming, with a last word in the old file',
    'a\n',
    'a\nlast\n|new\n',
    path => [
      { act: () => {}, until: 'a\n' },
      {
        act: () => {
          renameSync(path, `${path}.1`)
          writeFileSync(path, '')
          appendFileSync(`${path}.1`, 'last\n')
        },
        until: 'a\nlast\n',
      },
      { act: () => appendFileSync(path, 'new\n'), until: 'a\nlast\n|new\n' },
    ],
  ],
  [
    'truncation after copying',
    'a long line\n',
    'a long line\n|b\n',
    path => [
      { act: () => {}, until: 'a long line\n' },
      {
        act: () => {
          copyFileSync(path, `${path}.1`)
          truncateSync(path)
        },
        until: 'a long line\n|',
      },
      { act: () => appendFileSync(path, 'b\n'), until: 'a long line\n|b\n' },
    ],
  ],
  ['a file that appears later', null, 'a\n', path => [{ act: () => writeFileSync(path, 'a\n'), until: 'a\n' }]],
  [
    'a directory that appears later',
    null,
    'a\n',
    path => [
      {
        act: () => {
          rmSync(dirname(path), { recursive: true })
          mkdirSync(dirname(path))
          writeFileSync(path, 'a\n')
        },
        until: 'a\n',
      },
    ],
  ],
  [
    'removal and a new start',
    'a\n',
    'a\n|b\n',
    path => [
      { act: () => {}, until: 'a\n' },
      {
        act: () => {
          rmSync(path)
          writeFileSync(`${path}.new`, 'b\n')
          renameSync(`${path}.new`, path)
        },
        until: 'a\n|b\n',
      },
    ],
  ],
]

describe('a name is followed through', () => {
  test.each(cases)('%s', async (_name, before, expected, steps) => {
    const path = join(makeTree({ 'd/other': '' }), 'd/messages')
    if (before !== null) writeFileSync(path, before)
    expect(await play(path, steps(path))).toBe(expected)
  })
})

test('what was written before the end is asked for is still read', async () => {
  const path = join(makeTree({ messages: 'a\n' }), 'messages')
  const following = followFile(path, { cwd: '/', signal: AbortSignal.abort(), pollMs: 60_000 })
  let text = ''
  for await (const chunk of following) text += String(chunk)
  expect(text).toBe('a\n')
})

test('what cannot be read is named as it was given', async () => {
  const cwd = makeTree({ 'messages/x': '' })
  const following = followFile('messages', { cwd, signal: AbortSignal.abort(), pollMs: 5 })
  await expect(following.next()).rejects.toMatchObject({ path: 'messages' })
})
