import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'
import { build } from 'esbuild'
import { chatterText } from '../bench/generate.mjs'

const SOURCE = 'src/sieve/assembly/teddy.ts'
const TARGET = 'src/sieve/teddy.generated.ts'
const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Writes the compiled inner loop and the fingerprints of all needles, where scan-wasm.ts imports them from. */
export const buildSieve = async () => {
  const [wasm, { needles, fingerprints }] = await Promise.all([compile(), choose()])
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

/** The recognisers' and envelopes' needles, and a fingerprint for each: about two seconds. */
const choose = async () => {
  const { outputFiles } = await build({
    stdin: { contents: NEEDLE_MODULE, resolveDir: ROOT, sourcefile: 'needles.ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
  })
  const source = `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
  const { programs, needlesOf, envelopeNeedles, chooseFingerprints, shareByPairs } = await import(source)
  const needles = [...needlesOf(programs), ...envelopeNeedles].map(({ text }) => text)
  const inChatter = shareIn(chatterText(4_000_000))
  const shareOf = (...bytes) => Math.max(inChatter(...bytes), shareByPairs(...bytes))
  return { needles, fingerprints: chooseFingerprints(needles, shareOf, { rounds: 4, choice: 12 }) }
}

const NEEDLE_MODULE = `
export { programs } from './src/recognisers/index.ts'
export { needlesOf } from './src/recognisers/recognise.ts'
export { envelopeNeedles } from './src/envelopes/index.ts'
export { chooseFingerprints, shareByPairs } from './src/sieve/fingerprints.ts'
`

/** How often three bytes stand together in a text, counted: pairs alone do not know words. */
const shareIn = text => {
  const counts = new Uint32Array(1 << 21)
  const at = (first, second, third) => (first << 14) | (second << 7) | third
  for (let i = 2; i < text.length; i++) {
    counts[at(text.charCodeAt(i - 2) & 127, text.charCodeAt(i - 1) & 127, text.charCodeAt(i) & 127)]++
  }
  return (firsts, seconds, thirds) => {
    let sum = 0
    for (const first of firsts)
      for (const second of seconds) for (const third of thirds) sum += counts[at(first, second, third)]
    return sum / text.length
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildSieve()
