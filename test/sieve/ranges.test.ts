import { setImmediate } from 'node:timers/promises'
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

/** As a worker thread does it, in this one; each answer takes some turns of the event loop, the first more. */
const here = (readAt: ReadAt, options: SieveOptions, turns: readonly number[] = [0]): RangeSieve => {
  const sieve = createSieve({ ...options, startsInSection: false })
  let asked = 0
  let looks = 0
  return {
    width: () => (looks++ < turns[0]! ? 0 : 3),
    run: async (from, to) => {
      for (let left = turns[asked++ % turns.length]!; left > 0; left--) await setImmediate()
      return sieveStretch(readAt, from, to, sieve)
    },
  }
}
const broken: RangeSieve = { width: () => 3, run: () => Promise.reject(new Error('no thread')) }
const lost: RangeSieve = { width: () => 0, run: () => Promise.reject(new Error('no thread')) }
/** A sieve for ranges that are sieved here. */
const other = (options: SieveOptions) => () => createSieve({ ...options, startsInSection: false })

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
  elsewhere?: (readAt: ReadAt) => RangeSieve,
) => {
  const sieve = createSieve(options)
  return piecewise(pieces, sieve, bytes => {
    const readAt = readAtOf(bytes, 7)
    const size = bytes.length
    return readRanges(sieve, 0, {
      readAt,
      size,
      elsewhere: elsewhere?.(readAt) ?? here(readAt, options),
      createSieve: other(options),
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
        fc.array(fc.nat(5), { minLength: 1, maxLength: 4 }),
        async (pieces, rangeBytes, startsInSection, keepEverything, turns) => {
          const options: SieveOptions = { ...small, startsInSection, keepEverything }
          const elsewhere = (readAt: ReadAt) => here(readAt, options, turns)
          expect(await inRanges(pieces, options, rangeBytes, elsewhere)).toEqual(await inOnePass(pieces, options))
        },
      ),
      { numRuns: 3000 },
    )
  })

  it('is read about once if it has few reports, whoever sieves a range', async () => {
    const log = Buffer.from(`${'chatter of a node\n'.repeat(2000)}OPEN\n${'chatter of a node\n'.repeat(2000)}`)
    const readAt = readAtOf(log, 100)
    let read = 0
    const counting: ReadAt = (room, at) => {
      const length = readAt(room, at)
      read += length
      return length
    }
    for (const turns of [[0], [3], [2, 0, 9]]) {
      read = 0
      const sieve = createSieve(small)
      const options = {
        readAt: counting,
        size: log.length,
        elsewhere: here(counting, small, turns),
        createSieve: other(small),
        rangeBytes: 1000,
      }
      for await (const _ of readRanges(sieve, 0, options)) {
      }
      expect(sieve.lines).toBe(4001)
      expect(read).toBeLessThan(log.length * 1.3)
    }
  })

  it('waits for whoever takes the lines, however quick the threads are', async () => {
    const log = Buffer.from('OPEN\n'.repeat(2000))
    const readAt = readAtOf(log, 100)
    const elsewhere = here(readAt, small)
    let runs = 0
    const counted = {
      ...elsewhere,
      run: (from: number, to: number) => {
        runs++
        return elsewhere.run(from, to)
      },
    }
    const options = { readAt, size: log.length, elsewhere: counted, createSieve: other(small), rangeBytes: 100 }
    const sieve = createSieve(small)
    for await (const _ of readRanges(sieve, 0, options)) {
      await setImmediate()
      const taken = Math.floor(sieve.bytes / 100)
      expect(runs - taken).toBeLessThanOrEqual(elsewhere.width())
    }
    expect(sieve.lines).toBe(2000)
  })

  it('is read here where no thread will work', async () => {
    const log = Buffer.from('chatter\nOPEN\n'.repeat(500))
    for (const none of [broken, lost]) {
      expect(await inRanges([log], small, 100, () => none)).toEqual(await inOnePass([log], small))
    }
  })

  it('is read on to where it ends now, if it has grown', async () => {
    const log = Buffer.from('chatter\nOPEN\n'.repeat(500))
    const sieve = createSieve(small)
    const readAt = readAtOf(log)
    const options = { readAt, size: 1000, elsewhere: here(readAt, small), createSieve: other(small), rangeBytes: 100 }
    for await (const _ of readRanges(sieve, 0, options)) {
    }
    expect(sieve.lines).toBe(1000)
  })
})
