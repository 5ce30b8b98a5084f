/**
 * The README is its own golden file: its examples (blocks `console`) are run on the built program, and the page with the
 * output that came out must be the page as it is. After a change that is meant: `npx vitest run test/docs -u`.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { anchors, firstColumn, relativeLinks, rows, withOutputs } from './markdown.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const README = readFileSync(join(ROOT, 'README.md'), 'utf8')
const PAGES = ['README.md', 'CHANGELOG.md', 'src/README.md', 'test/README.md', 'bench/README.md']

/** `oomlens` and `npx oomlens` are this checkout's, whatever is installed. */
const PRELUDE = `oomlens() { '${process.execPath}' bin/oomlens.js "$@"; }; npx() { "$@"; }; `
const hasJq = spawnSync('jq', ['--version']).status === 0
const usesJq = (command: string) => /\bjq\b/.test(command)

function shell(command: string) {
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', PRELUDE + command], {
    cwd: ROOT,
    encoding: 'utf8',
    input: '',
    env: { PATH: process.env['PATH'] ?? '', TZ: 'UTC', COLUMNS: '80' },
  })
  return { stdout, stderr }
}

const help = shell('oomlens --help').stdout

describe('examples', () => {
  test('each prints what is shown under it', async () => {
    const page = withOutputs(README, ({ command }) => {
      if (usesJq(command) && !hasJq) return null
      const { stdout, stderr } = shell(command)
      expect(stderr, command).toBe('')
      return stdout.replace(/\n$/, '').split('\n')
    })
    await expect(page).toMatchFileSnapshot(join(ROOT, 'README.md'))
  })

  test.skipIf(!hasJq)('the jq recipes were run with the others (skipped: there is no jq here)', () => {
    const recipes: string[] = []
    withOutputs(README, ({ command }) => {
      if (usesJq(command)) recipes.push(command)
      return null
    })
    expect(recipes.length).toBeGreaterThanOrEqual(5)
  })
})

describe('options', () => {
  /** `-o, --output` of help and of the table: every name of an option, short and long. */
  const namesIn = (lines: readonly string[]) =>
    lines.flatMap(line => (/^\s*((?:-\w, )?--[a-z-]+)/.exec(line)?.[1] ?? '').split(', ')).filter(name => name !== '')

  test('those of --help and those of the table are the same', () => {
    expect(namesIn(firstColumn(README, 'Options')).sort()).toEqual(namesIn(help.split('\n')).sort())
  })

  test('the choices that --help names stand in the table', () => {
    const blocks = help.split(/\n(?= {2,}(?:-\w, )?--)/)
    for (const block of blocks) {
      const name = /--[a-z-]+/.exec(block)?.[0]
      const choices = /\[choices: ([^\]]+)\]/.exec(block.replace(/\s+/g, ' '))?.[1]
      if (!choices || name === undefined) continue
      const row = rows(README, 'Options').find(([first]) => first?.includes(`${name} `))
      for (const [, choice] of choices.matchAll(/"([^"]+)"/g)) expect(row?.join(' '), name).toContain(choice)
    }
  })

  test('the commands that --help names stand in the page', () => {
    const commands = [...help.matchAll(/^ {2}oomlens (?<name>[a-z]+) {2}/gm)].map(match => match.groups?.['name'])
    expect(commands).not.toEqual([])
    for (const name of commands) expect(README).toContain(`oomlens ${name}`)
  })
})

describe('JSON', () => {
  const schema = JSON.parse(shell('oomlens schema').stdout)
  const { incidents } = schema.properties
  test.each([
    ['The report', schema],
    ['An incident', incidents.items],
    ['A victim', incidents.items.properties.victims.items],
  ])('%s: the fields of the table are those of the schema', (heading, { properties }) => {
    expect(
      firstColumn(README, heading)
        .flatMap(cell => cell.split(', '))
        .sort(),
    ).toEqual(Object.keys(properties).sort())
  })
})

describe('links', () => {
  test.each(PAGES)('%s: every relative link leads somewhere', page => {
    const text = readFileSync(join(ROOT, page), 'utf8')
    for (const link of relativeLinks(text)) {
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? join(ROOT, page) : join(ROOT, dirname(page), path)
      expect(existsSync(target), link).toBe(true)
      if (anchor === undefined) continue
      const file = statSync(target).isDirectory() ? join(target, 'README.md') : target
      expect(anchors(readFileSync(file, 'utf8')), link).toContain(anchor)
    }
  })
})

test('test/README.md says what belongs into each folder of tests', () => {
  const page = readFileSync(join(ROOT, 'test/README.md'), 'utf8')
  const folders = readdirSync(join(ROOT, 'test'), { withFileTypes: true }).filter(entry => entry.isDirectory())
  expect(folders.map(({ name }) => name).filter(name => !page.includes(`${name}/`))).toEqual([])
})
