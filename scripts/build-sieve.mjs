import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'
import { chooseForProgram } from './choose-fingerprints.mjs'

const SOURCE = 'src/sieve/assembly/teddy.ts'
const TARGET = 'src/sieve/teddy.generated.ts'
const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Writes the compiled inner loop and the fingerprints of all needles, where scan-wasm.ts imports them from. */
export const buildSieve = async () => {
  const [wasm, { needles, fingerprints }] = await Promise.all([compile(), chooseForProgram()])
  const pairs = fingerprints.map(({ offset, bucket }) => `[${offset}, ${bucket}]`)
  writeFileSync(
    new URL(`../${TARGET}`, import.meta.url),
    `// Made by scripts/build-sieve.mjs from ${SOURCE} and the needles.
export const TEDDY_WASM =
  '${wasm.toString('base64')}'
/** The needles that {@link FINGERPRINTS} are for, by line feeds. */
export const NEEDLES = ${JSON.stringify(needles.join('\n'))}
/** For each its fingerprint's offset and bucket. */
export const FINGERPRINTS: readonly (readonly [number, number])[] = [${pairs.join(', ')}]
`,
  )
}

/** AssemblyScript to WebAssembly; about a second. */
const compile = async () => {
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
  return Buffer.from(binary)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildSieve()
