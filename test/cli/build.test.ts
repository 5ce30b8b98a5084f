/** What the build makes of the sources: what it leaves out is needed by nobody who runs it. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const BIN = join(ROOT, 'bin/oomlens.js')
const CHUNKS = join(ROOT, 'dist/chunks')

/** The program as `require` loads it. */
const program = readdirSync(CHUNKS)
  .filter(name => name.endsWith('.cjs'))
  .map(name => readFileSync(join(CHUNKS, name), 'utf8'))
  .join('\n')

test('recognisers and envelopes come without their samples', () => {
  const left = [...program.matchAll(/\bsamples:(?!\[\])./g)].map(({ index }) => program.slice(index, index + 60))
  expect(left).toEqual([])
  expect(program.match(/\bsamples:\[\]/g)?.length).toBeGreaterThan(100)
})

test('the help is ASCII, as the build has its width counted by characters', () => {
  for (const COLUMNS of ['40', '80', '200']) {
    const { stdout } = spawnSync(process.execPath, [BIN, '--help'], { encoding: 'utf8', env: { COLUMNS } })
    expect(stdout).toMatch(/^[\n\x20-\x7e]{1000,}$/)
  }
})
