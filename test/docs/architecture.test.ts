/** The architecture page is true to the code: the rooms, the files it names, and who imports whom. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastGlob from 'fast-glob'
import { describe, expect, test } from 'vitest'
import { rows } from './markdown.ts'

const SRC = fileURLToPath(new URL('../../src/', import.meta.url))
const PAGE = readFileSync(join(SRC, 'README.md'), 'utf8')
const rooms = readdirSync(SRC, { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(({ name }) => name)

/** Room or top file → what it may import besides itself, as the page's table says. */
const allowed = new Map(
  rows(PAGE, 'Direction of imports').map(([room = '', imports = '']) => [
    room.replaceAll('`', ''),
    new Set([...imports.matchAll(/`([^`]+)`/g)].map(match => match[1])),
  ]),
)

const roomOf = (path: string) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : path)

/** Paths from src/ of our own files that a file imports. */
function importsOf(file: string): string[] {
  const code = readFileSync(join(SRC, file), 'utf8')
  const paths = [...code.matchAll(/(?:\bfrom|\bimport\(|^import) ?'(\.[^']+)'/gm)].map(match => match[1] ?? '')
  return paths.map(path => join(file, '..', path))
}

describe('imports go one way', () => {
  const files = fastGlob.sync('**/*.ts', { cwd: SRC, ignore: ['sieve/assembly/**'] }).sort()
  test('the table has a row for every room and every top file', () => {
    expect([...allowed.keys()].sort()).toEqual([...new Set(files.map(roomOf))].sort())
  })
  test.each([...allowed])('of %s', (mine, theirs) => {
    const sideways = files
      .filter(file => roomOf(file) === mine)
      .flatMap(file => importsOf(file).map(path => ({ file, path })))
      .filter(({ path }) => roomOf(path) !== mine && !theirs.has(roomOf(path)))
    expect(sideways).toEqual([])
  })
})

describe('the page', () => {
  test.each(rooms)('names the room %s', room => {
    expect(PAGE).toContain(`\`${room}/\``)
  })
  test('names only files and folders that exist', () => {
    const named = [...PAGE.matchAll(/`((?:\.\.\/)?[a-z-]+(?:\/[a-z0-9.-]+)*(?:\.(?:ts|js|mjs)|\/))`/g)].map(
      match => match[1] ?? '',
    )
    expect(named.length).toBeGreaterThan(20)
    for (const path of named.filter(path => path !== 'index.ts')) expect(existsSync(join(SRC, path)), path).toBe(true)
  })
})
