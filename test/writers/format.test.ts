import { describe, expect, test } from 'vitest'
import * as format from '../../src/writers/format.ts'

const kib = 1024
const mib = 1024 * kib
const gib = 1024 * mib

describe('formatBytes', () => {
  test.each([
    [0, '0'],
    [1, '1 B'],
    [1023, '1023 B'],
    [1536, '1.5 KiB'],
    [65_536 * kib, '64 MiB'],
    [73_400_320, '70 MiB'],
    [64 * mib - 4 * kib, '64.0 MiB'],
    [1024 * mib - 4 * kib, '1.0 GiB'],
    [1.5 * gib, '1.5 GiB'],
    [16 * 1024 * gib, '16 TiB'],
    [null, '?'],
  ])('%s bytes are %s', (bytes, expected) => expect(format.formatBytes(bytes)).toBe(expected))
})

describe('formatLimit', () => {
  test.each([
    [64 * mib, '64 MiB'],
    [1280 * mib, '1280 MiB'],
    [1.5 * gib, '1.5 GiB'],
    [512 * mib, '512 MiB'],
    [2.75 * gib, '2816 MiB'],
    [4 * kib, '4 KiB'],
    [97_656 * kib, '95.4 MiB'],
    [0, '0'],
    [null, '?'],
  ])('a limit of %s bytes is %s', (bytes, expected) => expect(format.formatLimit(bytes)).toBe(expected))
})

describe('formatShare', () => {
  test.each([
    [999, 1000, '99 %'],
    [1000, 1000, '100 %'],
    [1, 1000, 'under 1 %'],
    [5, 0, null],
    [5, null, null],
  ])('%s of %s is %s', (part, whole, expected) => expect(format.formatShare(part, whole)).toBe(expected))
})

describe('times', () => {
  const exact = '2022-03-15T09:22:41.553968162+09:00'
  test.each([
    ['to the second', format.formatTime(exact), '2022-03-15 09:22:41 +09:00'],
    ['to the millisecond, not rounded up', format.formatExactTime(exact), '2022-03-15 09:22:41.553 +09:00'],
    ['UTC is named', format.formatTime('2022-03-15T00:22:41Z'), '2022-03-15 00:22:41 UTC'],
    [
      'UTC is named however it is spelled',
      format.formatTimeBeside('2022-03-15T00:22:41Z', '2022-03-15T01:00:00+00:00'),
      '00:22:41',
    ],
    ['UTC is named as an offset, too', format.formatTime('2022-03-15T00:22:41+00:00'), '2022-03-15 00:22:41 UTC'],
    ['none is said to be unknown', format.formatTime(null), 'time unknown'],
    ['odd text stays', format.formatTime('last night'), 'last night'],
    ['beside the same day only the clock', format.formatTimeBeside(exact, '2022-03-15T01:00:00+09:00'), '09:22:41.553'],
    ['beside another zone in that zone', format.formatTimeBeside(exact, '2022-03-15T01:00:00Z'), '00:22:41.553'],
    [
      'beside another day the whole',
      format.formatTimeBeside('2022-03-15T22:00:00Z', exact),
      '2022-03-16 07:00:00 +09:00',
    ],
    [
      'a range of one day',
      format.formatTimeRange(exact, '2022-03-15T11:00:00+09:00'),
      '2022-03-15 09:22:41 to 11:00:00 +09:00',
    ],
    [
      'a range of two days',
      format.formatTimeRange(exact, '2022-03-16T11:00:00+09:00'),
      '2022-03-15 09:22:41 to 2022-03-16 11:00:00 +09:00',
    ],
    ['a range of one second', format.formatTimeRange(exact, exact), '2022-03-15 09:22:41 +09:00'],
  ])('%s', (_, received, expected) => expect(received).toBe(expected))
})

describe('ids and paths', () => {
  test.each([
    ['a long id is cut to 12', format.shortId('0123456789abcdef0123456789abcdef'), '0123456789ab'],
    ['a name is no id', format.shortId('my-plain-container'), 'my-plain-container'],
    [
      'both ends of a path stay',
      format.shortenMiddle('/kubepods/burstable/pod1/abcdefghij', 20),
      '/kubep.../abcdefghij',
    ],
    ['a short path stays whole', format.shortenMiddle('/kubepods', 20), '/kubepods'],
  ])('%s', (_, received, expected) => expect(received).toBe(expected))
  test('a count has its thousands told apart', () => expect(format.formatCount(1_234_567)).toBe('1,234,567'))
})
