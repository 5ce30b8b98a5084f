import { expect, test } from 'vitest'
import { offsetIn, offsetMinutes, offsetText } from '../../src/basics/iso-offset.ts'

test.each([
  ['2022-03-15T09:22:41Z', 'Z', 0],
  ['2022-03-15T09:22:41.553168162+09:00', '+09:00', 540],
  ['2022-03-15T09:22:41-0330', '-0330', -210],
])('%s ends in %s', (iso, offset, minutes) => {
  expect(offsetIn(iso)).toBe(offset)
  expect(offsetMinutes(offset)).toBe(minutes)
})

test.each(['2022-03-15T09:22:41', '2022-03-15', '09:22'])('%s has none', iso => {
  expect(offsetIn(iso)).toBeNull()
})

test.each([
  [0, '+00:00'],
  [345, '+05:45'],
  [-210, '-03:30'],
])('%d minutes are %s', (minutes, text) => {
  expect(offsetText(minutes)).toBe(text)
  expect(offsetMinutes(text)).toBe(minutes)
})
