import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const SOURCE = 'src/sieve/assembly/teddy.ts'
const TARGET = 'src/sieve/teddy.generated.ts'
const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Compiles the sieve's inner loop and writes it, as base64, where scan-wasm.ts imports it from. About a second. */
export const buildSieve = async () => {
  let binary
  const { error, stderr } = await asc.main(
    [
      SOURCE,
      '--baseDir',
      ROOT,
      '--outFile',
      'teddy.wasm',
      '--optimizeLevel',
      '3',
      '--enable',
      'simd',
      '--runtime',
      'stub',
      '--noAssert',
      '--memoryBase',
      '31744',
      '--initialMemory',
      '16',
      '--use',
      'abort=',
    ],
    {
      writeFile: (name, contents) => {
        if (name.endsWith('.wasm')) binary = contents
      },
    },
  )
  if (error) throw new Error(`${SOURCE}: ${stderr.toString() || error.message}`)
  const base64 = Buffer.from(binary).toString('base64')
  writeFileSync(
    new URL(`../${TARGET}`, import.meta.url),
    `// Made by scripts/build-sieve.mjs from ${SOURCE}.\nexport const TEDDY_WASM =\n  '${base64}'\n`,
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildSieve()
