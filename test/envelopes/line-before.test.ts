/** What was read before, in this log or in another, speeds a line up and changes nothing in what is read of it. */
import { expect, test } from 'vitest'
import { envelopes } from '../../src/envelopes/index.ts'
import { unwrap } from './unwrap.ts'

const ALIKE = [
  // one second, with and without a fraction, of either mark
  'Mar  5 09:22:41 node1 kernel: Mem-Info:',
  'Mar  5 09:22:41.553168 node1 kernel: Mem-Info:',
  'Mar  5 09:22:41,553168 node1 kernel: Mem-Info:',
  '2022-03-15T09:22:41+09:00 node1 kernel: Mem-Info:',
  '2022-03-15T09:22:41,553168+0900 Mem-Info:',
  // a word that is a host in one line and a level in another
  'Mar  5 09:22:41 kern.warn Mar  5 09:22:41 node1 kernel: Mem-Info:',
  'Mar  5 09:22:41 kern.warn kernel: Mem-Info:',
  'Mar  5 09:22:41 kern.warn daemon.info app: x',
  'Mar  5 09:22:41 node1 node1 kernel: Mem-Info:',
  'Mar  5 09:22:41 node1 relay kernel: Mem-Info:',
  'Mar  5 09:22:41 node1: Mem-Info:',
]
const samples = envelopes.flatMap(envelope => envelope.samples.map(({ line }) => line))

test.each(ALIKE)('%s', line => {
  const [first, ...others] = [...ALIKE, ...samples].map(before => {
    unwrap(before.split('\n'))
    return unwrap([line])
  })
  expect(first).toBeDefined()
  for (const other of others) expect(other).toEqual(first)
})
