/**
 * Long lines of what each form reads worst. No time is asserted: a pattern that backtracks more than linearly would not
 * come to an end here.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { createUnwrapper, envelopes } from '../../src/envelopes/index.ts'
import { mayBeListing, readListing } from '../../src/listings/read-listing.ts'

const LENGTH = 100_000
const PIECES = [
  ' ',
  '\t',
  'a',
  '0',
  '9:',
  '(',
  '[',
  '"',
  ',',
  'x ',
  'a=b ',
  'a="b" ',
  '\\"',
  'a.b',
  '/',
  '<1>',
  '{"a":',
  '}',
  ']',
]
const fillers = PIECES.map(piece => piece.repeat(LENGTH / piece.length))

describe('a long line of any envelope', () => {
  test.each(envelopes.map(envelope => ({ envelope, name: envelope.name })))('$name', ({ envelope }) => {
    const [sample] = envelope.samples
    const text = sample?.line ?? ''
    const [first = '', ...others] = text.split('\n')
    for (const filler of fillers) {
      for (const at of new Set([0, first.length >> 1, first.length])) {
        const unwrapper = createUnwrapper()
        const lines = [first, first.slice(0, at) + filler + first.slice(at), ...others]
        const records = lines.flatMap((line, i) => [
          ...unwrapper.feed({ text: line, lineNumber: i + 1, byteOffset: 0, source: 0 }),
        ])
        expect([...records, ...unwrapper.end()].length).toBeLessThan(10 * lines.length)
      }
    }
  })
})

describe('a long line in a listing', () => {
  const folder = fileURLToPath(new URL('../../fixtures/listings/', import.meta.url))
  test.each(readdirSync(folder).filter(name => name.endsWith('.txt')))('%s', async name => {
    const text = readFileSync(folder + name, 'utf8')
    for (const filler of fillers) {
      for (const at of [0, text.length >> 1, text.length]) {
        const worse = text.slice(0, at) + filler + text.slice(at)
        mayBeListing(worse, name)
        await readListing(worse, name)
      }
    }
  })
})
