import { describe, expect, test } from 'vitest'
import { int, keyedNumbers, kib, limitKib } from '../../../src/recognisers/kernel/numbers.ts'

test.each([
  ['12', 12],
  ['-998', -998],
  ['', null],
  [undefined, null],
  ['9007199254740993', null],
  ['9'.repeat(400), null],
])('int of %s is %s', (text, value) => {
  expect(int(text)).toBe(value)
})

test.each([
  ['4', 4096],
  ['9007199254740991', null],
  [undefined, null],
])('kB %s are %s bytes', (text, value) => {
  expect(kib(text)).toBe(value)
})

test.each([
  ['524288', 536870912],
  ['9007199254740988', null],
  ['9007199254740976', null],
  ['9007199254740928', null],
  ['9007199254740991', null],
  ['18014398509481983', null],
  ['1125899906842624', null],
  [undefined, null],
])('a limit of %s kB is %s', (text, value) => {
  expect(limitKib(text)).toBe(value)
})

describe('keyedNumbers', () => {
  test.each([
    ['sizes become bytes, counts stay', 'a:4kB b:4KB c:4', { a: 4096, b: 4096, c: 4 }],
    ['one blank after the colon is allowed', 'shmem_thp: 2kB x:1', { shmem_thp: 2048, x: 1 }],
    ['brackets belong to a key', 'isolated(anon):4kB', { 'isolated(anon)': 4096 }],
    ['a question is no number', 'a:1 all_unreclaimable? yes', { a: 1 }],
    ['a number with something behind it was damaged', 'a:4k b:4kBc d:1.5 e:2', { e: 2 }],
    ['a key without a number', 'a: b:2', { b: 2 }],
    ['nothing', '', {}],
    ['colons alone', ':::', {}],
  ])('%s', (_, text, numbers) => {
    expect(keyedNumbers(text)).toEqual(numbers)
  })
})
