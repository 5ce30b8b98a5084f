/** A log rotated into pieces at any bytes is the log. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Log } from '../../src/sources/source.ts'
import { logOfText, reportOf } from '../support/report-of.ts'

const fixture = (name: string) => readFileSync(fileURLToPath(new URL(`../../fixtures/${name}.log`, import.meta.url)))

function inPieces(bytes: Buffer, cuts: readonly number[]): Log {
  const ends = [...new Set(cuts)].sort((a, b) => a - b).concat(bytes.length)
  const pieces = ends.map(
    (end, at) => logOfText(bytes.subarray(ends[at - 1] ?? 0, end), 1000, `messages.${ends.length - at}`).pieces[0]!,
  )
  return { name: 'messages', pieces }
}

const LOGS = [
  'containerd/pod-limit-taskoom-for-sandbox',
  'kernel/el7-pod-of-one-container',
  'kernel/node-wide-dmesg',
  'node/whole-node-journal-short-iso',
]

test.each(LOGS)('%s', async name => {
  const bytes = fixture(name)
  const facts = async (log: Log) => {
    const { incidents, stats } = await reportOf([log])
    return { incidents: incidents.map(({ evidence: _, ...incident }) => incident), bytes: stats.bytes }
  }
  const whole = await facts(inPieces(bytes, []))
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: bytes.length - 1 }), { minLength: 1, maxLength: 4 }),
      async cuts => {
        const log = inPieces(bytes, cuts)
        // a piece is longer than a line
        fc.pre(isEachLonger(bytes, cuts))
        expect(await facts(log)).toEqual(whole)
      },
    ),
    { numRuns: 150 },
  )
})

/** Where what is left of a stamp is one, too. */
test.each(LOGS)('%s, cut in any of its stamps', async name => {
  const bytes = fixture(name)
  const facts = async (log: Log) => (await reportOf([log])).incidents.map(({ evidence: _, ...incident }) => incident)
  const whole = await facts(inPieces(bytes, []))
  const starts = [...bytes.keys()].filter(at => bytes[at] === 10).slice(1, -2)
  for (const cut of starts.flatMap(start => Array.from({ length: 16 }, (_, i) => start + 2 + i))) {
    expect([cut, await facts(inPieces(bytes, [cut]))]).toEqual([cut, whole])
  }
})

function isEachLonger(bytes: Buffer, cuts: readonly number[]): boolean {
  const ends = [0, ...new Set(cuts)].sort((a, b) => a - b).concat(bytes.length)
  return ends.slice(1).every((end, at) => bytes.subarray(ends[at], end).filter(byte => byte === 10).length > 1)
}
