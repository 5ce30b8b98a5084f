import { expect, test } from 'vitest'
import { createCorrelator } from '../src/incidents/correlate.ts'
import { createIdentities } from '../src/incidents/identities.ts'
import { programs } from '../src/recognisers/index.ts'
import { createRecogniser } from '../src/recognisers/recognise.ts'
import { listenerOf } from './support/listener.ts'

const linesOf = (texts: readonly string[]) =>
  texts.map((text, at) => ({
    text: `Mar 15 09:22:4${at} node1 kernel: ${text}`,
    lineNumber: at + 1,
    byteOffset: at * 200,
    source: 0,
  }))

test('a fault of ours costs its line and not the log', () => {
  const correlator = createCorrelator(createIdentities(), { windowMs: 5_000, keepText: false, warn: () => {} })
  const recogniser = createRecogniser(programs)
  const { listener, warnings } = listenerOf(correlator, {
    ...recogniser,
    recognise: record => {
      if (record.message.startsWith('bad')) throw new Error('index out of range')
      return recogniser.recognise(record)
    },
  })
  const kill = 'Memory cgroup out of memory: Killed process 77 (java) total-vm:8kB, anon-rss:4kB, file-rss:0kB'
  const texts = ['bad 1', kill, 'bad 2', 'bad 3']
  listener.hear(linesOf(texts))
  listener.end()
  expect(correlator.end().map(({ kills }) => kills.length)).toEqual([1])
  expect(warnings).toEqual([
    {
      code: 'internal',
      message: 'oomlens failed at this line: index out of range',
      source: 'messages',
      member: null,
      line: 1,
    },
    {
      code: 'internal',
      message: 'oomlens failed at 2 more lines of this log',
      source: 'messages',
      member: null,
      line: null,
    },
  ])
})

test('a fault of ours at the end of a log costs the report it is about, and no other that is open', () => {
  const correlator = createCorrelator(createIdentities(), { windowMs: 5_000, keepText: false, warn: () => {} })
  const { listener, warnings } = listenerOf(
    {
      ...correlator,
      report: draft => {
        if (draft.host === 'node1') throw new Error('index out of range')
        correlator.report(draft)
      },
    },
    createRecogniser(programs),
  )
  const opens = 'java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984'
  const lines = linesOf([opens, opens])
  listener.hear([lines[0]!, { ...lines[1]!, text: lines[1]!.text.replace('node1', 'node2') }])
  listener.end()
  expect(correlator.end().map(({ hosts }) => [...hosts])).toEqual([['node2']])
  expect(warnings).toEqual([
    {
      code: 'internal',
      message: 'oomlens failed at this log: index out of range',
      source: 'messages',
      member: null,
      line: null,
    },
  ])
})
