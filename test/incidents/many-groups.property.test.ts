/** Among many incidents, of which those that a line may join are found by name, each is what it is alone. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Incident } from '../../src/model/report.ts'
import {
  containerPath,
  exit,
  ID_A,
  ID_B,
  loneKill,
  podPath,
  report,
  SANDBOX,
  sandbox,
  taskOom,
  UID_A,
  UID_B,
} from '../support/kills.ts'
import { logOfText, reportOf } from '../support/report-of.ts'

const inB = { task: containerPath(UID_B, ID_B) }
const OF_POD = { limit: podPath(UID_A) }
const nested = `/docker/${ID_B}${containerPath(UID_A, ID_A)}`
const makers: readonly ((at: number, pid: number) => string | readonly string[])[] = [
  (at, pid) => report(at, pid),
  (at, pid) => report(at, pid, inB),
  (at, pid) => report(at, pid, OF_POD),
  (at, pid) => report(at, pid, { limit: null }),
  (at, pid) => report(at, pid, { task: nested, limit: `/docker/${ID_B}` }),
  (at, pid) => report(at, pid).slice(0, -2),
  (at, pid) => report(at, pid, { rows: [pid, pid + 1] }),
  (at, pid) => report(at, pid, { ...inB, rows: [pid, pid + 1] }),
  (at, pid) => loneKill(at, pid),
  (at, pid) => loneKill(at, pid, { limit: null }),
  at => taskOom(at, ID_A),
  at => taskOom(at, ID_B),
  at => taskOom(at, SANDBOX),
  at => taskOom(at, ID_A.slice(0, 13)),
  at => exit(at, ID_A),
]

/** More than are compared one with each other, hours later. */
const many = Array.from({ length: 60 }, (_, i) => taskOom(20_000 + i * 10, `${i + 10}`.padStart(64, 'e')))

const plain = ({ evidence: _, ...incident }: Incident) => incident

test('among many', async () => {
  const kill = fc.record({
    maker: fc.constantFrom(...makers),
    at: fc.integer({ min: 0, max: 40 }),
    pid: fc.integer({ min: 1, max: 4 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(kill, { minLength: 1, maxLength: 9 }), async kills => {
      const inOrder = [...kills].sort((a, b) => a.at - b.at)
      const lines = [sandbox(0, UID_A, 'web-0'), ...inOrder.flatMap(({ maker, at, pid }) => maker(at, pid))]
      const incidentsOf = async (all: readonly string[]) =>
        (await reportOf([logOfText(all.join('\n'))], { zone: 'UTC' })).incidents.map(plain)
      const alone = await incidentsOf(lines)
      const among = await incidentsOf([...lines, ...many])
      expect(among.slice(0, alone.length)).toEqual(alone)
      expect(among).toHaveLength(alone.length + many.length)
    }),
    { numRuns: 300 },
  )
})
