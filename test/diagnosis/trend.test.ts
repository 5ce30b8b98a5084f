import { describe, expect, test } from 'vitest'
import { trendOf } from '../../src/diagnosis/trend.ts'
import { mebibyte } from './cases.ts'

const minutes = (count: number) => Array.from({ length: count }, (_, index) => index * 60)
const rows: readonly [name: string, mebibytes: readonly number[], clock: boolean, shape: string | null][] = [
  ['stays', [100, 101, 100, 99, 101, 100], true, 'flat'],
  ['four readings are too few to call it flat', [100, 101, 100, 99], true, null],
  ['grows evenly', [100, 110, 119, 131, 140, 150], true, 'growing'],
  ['grows evenly, without a clock', [100, 110, 119, 131, 140, 150], false, 'growing'],
  ['grows evenly with a wobble', [100, 112, 110, 125, 123, 138, 150], true, 'growing'],
  ['grows by next to nothing', [100, 101, 102, 103, 104, 106], true, null],
  ['falls', [150, 140, 131, 119, 110, 100], true, null],
  ['a sawtooth of a garbage collector', [100, 200, 300, 100, 200, 300, 100, 200, 300], true, null],
  ['a saw with deep teeth', [50, 200, 50, 200, 50, 200, 50], true, null],
  ['a build: from 13 MB to 3.5 GB', [13, 13, 413, 1873, 3502], true, 'spike'],
  ['a build, seen twice', [13, 3502], false, 'spike'],
  ['one jump, which stays', [100, 100, 101, 100, 400, 401, 400, 400, 401], true, 'spike'],
  ['one hump, which goes', [100, 160, 230, 330, 240, 150, 110], true, 'spike'],
  ['a small container that starts', [3, 40, 41, 41, 42, 41], true, null],
]

describe('the shape of a series', () => {
  test.each(rows)('%s', (_name, values, clock, shape) => {
    const trend = trendOf(
      values.map(value => value * mebibyte),
      clock ? minutes(values.length) : null,
    )
    expect(trend?.shape ?? null).toBe(shape)
  })
  test('tenfold in a day is growth, in minutes a spike', () => {
    const values = Array.from({ length: 30 }, (_, index) => (30 + index * 30) * mebibyte)
    const every = (seconds: number) => values.map((_, index) => index * seconds)
    expect(trendOf(values, every(3600))?.shape).toBe('growing')
    expect(trendOf(values, every(10))?.shape).toBe('spike')
  })
  test('the slope is in bytes a second', () => {
    expect(
      trendOf(
        [100, 110, 120, 130, 140].map(value => value * mebibyte),
        minutes(5),
      )?.slope,
    ).toBeCloseTo(mebibyte / 6)
  })
})
