import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Line } from '../../src/model/line.ts'
import { readLines } from '../../src/sieve/lines.ts'
import { type RangeSieve, readRanges } from '../../src/sieve/ranges.ts'
import { createSieve, type SieveOptions } from '../../src/sieve/sieve.ts'
import { type ReadAt, sieveStretch } from '../../src/sieve/stretch.ts'
import { logs, small } from './logs.ts'

const readAtOf =
  (bytes: Buffer, most = Number.POSITIVE_INFINITY): ReadAt =>
  (room, at) =>
    bytes.copy(room, 0, at, Math.min(at + most, bytes.length))

/** As a worker thread does it, in this one. */
const here = (readAt: ReadAt, options: SieveOptions): RangeSieve => {
  const sieve = createSieve({ ...options, startsInSection: false })
  return { width: 3, run: async (from, to) => sieveStretch(readAt, from, to, sieve) }
}
const broken: RangeSieve = { width: 3, run: () => Promise.reject(new Error('no thread')) }

const counts = ({ lines, bytes, linesKept, cutLines }: ReturnType<typeof createSieve>) => ({
  lines,
  bytes,
  linesKept,
  cutLines,
})

const inOnePass = async (pieces: readonly Buffer[], options: SieveOptions) => {
  const sieve = createSieve(options)
  return piecewise(pieces, sieve, bytes => readLines([bytes], sieve, 0))
}
const inRanges = async (
  pieces: readonly Buffer[],
  options: SieveOptions,
  rangeBytes: number,
  elsewhere?: RangeSieve,
) => {
  const sieve = createSieve(options)
  return piecewise(pieces, sieve, bytes => {
    const readAt = readAtOf(bytes, 7)
    const size = bytes.length
    return readRanges(sieve, 0, {
      readAt,
      size,
      elsewhere: elsewhere ?? here(readAt, options),
      rangeBytes,
    })
  })
}
const piecewise = async (
  pieces: readonly Buffer[],
  sieve: ReturnType<typeof createSieve>,
  read: (bytes: Buffer) => AsyncIterable<Line[]>,
) => {
  const result: object[] = []
  for (const bytes of pieces) {
    const lines: Line[] = []
    for await (const some of read(bytes)) lines.push(...some)
    result.push({ kept: lines, ...counts(sieve) })
    sieve.nextPiece()
  }
  return result
}

describe('a file that is read in ranges', () => {
  it('gives what it gives in one pass, wherever its ranges end, and so do the files after it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(logs, { minLength: 1, maxLength: 2 }),
        fc.integer({ min: 1, max: 200 }),
        fc.boolean(),
        fc.boolean(),
        async (pieces, rangeBytes, startsInSection, keepEverything) => {
          const options: SieveOptions = { ...small, startsInSection, keepEverything }
          expect(await inRanges(pieces, options, rangeBytes)).toEqual(await inOnePass(pieces, options))
        },
      ),
      { numRuns: 3000 },
    )
  })

  it('takes over nearly all of a log that has few reports', async () => {
    const log = Buffer.from(`${'chatter of a node\n'.repeat(2000)}OPEN\n${'chatter of a node\n'.repeat(2000)}`)
    const readAt = readAtOf(log)
    let readHere = 0
    const counting: ReadAt = (room, at) => {
      const length = readAt(room, at)
      readHere += length
      return length
    }
    const sieve = createSieve(small)
    const options = {
      readAt: counting,
      size: log.length,
      elsewhere: here(readAt, small),
      rangeBytes: 1000,
    }
    for await (const _ of readRanges(sieve, 0, options)) {
    }
    expect(sieve.lines).toBe(4001)
    expect(readHere).toBeLessThan(log.length / 10)
  })

  it('is read here where no thread will work', async () => {
    const log = Buffer.from('chatter\nOPEN\n'.repeat(500))
    expect(await inRanges([log], small, 100, broken)).toEqual(await inOnePass([log], small))
  })

  it('is read on to where it ends now, if it has grown', async () => {
    const log = Buffer.from('chatter\nOPEN\n'.repeat(500))
    const sieve = createSieve(small)
    const readAt = readAtOf(log)
    const options = { readAt, size: 1000, elsewhere: here(readAt, small), rangeBytes: 100 }
    for await (const _ of readRanges(sieve, 0, options)) {
    }
    expect(sieve.lines).toBe(1000)
  })
})
