import { expect, test } from 'vitest'
import { createListener } from '../src/hear-log.ts'
import { createCorrelator } from '../src/incidents/correlate.ts'
import { createIdentities } from '../src/incidents/identities.ts'
import type { Warning } from '../src/model/report.ts'
import { programs } from '../src/recognisers/index.ts'
import { createRecogniser } from '../src/recognisers/recognise.ts'
import { logOfText } from './support/report-of.ts'

test('a fault of ours costs its line and not the log', () => {
  const correlator = createCorrelator(createIdentities(), { windowMs: 5_000, keepText: false })
  const recogniser = createRecogniser(programs)
  const warnings: Warning[] = []
  const listener = createListener(0, {
    year: 2022,
    zone: 'UTC',
    localZone: 'UTC',
    nowMs: 0,
    keepText: false,
    recogniser: {
      ...recogniser,
      recognise: record => {
        if (record.message.startsWith('bad')) throw new Error('index out of range')
        return recogniser.recognise(record)
      },
    },
    correlator,
    addSource: () => 0,
    warn: warning => warnings.push(warning),
    reached: () => {},
  })
  const kill = 'Memory cgroup out of memory: Killed process 77 (java) total-vm:8kB, anon-rss:4kB, file-rss:0kB'
  const texts = ['bad 1', kill, 'bad 2', 'bad 3']
  listener.begin(logOfText('', 1, 'messages').pieces[0]!)
  listener.hear(
    texts.map((text, at) => ({
      text: `Mar 15 09:22:4${at} node1 kernel: ${text}`,
      lineNumber: at + 1,
      byteOffset: at * 200,
      source: 0,
    })),
  )
  listener.end()
  expect(correlator.end().map(({ kills }) => kills.length)).toEqual([1])
  expect(warnings).toEqual([
    { code: 'internal', message: 'oomlens failed at this line: index out of range', source: 'messages', line: 1 },
    { code: 'internal', message: 'oomlens failed at 2 more lines of this log', source: 'messages', line: null },
  ])
})
