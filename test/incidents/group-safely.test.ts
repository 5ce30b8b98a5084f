import { expect, test, vi } from 'vitest'
import { type Correlator, createCorrelator } from '../../src/incidents/correlate.ts'
import { createIdentities } from '../../src/incidents/identities.ts'
import type { Seen } from '../../src/incidents/seen.ts'
import type { LogEvent } from '../../src/model/event.ts'
import type { Warning } from '../../src/model/report.ts'
import { unwrap } from '../envelopes/unwrap.ts'

const idOf = (number: number) => String(number).padStart(64, 'a')

/** Three containers that die five minutes apart, and the second of them cannot be put together. */
const correlatorOfThree = () => {
  const identities = createIdentities()
  vi.spyOn(identities, 'sandbox').mockImplementation(id => {
    if (id === idOf(2)) throw new Error('index out of range')
    return null
  })
  const warnings: Warning[] = []
  const warn = (warning: Warning) => warnings.push(warning)
  const correlator = createCorrelator(identities, { windowMs: 5_000, keepText: false, warn })
  const [record] = unwrap(['Mar 15 09:22:00 node1 containerd: TaskOOM'])
  for (const number of [1, 2, 3]) {
    const event = { kind: 'task-oom', containerId: idOf(number), ownMs: null, ownIso: null }
    const moment = { ms: number * 300_000, iso: '2022-03-15T09:22:00Z', from: 'syslog' }
    correlator.event({ event, record: record!, moment, log: 0, boot: 0 } as Seen<LogEvent>)
  }
  return { correlator, warnings }
}

const internal = {
  code: 'internal',
  message: 'oomlens failed while it put incidents together: index out of range',
  source: null,
  member: null,
  line: null,
}

test.each([
  ['at the end', ({ end }: Correlator) => end()],
  ['as the log goes on', ({ closeBefore }: Correlator) => closeBefore(10_000_000)],
  ['as it has gone quiet', ({ closeQuiet }: Correlator) => closeQuiet(10_000)],
])('a fault of ours costs what it is about and no other incident: %s', (_, close) => {
  const { correlator, warnings } = correlatorOfThree()
  const closed = close(correlator)
  expect(closed.map(({ containerIds }) => [...containerIds])).toEqual([[idOf(1)], [idOf(3)]])
  expect(warnings).toEqual([internal])
  // what could not be grouped is tried no more
  expect(correlator.end()).toEqual([])
  expect(warnings).toEqual([internal])
})
