/** What no table can say: chunking, the sieve, interleaving and garbage make no difference. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Incident, Report } from '../../src/model/report.ts'
import { logOfText, reportOf } from '../support/report-of.ts'

const fixture = (name: string) => readFileSync(fileURLToPath(new URL(`../../fixtures/${name}.log`, import.meta.url)))

const LOGS = [
  'seed/messages',
  'containerd/container-limit-v1',
  'containerd/pod-limit-taskoom-for-sandbox',
  'kernel/node-wide-dmesg',
  'kernel/oom-group-busybox',
  'kernel/el7-pod-of-one-container',
  'node/whole-node-journal-short-iso',
]

/** A report without how it was read. */
function said({ incidents, workloads, warnings }: Report) {
  return { incidents, workloads, warnings }
}

/** What happened, without where it stands. */
function happened(incidents: readonly Incident[]) {
  return incidents
    .map(({ id, time, kind, scope, container, pod, victims, host, runtimeEvents, kernelReports }) => ({
      id,
      time,
      kind,
      scope,
      container: container?.id,
      pod: pod?.name,
      victims: victims.map(({ pid, comm, anonRssBytes }) => [pid, comm, anonRssBytes]),
      host,
      events: runtimeEvents.map(({ type, time: at }) => [type, at]),
      rows: kernelReports.map(({ processes }) => processes.length),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

describe('any split of the input into chunks gives the same report', () => {
  for (const name of LOGS) {
    test(name, async () => {
      const bytes = fixture(name)
      const whole = said(await reportOf([logOfText(bytes, bytes.length)]))
      for (const width of [1, 7, 4096]) expect(said(await reportOf([logOfText(bytes, width)]))).toEqual(whole)
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 2, max: bytes.length }), async width => {
          expect(said(await reportOf([logOfText(bytes, width)]))).toEqual(whole)
        }),
        { numRuns: 10 },
      )
    })
  }
})

describe('the sieve loses nothing', () => {
  for (const name of LOGS) {
    test(name, async () => {
      const bytes = fixture(name)
      const chatter = Buffer.from(
        Array.from({ length: 3000 }, (_, i) => `Mar 15 09:22:4${i % 10} node1 kubelet[9]: I0315 probe ${i}\n`).join(''),
      )
      for (const log of [bytes, Buffer.concat([chatter, bytes]), Buffer.concat([bytes, Buffer.from('\n'), chatter])]) {
        const everything = said(await reportOf([logOfText(log)], { sieve: { keepEverything: true } }))
        expect(said(await reportOf([logOfText(log)], { sieve: { engine: 'js' } }))).toEqual(everything)
        expect(said(await reportOf([logOfText(log)]))).toEqual(everything)
      }
    })
  }
})

describe('any interleaving of two hosts gives the same incidents', () => {
  const ofHost = (name: string, from: string, to: string) =>
    fixture(name)
      .toString('utf8')
      .replaceAll(` ${from} `, ` ${to} `)
      .split('\n')
      .filter(line => line !== '')

  test.each([
    ['two nodes in one file', '23'],
    ['two nodes whose clocks are a day apart', '24'],
  ])('%s', async (_, day) => {
    const a = ofHost('containerd/container-limit-v1', 'node-17', 'node-a')
    const b = ofHost('containerd/pod-limit-taskoom-for-sandbox', 'node-17', 'node-b').map(line =>
      line.replaceAll('Nov 23', `Nov ${day}`).replaceAll('2026-11-23', `2026-11-${day}`),
    )
    const expected = happened([
      ...(await reportOf([logOfText(a.join('\n'))])).incidents,
      ...(await reportOf([logOfText(b.join('\n'))])).incidents,
    ])
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: a.length + b.length }), async choices => {
        const lines: string[] = []
        let [atA, atB] = [0, 0]
        for (const takesA of choices) {
          if (atA < a.length && (takesA || atB >= b.length)) lines.push(a[atA++]!)
          else if (atB < b.length) lines.push(b[atB++]!)
        }
        lines.push(...a.slice(atA), ...b.slice(atB))
        expect(happened((await reportOf([logOfText(lines.join('\n'))])).incidents)).toEqual(expected)
      }),
      { numRuns: 25 },
    )
  })
})

describe('any bytes are survived', () => {
  test('garbage alone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 4000 }), async bytes => {
        await reportOf([logOfText(Buffer.from(bytes))])
      }),
      { numRuns: 200 },
    )
  })

  test('a log with bytes changed at random still reports the untouched incident after it', async () => {
    const good = fixture('containerd/pod-limit-taskoom-for-sandbox')
    const broken = fixture('containerd/container-limit-v1')
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(broken.length - 1), fc.nat(255)), { minLength: 1, maxLength: 200 }),
        async changes => {
          const bytes = Buffer.from(broken)
          for (const [at, value] of changes) bytes[at] = value
          const { incidents } = await reportOf([logOfText(Buffer.concat([bytes, Buffer.from('\n'), good]))])
          expect(incidents.flatMap(({ victims }) => victims.map(({ pid }) => pid))).toContain(4669)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('a log cut at any byte', async () => {
    const bytes = fixture('kernel/el7-pod-of-one-container')
    for (let at = 0; at <= bytes.length; at += 13) {
      const report = await reportOf([logOfText(bytes.subarray(0, at))])
      expect(report.incidents.length).toBeLessThan(2)
      await reportOf([logOfText(bytes.subarray(at))])
    }
  })
})
