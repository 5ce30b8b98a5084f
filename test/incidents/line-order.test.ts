/** A log that begins with its newest line is told, one that only goes back now and then is not. */
import { expect, test } from 'vitest'
import { report } from '../support/kills.ts'
import { logOfText, reportOf } from '../support/report-of.ts'

async function isTold(lines: readonly string[]): Promise<boolean> {
  const log = logOfText(lines.join('\n'))
  // a small file would be turned round
  const pieces = log.pieces.map(piece => ({ ...piece, sizeBytes: null }))
  const { warnings } = await reportOf([{ ...log, pieces }], { zone: 'UTC' })
  return warnings.some(({ code }) => code === 'newest-first')
}

const uptimes = [3, 4, 5, 6, 7].map(
  (at, pid) => `[   ${at}.000001] Out of memory: Killed process ${pid} (java) total-vm:9kB, anon-rss:8kB, file-rss:0kB`,
)
const boots = [...uptimes, ...uptimes, ...uptimes, ...uptimes]
const kills = [0, 60, 120, 180].map((at, i) => report(at, 10 + i))

test.each([
  ['of uptimes', uptimes.toReversed(), true],
  ['of stamps', kills.flat().toReversed(), true],
  ['in order of time', kills.flat(), false],
  ['of four boots', boots, false],
  ['whose pieces were joined newest first', kills.toReversed().flat(), false],
  ['of one report of one second', kills[0]!.toReversed(), true],
  ['of few lines', uptimes.slice(0, 3).toReversed(), false],
])('a log %s', async (_name, lines, told) => {
  expect(await isTold(lines)).toBe(told)
})
