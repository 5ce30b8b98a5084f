import { describe, expect, test } from 'vitest'
import { parseTime, resolveTime } from '../../src/commands/time.ts'

/** Half past nine in Seoul. */
const anchor = { ms: Date.parse('2022-03-15T09:30:00+09:00'), offsetMinutes: () => 540 }
const timeOf = (text: string) => new Date(resolveTime(parseTime(text, '--since'), anchor)).toISOString()

describe('a time as people type it', () => {
  test.each([
    ['2022-03-15', '2022-03-14T15:00:00.000Z'],
    ['2022-03', '2022-02-28T15:00:00.000Z'],
    ['2022-03-15 09:22', '2022-03-15T00:22:00.000Z'],
    ['Tue 2022-03-15 09:22:41', '2022-03-15T00:22:41.000Z'],
    ['2022-03-15 09:22:41,553', '2022-03-15T00:22:41.553Z'],
    ['2022-03-15T09:22:41.553168162+09:00', '2022-03-15T00:22:41.553Z'],
    ['2022-03-15T09:22:41+0900', '2022-03-15T00:22:41.000Z'],
    ['2022-03-15T00Z', '2022-03-15T00:00:00.000Z'],
    // as the report prints it
    ['2022-03-15 09:22:41 +09:00', '2022-03-15T00:22:41.000Z'],
    ['2022-03-15 00:22:41 UTC', '2022-03-15T00:22:41.000Z'],
    ['@1647303761', '2022-03-15T00:22:41.000Z'],
    ['09:22', '2022-03-15T00:22:00.000Z'],
    ['9:22:41.5', '2022-03-15T00:22:41.500Z'],
    ['today', '2022-03-14T15:00:00.000Z'],
    ['yesterday', '2022-03-13T15:00:00.000Z'],
    ['tomorrow', '2022-03-15T15:00:00.000Z'],
    ['now', '2022-03-15T00:30:00.000Z'],
    ['-2h', '2022-03-14T22:30:00.000Z'],
    ['2 hours ago', '2022-03-14T22:30:00.000Z'],
    ['90m', '2022-03-14T23:00:00.000Z'],
    ['1h30m', '2022-03-14T23:00:00.000Z'],
    ['+5min', '2022-03-15T00:35:00.000Z'],
    ['2 weeks ago', '2022-03-01T00:30:00.000Z'],
  ])('%s', (text, expected) => {
    expect(timeOf(text)).toBe(expected)
  })
})

describe('what is no time', () => {
  test.each([
    'whenever',
    '5',
    '24:00',
    '09:60',
    '2022-02-30',
    '2022-13-01',
    '2022-03Z',
    '2022-03-15+09:00',
    '2 ages ago',
    '',
  ])('%j', text => {
    expect(() => parseTime(text, '--since')).toThrow(/^--since: not a time: /)
  })
})
