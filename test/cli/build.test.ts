/** What the build makes of the sources: what it leaves out, and what it compiles ahead. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const BIN = join(ROOT, 'bin/oomlens.js')
const DIST = join(ROOT, 'dist')
const CHUNKS = readdirSync(join(DIST, 'chunks')).map(name => join('chunks', name))

const files = ['program.cjs', ...CHUNKS].filter(name => name.endsWith('.cjs'))
const program = files.map(name => readFileSync(join(DIST, name), 'latin1')).join('\n')

test('recognisers and envelopes come without their samples', () => {
  const left = [...program.matchAll(/\bsamples:(?!\[\])./g)].map(({ index }) => program.slice(index, index + 60))
  expect(left).toEqual([])
  expect(program.match(/\bsamples:\[\]/g)?.length).toBeGreaterThan(100)
})

test('the program is ASCII, as it is read byte by byte', () => {
  expect(program.match(/[\x80-\xff]/g)).toBeNull()
})

test('what a run over a small log does not need is not loaded', () => {
  const spy = `process.on('exit', () => require('fs').writeSync(2, process.moduleLoadList.join('\\n')))
    process.argv = [process.execPath, ${JSON.stringify(BIN)}, ${JSON.stringify(join(ROOT, 'fixtures/seed/messages.log'))}]
    require(process.argv[1])`
  // a pipe of `spawnSync` is a socket
  const script = `'${process.execPath}' -e "$SPY" > /dev/null`
  const { stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8', env: { ...process.env, SPY: spy } })
  const loaded = new Set(stderr.split('\n'))
  expect(loaded).toContain('NativeModule stream')
  for (const name of ['net', 'tty', 'fs/promises', 'worker_threads', 'child_process']) {
    expect(loaded).not.toContain(`NativeModule ${name}`)
  }
})

test('the help is ASCII, as the build has its width counted by characters', () => {
  for (const COLUMNS of ['40', '80', '200']) {
    const { stdout } = spawnSync(process.execPath, [BIN, '--help'], { encoding: 'utf8', env: { COLUMNS } })
    expect(stdout).toMatch(/^[\n\x20-\x7e]{1000,}$/)
  }
})

describe('what was compiled ahead', () => {
  const LOG = join(ROOT, 'fixtures/seed/messages.log')
  const run = (args: readonly string[]) => spawnSync(process.execPath, args, { encoding: 'utf8', env: { TZ: 'UTC' } })

  test('is taken by the node that built the program', () => {
    const spy = `
      const vm = require('node:vm')
      const taken = []
      vm.Script = class extends vm.Script {
        constructor(code, options) {
          super(code, options)
          taken.push([require('node:path').basename(options.filename), this.cachedDataRejected])
        }
      }
      process.on('exit', () => console.error(JSON.stringify(taken)))
      process.argv = [process.execPath, ${JSON.stringify(BIN)}, '--output=text', ${JSON.stringify(LOG)}]
      require(process.argv[1])`
    const taken: [string, boolean?][] = JSON.parse(run(['-e', spy]).stderr)
    expect(taken.map(([name]) => name)).toContain('program.cjs')
    expect(taken.length).toBeGreaterThan(3)
    expect(taken.filter(([, rejected]) => rejected !== false)).toEqual([])
  })

  test('is not needed, and damaged not used', () => {
    const copy = mkdtempSync(join(tmpdir(), 'oomlens-'))
    try {
      for (const folder of ['bin', 'dist']) cpSync(join(ROOT, folder), join(copy, folder), { recursive: true })
      const want = run([BIN, LOG])
      expect(want.status).toBe(0)
      const compiled = join(copy, 'dist/compiled', `${process.version}-${process.arch}`)
      const whole = readdirSync(compiled).map(name => ({
        path: join(compiled, name),
        data: readFileSync(join(compiled, name)),
      }))
      const again = () => {
        const { status, stdout, stderr } = run([join(copy, 'bin/oomlens.js'), LOG])
        expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: want.stdout, stderr: want.stderr })
      }
      const damages: ((data: Buffer) => Buffer)[] = [
        data => data.map((byte, at) => (at % 1000 === 500 ? byte ^ 1 : byte)) as Buffer,
        data => data.subarray(0, data.length >> 1),
        () => Buffer.alloc(0),
      ]
      for (const damage of damages) {
        for (const { path, data } of whole) writeFileSync(path, damage(Buffer.from(data)))
        again()
      }
      rmSync(compiled, { recursive: true })
      again()
    } finally {
      rmSync(copy, { recursive: true })
    }
  })
})
