import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseFingerprints, FINGERPRINT_BYTES } from '../../src/sieve/fingerprints.ts'
import { createJsScanner } from '../../src/sieve/scan-js.ts'
import { createWasmScanner } from '../../src/sieve/scan-wasm.ts'
import type { Scanner } from '../../src/sieve/scanner.ts'

const BLOCK = 256 * 1024
const needles = ['oom-killer:', 'oom-kill', 'oom', 'Killed process ', 'TaskOOM', 'OOM', 'ill', 'aaa', 'x'.repeat(64)]

/** All that a scanner says about `bytes[from..to)`. */
const allOf = (scanner: Scanner, bytes: Buffer, from: number, to: number) => {
  scanner.begin(bytes, from, to)
  const hits: object[] = []
  let [since, known] = [from, 0]
  for (; scanner.at < to; scanner.next()) {
    const line = scanner.lineStart()
    known = scanner.lineFeedsBefore(line, since, known)
    since = line
    hits.push({ at: scanner.at, needle: scanner.needle, line, feeds: known })
  }
  return { hits, feeds: scanner.lineFeedsBefore(to, since, known) }
}

const wasmOf = (texts: readonly string[]) => {
  const scanner = createWasmScanner(texts, BLOCK)
  if (scanner === null) throw new Error('WebAssembly SIMD is missing here')
  return scanner
}
const inRoom = (room: Buffer, bytes: Buffer): Buffer => {
  // What earlier blocks left behind must not matter.
  room.fill('\noom-killer: OOM aaa')
  room.set(bytes)
  return room.subarray(0, bytes.length)
}

describe('the scanner in WebAssembly', () => {
  const js = createJsScanner(needles)
  const wasm = wasmOf(needles)
  const word = fc.constantFrom(...needles, 'oo', 'm-ki', '\n', '\n', 'Kil', 'aa', '\0', 'é', ' filler of some length ')
  const text = fc.array(word, { maxLength: 120 }).map(words => Buffer.from(words.join('')))

  it('finds what the plain one finds, wherever a range begins and ends', () => {
    fc.assert(
      fc.property(text, fc.nat(), fc.nat(), (bytes, a, b) => {
        const [from, to] = [a % (bytes.length + 1), b % (bytes.length + 1)].sort((x, y) => x - y) as [number, number]
        expect(allOf(wasm, inRoom(wasm.room, bytes), from, to)).toEqual(allOf(js, bytes, from, to))
      }),
      { numRuns: 1500 },
    )
  })

  it.each([
    ['a block of line feeds', Buffer.alloc(BLOCK, '\n')],
    ['a block of one needle over and over: more hits than there is place for', Buffer.alloc(BLOCK, 'aaa')],
    ['one line full of needles', Buffer.alloc(BLOCK, 'oom and aa, some text between ')],
    ['a needle at the very end', Buffer.concat([Buffer.alloc(BLOCK - 7, '.'), Buffer.from('TaskOOM')])],
    ['many short lines with a needle each', Buffer.alloc(BLOCK, 'a line with text, an OOM and more of it: forty\n')],
  ])('agrees on %s', (_, bytes) => {
    expect(allOf(wasm, inRoom(wasm.room, bytes), 0, bytes.length)).toEqual(allOf(js, bytes, 0, bytes.length))
  })

  it.each([
    ['a needle shorter than a fingerprint', ['ab']],
    ['a needle longer than its place', ['x'.repeat(65)]],
    ['too many needles', Array.from({ length: 256 }, (_, i) => `needle ${i}`)],
  ])('is not there for %s', (_, texts) => {
    expect(createWasmScanner(texts, BLOCK)).toBeNull()
  })

  it('takes any printable needles', () => {
    const texts = fc.uniqueArray(fc.stringMatching(/^[ -~]{3,20}$/), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(texts, fc.array(fc.nat(), { maxLength: 60 }), (some, picks) => {
        const bytes = Buffer.from(picks.map(pick => some[pick % some.length]! + (pick % 3 ? '' : '\n')).join(' '))
        const scanner = wasmOf(some)
        expect(allOf(scanner, inRoom(scanner.room, bytes), 0, bytes.length)).toEqual(
          allOf(createJsScanner(some), bytes, 0, bytes.length),
        )
      }),
      { numRuns: 60 },
    )
  })
})

describe('fingerprints', () => {
  it('lie within their needle and in one of eight buckets', () => {
    for (const [i, { offset, bucket }] of chooseFingerprints(needles).entries()) {
      expect(offset).toBeGreaterThanOrEqual(0)
      expect(offset + FINGERPRINT_BYTES).toBeLessThanOrEqual(needles[i]!.length)
      expect(bucket).toBeGreaterThanOrEqual(0)
      expect(bucket).toBeLessThan(8)
    }
  })

  it.each([
    ['TaskOOM event', /OOM|kOO/],
    ['StartContainer', /tCo|rtC/],
    ['CreateContainer for &ContainerMetadata{N', /a\{N|ta\{/],
  ])('are rare bytes of %s', (needle, rare) => {
    const offset = chooseFingerprints([needle])[0]!.offset
    expect(needle.slice(offset, offset + FINGERPRINT_BYTES)).toMatch(rare)
  })

  it('are shared where needles can', () => {
    const [a, b] = chooseFingerprints(['OOM killer', 'System OOM'])
    expect(a!.bucket).toBe(b!.bucket)
  })
})
