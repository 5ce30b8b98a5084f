import { describe, expect, test } from 'vitest'
import { byteReader } from '../../src/sources/byte-reader.ts'
import { inChunks } from './temp.ts'

const text = 'abcdefghijklmnopqrstuvwxyz'

async function* failing(width: number): AsyncGenerator<Buffer> {
  yield* inChunks(Buffer.from(text), width)
  throw new Error('gone')
}

describe.each([1, 2, 5, 26, 100])('in chunks of %i', width => {
  test('takes, looks, passes over and puts back by the byte', async () => {
    const reader = byteReader(inChunks(Buffer.from(text), width))
    expect(String(await reader.peek(3))).toBe('abc')
    expect(String(await reader.take(5))).toBe('abcde')
    expect(await reader.skip(4)).toBe(4)
    expect(reader.position()).toBe(9)
    reader.unread(Buffer.from('i'))
    expect(String(await reader.take(3))).toBe('ijk')
    expect((await reader.some(2))?.length).toBeLessThanOrEqual(2)
    let rest = ''
    for await (const chunk of reader.rest()) rest += chunk
    expect(text.endsWith(rest) && rest.length >= 13).toBe(true)
    expect([await reader.some(), (await reader.take(1)).length]).toEqual([null, 0])
  })

  test('gives every byte before a failure', async () => {
    const reader = byteReader(failing(width))
    expect(String(await reader.take(100))).toBe(text)
    expect(() => reader.assertSound()).toThrow('gone')
    await expect(reader.some()).rejects.toThrow('gone')
  })
})

test('closing lets the source go', async () => {
  let isOpen = true
  async function* source(): AsyncGenerator<Buffer> {
    try {
      for (;;) yield Buffer.from('x')
    } finally {
      isOpen = false
    }
  }
  const reader = byteReader(source())
  await reader.take(3)
  await reader.close()
  await reader.close()
  expect(isOpen).toBe(false)
})
