import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { SourceError } from '../../src/sources/source.ts'

/** A directory of its own with these files in it, gone after the test. */
export function makeTree(files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = mkdtempSync(join(tmpdir(), 'oomlens-test-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  return root
}

/** Whether a program that makes fixtures is here; tests that need it say so and are left out otherwise. */
export const hasProgram = (name: string): boolean => spawnSync(name, ['--version']).error === undefined

export const runProgram = (name: string, args: readonly string[], input: Uint8Array, cwd?: string): Buffer =>
  execFileSync(name, args, { input, maxBuffer: 2 ** 30, stdio: ['pipe', 'pipe', 'ignore'], ...(cwd ? { cwd } : {}) })

export async function* inChunks(bytes: Buffer, width: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += width) yield bytes.subarray(at, at + width)
}

/** Everything that is given before the end or the failure. */
export async function collect(source: AsyncIterable<Buffer>): Promise<{ bytes: Buffer; error: string | null }> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of source) chunks.push(chunk)
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    return { bytes: Buffer.concat(chunks), error: error.message }
  }
  return { bytes: Buffer.concat(chunks), error: null }
}

/** Lines that a compressor cannot make nothing of; the same each time. */
export function someLog(lines: number): Buffer {
  let state = 42
  let text = ''
  for (let i = 0; i < lines; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    text += `Mar 13 06:${10 + (i % 50)}:${10 + (state % 50)} node1 kubelet[${state % 30000}]: probe ${state.toString(36)} ok\n`
  }
  return Buffer.from(text)
}
