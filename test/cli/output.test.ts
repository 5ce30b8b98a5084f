/** Standard output, whatever it is: `descriptors.ts` as the built program uses it. */
import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { createOutput } from '../../src/descriptors.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const ARGS = [join(ROOT, 'bin/oomlens.js'), '-o', 'ndjson', join(ROOT, 'fixtures/kernel')]
const directory = mkdtempSync(join(tmpdir(), 'oomlens-'))
afterAll(() => rmSync(directory, { recursive: true }))

/** More than a pipe holds. What differs from run to run is left out. */
const report = (text: string) => text.replace(/"(?:generatedAt|elapsedMs)":[^,}]+/g, '')
const toPipe = () => execFileSync(process.execPath, ARGS, { encoding: 'utf8', maxBuffer: 1 << 28 })

test('a file gets what a pipe gets', () => {
  const path = join(directory, 'report')
  const file = openSync(path, 'w')
  spawnSync(process.execPath, ARGS, { stdio: ['ignore', file, 'inherit'] })
  closeSync(file)
  const text = readFileSync(path, 'utf8')
  expect(text.length).toBeGreaterThan(200_000)
  expect(report(text)).toBe(report(toPipe()))
})

test('what a pipe that does not wait cannot take goes through the stream', async () => {
  const path = join(directory, 'pipe')
  execFileSync('mkfifo', [path])
  const pipe = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
  const streamed: Buffer[] = []
  const { write, failure } = createOutput(
    pipe,
    () =>
      new Writable({
        write: (chunk: Buffer, _, done) => {
          streamed.push(chunk)
          done()
        },
      }),
  )
  const text = 'ä0123456789'.repeat(20_000)
  expect(await write(text)).toBe(true)
  expect(await write('end')).toBe(true)
  expect(failure()).toBeNull()
  const room = Buffer.alloc(1 << 20)
  const taken = room.subarray(0, readSync(pipe, room))
  closeSync(pipe)
  expect(taken.length).toBeGreaterThan(0)
  expect(Buffer.concat([taken, ...streamed]).toString()).toBe(`${text}end`)
})

test.each(['head -c 100', 'true'])('its reader may leave: %s', reader => {
  const script = `'${ARGS.join("' '")}' | ${reader}; echo "\${PIPESTATUS[0]}"`
  const { stdout, stderr } = spawnSync('bash', ['-c', `'${process.execPath}' ${script}`], { encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(stdout).toMatch(/\n?0\n$/)
})

test('a full disk is told, and no success', () => {
  for (const format of ['text', 'json']) {
    const script = `'${process.execPath}' '${ARGS[0]}' -o ${format} '${ARGS[3]}' > /dev/full`
    const { status, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8', timeout: 20_000 })
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'oomlens: cannot write: no space left on device (ENOSPC)\n',
    })
  }
})

test('a closed output ends it', () => {
  for (const target of ['>&-']) {
    const script = `'${process.execPath}' '${ARGS.join("' '")}' ${target}; echo $? >&2`
    const { stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8', timeout: 20_000 })
    expect(stderr).toMatch(/\d\n$/)
  }
})
