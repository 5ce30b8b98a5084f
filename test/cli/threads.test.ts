/** The built program over a file that is big enough for threads. */
import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
let folder = ''
let log = ''

/** 70 MB: the seed log over and over, so that its reports lie across the ends of ranges. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'oomlens-'))
  log = join(folder, 'messages')
  const seed = readFileSync(join(ROOT, 'fixtures/seed/messages.log'), 'utf8').trimEnd()
  const chatter =
    'Mar 15 09:22:40 node-17 kubelet[1412]: I0315 09:22:40.123456    1412 prober.go:1] "Probe succeeded"\n'
  const part = `${seed}\n${chatter.repeat(9000)}`
  const file = openSync(log, 'w')
  for (let bytes = 0; bytes < 70e6; bytes += part.length) writeSync(file, part)
  closeSync(file)
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const reportWith = (threads: string) => {
  const args = [join(ROOT, 'bin/oomlens.js'), '--threads', threads, '-o', 'json', log]
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 28 })
  const { generatedAt: _, stats, ...rest } = JSON.parse(stdout)
  return { status, rest, stats: { ...stats, elapsedMs: 0 } }
}

test('any number of threads gives the same report', () => {
  const one = reportWith('1')
  expect(one.status).toBe(0)
  expect(one.rest.incidents.length).toBeGreaterThan(0)
  expect(reportWith('2')).toEqual(one)
  expect(reportWith('5')).toEqual(one)
})

test.each(['0', '9', 'two', ''])("--threads '%s' is a mistake that is said", threads => {
  const args = [join(ROOT, 'bin/oomlens.js'), `--threads=${threads}`, log]
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect(status).toBe(2)
  expect(stderr).toContain('--threads')
})
