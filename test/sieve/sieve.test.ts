import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Line } from '../../src/model/line.ts'
import { readLines } from '../../src/sieve/lines.ts'
import { createSieve, type SieveOptions } from '../../src/sieve/sieve.ts'
import { type NaiveOptions, naiveSieve } from './naive-sieve.ts'

const needles = [
  { text: 'OPEN', opens: true },
  { text: 'OPE', opens: false },
  { text: 'Killed', opens: false },
]
const small: Omit<NaiveOptions, 'startsInSection'> = {
  needles,
  everyLineNeedles: ['VERBOSE'],
  sectionBytes: 60,
  sectionBytesInAll: 150,
  lineBytes: 40,
}

/** Pieces of lines that make all rules of the sieve meet each other. */
const part = fc.oneof(
  fc.constantFrom(
    'OPEN',
    'OP',
    'Killed',
    'VERBOSE',
    ' host kernel: ',
    'kernel',
    'kernel: OPEN',
    '] kernel: OPEN',
    ': ',
  ),
  fc.constantFrom('OPOPEN', 'OPE', 'Kill', 'kerne', '\t', ' ', '\r', '\0', 'é', 'x'.repeat(45), 'x'.repeat(38)),
  fc.string({ maxLength: 6 }),
)
const line = fc.array(part, { maxLength: 4 }).map(parts => Buffer.from(parts.join('').replaceAll('\n', '')))
const rawLine = fc.oneof(
  line,
  line,
  line,
  fc.uint8Array({ maxLength: 8 }).map(bytes => Buffer.from(bytes)),
)
const log = fc
  .tuple(fc.array(rawLine, { maxLength: 30 }), fc.boolean())
  .map(([lines, ends]) =>
    Buffer.concat(lines.flatMap((l, i) => (i < lines.length - 1 || ends ? [l, Buffer.of(10)] : [l]))),
  )
const engine = fc.constantFrom('js' as const, 'wasm' as const)
const width = fc.constantFrom(1, 2, 3, 7, 64, 65536)

const chunksOf = (bytes: Buffer, size: number): Buffer[] => {
  const chunks: Buffer[] = []
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size))
  return chunks
}

const run = async (bytes: Buffer, size: number, options: SieveOptions) => {
  const sieve = createSieve(options)
  const lines: Line[] = []
  for await (const some of readLines(chunksOf(bytes, size), sieve, 0)) lines.push(...some)
  const { linesKept, cutLines } = sieve
  return { lines, counts: { lines: sieve.lines, bytes: sieve.bytes, linesKept, cutLines } }
}

describe('the sieve', () => {
  it('keeps what the naive one keeps, however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(log, width, engine, fc.boolean(), async (bytes, size, engine, startsInSection) => {
        const options = { ...small, startsInSection }
        expect(await run(bytes, size, { ...options, engine })).toEqual(naiveSieve(bytes, options))
      }),
      { numRuns: 2000 },
    )
  })
})
