import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { findListings } from '../src/read-saved.ts'
import { logOfText } from './support/report-of.ts'

const listing = readFileSync('fixtures/listings/crictl-ps.txt', 'utf8')

test('an abort ends the reading of listings, and what was read in part is none', async () => {
  const interrupted = new AbortController()
  const whole = logOfText(listing, 65_536, 'whole').pieces[0]!
  async function* neverEnding() {
    yield Buffer.from(listing)
    interrupted.abort()
    await new Promise(() => {})
  }
  const slow = { ...whole, path: 'slow', read: neverEnding }
  const { of } = await findListings([], [whole, slow, { ...whole, path: 'after' }], interrupted.signal)
  expect([...of.keys()].map(({ path }) => path)).toEqual(['whole'])
})
