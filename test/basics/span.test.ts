import { expect, test } from 'vitest'
import { span } from '../../src/basics/span.ts'

test.each([
  [0.2, 'less than 1 s'],
  [45, '45 s'],
  [720, '12 min'],
  [12_000, '3 h 20 min'],
  [10_800, '3 h'],
  [255_600, '3 days'],
  [259_200, '3 days'],
])('%d seconds are %s', (seconds, text) => {
  expect(span(seconds)).toBe(text)
})
