import { expect, test } from 'vitest'
import { median } from '../../src/basics/median.ts'

test('the median of several is one of them, or the mean of two', () => {
  expect([median([]), median([3]), median([1, 5, 3]), median([1, 2, 3, 4])]).toEqual([null, 3, 3, 2.5])
})
