import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { createConclusions } from '../src/conclude.ts'
import { createIdentities } from '../src/incidents/identities.ts'
import { memberOf } from '../src/incidents/workloads.ts'
import type { Incident } from '../src/model/report.ts'
import { incident } from './diagnosis/cases.ts'
import { containerPath, report, taskOom } from './support/kills.ts'
import { heard } from './support/listener.ts'
import { logOfText, reportOf } from './support/report-of.ts'

const uid = (pod: number) => `8a6f4c02-1b2d-4c55-9a3e-${String(pod).padStart(12, '0')}`
const id = (container: number) => String(container).padStart(64, 'a')
const killed = (seconds: number, pod: number, container: number, rows = 1) =>
  report(seconds, 100 + container, {
    task: containerPath(uid(pod), id(container)),
    rows: Array.from({ length: rows }, (_, row) => 100 + container + 1000 * row),
  })
const codesOf = ({ diagnosis }: Pick<Incident, 'diagnosis'>) => diagnosis.map(({ code }) => code)

/** Chunks are small and the first line tells the year, so that incidents are handed on one by one. */
const reportedOf = async (kills: readonly (readonly string[])[], streaming: boolean) => {
  const lines = [taskOom(0, id(0)), ...kills.flat()]
  const { incidents, workloads } = await reportOf([logOfText(`${lines.join('\n')}\n`, 1_000)], { streaming })
  return { incidents, workloads }
}

test('the oldest incidents of a long log are forgotten, and that is said', async () => {
  const identities = createIdentities()
  const kills = Array.from({ length: 30 }, (_, at) => killed(at * 300, at % 4, at))
  const correlator = heard(kills.flat(), identities)
  const said: string[] = []
  const options = { identities, sources: [], saved: null, wants: () => true, onIncident: () => {} }
  const conclusions = createConclusions({ ...options, warn: ({ code }) => said.push(code) }, 20)
  for (const group of correlator.end()) await conclusions.tell([group], null)
  expect(conclusions.counts.incidents).toBe(30)
  const workloads = conclusions.workloads(null)
  expect(workloads.map(({ incidents }) => incidents)).toEqual([5, 5, 5, 5])
  expect(workloads.map(({ containerIds }) => containerIds.at(-1))).toEqual([28, 29, 26, 27].map(id))
  expect(said.filter(code => code === 'incidents-bounded')).toHaveLength(1)
})

describe('an incident that was handed on', () => {
  test('is remembered as well as one that is kept, with a hundred after it', async () => {
    const restarts = Array.from({ length: 120 }, (_, at) => killed(at * 300, 1, at))
    const [kept, handedOn] = [await reportedOf(restarts, false), await reportedOf(restarts, true)]
    expect(kept.incidents.slice(2).map(codesOf)).toEqual(Array(118).fill(expect.arrayContaining(['crash-loop'])))
    expect(kept.workloads.flatMap(codesOf)).toContain('crash-loop')
    expect(handedOn).toEqual(kept)
  })

  test('is remembered with the names in its table', async () => {
    const crowds = [4, 8, 16].map((rows, at) => killed(at * 3_600, 1, at, rows))
    const { incidents } = await reportedOf([...crowds, killed(20_000, 2, 999)], true)
    expect(incidents.map(one => codesOf(one).includes('pile-up'))).toEqual([false, false, true, false])
  })

  test('is around those that come within ten minutes of it, and no others', async () => {
    const storm = [0, 700, 1_000, 1_180, 1_290].map((seconds, at) => killed(seconds, 10 + at, at))
    const { incidents } = await reportedOf([...storm, killed(9_000, 1, 999)], true)
    const counts = incidents.map(
      ({ diagnosis }) => diagnosis.find(({ code }) => code === 'many-limits')?.evidence[0]?.value,
    )
    expect(counts).toEqual([undefined, undefined, undefined, undefined, 3, undefined])
  })

  test('keeps no line of the log alive', () => {
    setFlagsFromString('--expose-gc')
    const collect: () => void = runInNewContext('gc')
    const bytes = () => {
      collect()
      const { heapUsed, external } = process.memoryUsage()
      return heapUsed + external
    }
    const before = bytes()
    const told = Array.from({ length: 100 }, (_, at) => {
      const chunk = Buffer.alloc(1024 * 1024, `2024-05-01T10:00:00.${at}00000000Z `).toString('latin1')
      return memberOf(incident({ time: chunk.slice(0, 30) }), 0)
    })
    expect(bytes() - before).toBeLessThan(50 * 1024 * 1024)
    expect(told).toHaveLength(100)
  })
})

test('a fault of ours costs one incident and not the report', async () => {
  const identities = createIdentities()
  const correlator = heard([killed(0, 1, 1), killed(300, 2, 2)].flat(), identities)
  const [bad, good] = correlator.end()
  const said: string[] = []
  const conclusions = createConclusions({
    identities,
    sources: [],
    saved: null,
    wants: () => true,
    onIncident: () => {},
    warn: ({ message }) => said.push(message),
  })
  Object.defineProperty(bad, 'reports', {
    get: () => {
      throw new Error('index out of range')
    },
  })
  await conclusions.tell([bad!, good!], null)
  expect(conclusions.counts.incidents).toBe(1)
  expect(said).toEqual(['oomlens failed at an incident: index out of range'])
})
