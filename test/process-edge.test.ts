/** The clock, the terminal and the environment are arguments everywhere but at the process edge. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fastGlob from 'fast-glob'
import { expect, test } from 'vitest'

const SRC = fileURLToPath(new URL('../src/', import.meta.url))

test('only the edge touches the process and the clock', () => {
  const touching: string[] = []
  for (const file of fastGlob.sync('**/*.ts', { cwd: SRC, ignore: ['**/assembly/**', 'cli.ts'] })) {
    const text = readFileSync(SRC + file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
    if (
      /\bprocess\.(env|argv|stdin|stdout|stderr|exit|exitCode|cwd|on)\b|\bDate\.now\(|new Date\(\)|\bperformance\.|\bhrtime\b/.test(
        text,
      )
    )
      touching.push(file)
  }
  expect(touching).toEqual([])
})
