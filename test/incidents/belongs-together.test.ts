/** The contract's "What belongs together", a case a sentence. */
import { describe, expect, test, vi } from 'vitest'
import { createCorrelator } from '../../src/incidents/correlate.ts'
import { createIdentities } from '../../src/incidents/identities.ts'
import { createAssembler } from '../../src/incidents/kernel-report.ts'
import type { Seen } from '../../src/incidents/seen.ts'
import type { LogEvent } from '../../src/model/event.ts'
import type { Incident } from '../../src/model/report.ts'
import { unwrap } from '../envelopes/unwrap.ts'
import {
  boot,
  container,
  containerPath,
  exit,
  group,
  header,
  ID_A,
  ID_B,
  loneKill,
  podPath,
  reaper,
  report,
  SANDBOX,
  sandbox,
  taskOom,
  UID_A,
  UID_B,
} from '../support/kills.ts'
import { logOfText, type ReportOptions, reportOf } from '../support/report-of.ts'

type Lines = readonly (string | readonly string[])[]

async function incidentsOf(lines: Lines, options: ReportOptions = {}) {
  return reportOf([logOfText(lines.flat().join('\n'))], { zone: 'UTC', ...options })
}

/** `scope container pids taskOoms exits`, short enough to read a table of them. */
function told({ scope, container: whose, victims, runtimeEvents, kernelReports }: Incident): string {
  const count = (type: string) => runtimeEvents.filter(event => event.type === type).length
  const pids = victims.map(({ pid }) => pid).join('+') || '-'
  return `${scope} ${whose?.id.slice(0, 1) ?? '-'} ${pids} r${kernelReports.length} o${count('TaskOOM')} x${count('TaskExit')}`
}

const pathA = containerPath(UID_A, ID_A)
const pathB = containerPath(UID_B, ID_B)
const inB = { task: containerPath(UID_B, ID_B) }

/** A report that has lost its `oom-kill:` line; of the paths there is that of the limit's figures. */
const withoutSummary = (lines: readonly string[], limit: string) =>
  lines.map(line => line.replace(/oom-kill:.*/, `Memory cgroup stats for ${limit}:`))

/** A report whose last two lines, of one time, were put in the other order. */
function summaryLast(lines: readonly string[]): readonly string[] {
  return [...lines.slice(0, -2), ...lines.slice(-2).reverse()]
}

const cases: readonly [string, Lines, readonly string[]][] = [
  ['a TaskOOM after the report is of it', [report(0, 10), taskOom(1, ID_A)], ['container a 10 r1 o1 x0']],
  ['a TaskOOM before the report is of it', [taskOom(0, ID_A), report(0, 10)], ['container a 10 r1 o1 x0']],
  [
    'a TaskOOM between the lines of the report is of it',
    [report(0, 10).slice(0, 2), taskOom(0, ID_A), report(0, 10).slice(2)],
    ['container a 10 r1 o1 x0'],
  ],
  ...['burstable', `burstable/pod${UID_A}`, `burstable/pod${UID_A}/${ID_A.slice(0, 20)}`].map(
    (cut): [string, Lines, readonly string[]] => [
      `a line cut at ${cut} leaves the report with the container of the trigger`,
      [
        taskOom(0, ID_A),
        header(0),
        `Mar 15 09:22:00 node1 kernel: java cpuset=${ID_A} mems_allowed=0`,
        `Mar 15 09:22:00 node1 kernel: Task in /kubepods/${cut}`,
      ],
      ['unknown a - r1 o1 x0'],
    ],
  ),
  [
    'a report that has lost the victim’s cgroup is of the container whose limit was hit',
    [withoutSummary(report(0, 10), pathA), withoutSummary(report(1, 20, inB), pathB)],
    ['container a 10 r1 o0 x0', 'container b 20 r1 o0 x0'],
  ],
  [
    'without the line of the limited cgroup, those of two below it do not tell the limit',
    [
      header(0),
      `Mar 15 09:22:00 node1 kernel: Memory cgroup stats for ${pathA}: cache:0KB rss:524256KB`,
      `Mar 15 09:22:00 node1 kernel: Memory cgroup stats for ${containerPath(UID_A, ID_B)}: cache:0KB rss:32KB`,
      loneKill(0, 10),
    ],
    ['unknown - 10 r1 o0 x0'],
  ],
  [
    'the trigger’s cpuset names nobody under the limit of many pods',
    [
      header(0),
      `Mar 15 09:22:00 node1 kernel: java cpuset=${ID_B} mems_allowed=0`,
      ...withoutSummary(report(0, 10), '/kubepods').slice(1),
    ],
    ['cgroup - 10 r1 o0 x0'],
  ],
  [
    'a limit around the container of a node is no limit of the victim’s container',
    [report(0, 10, { limit: `/docker/${ID_B}`, task: `/docker/${ID_B}${containerPath(UID_A, ID_A)}` })],
    ['cgroup a 10 r1 o0 x0'],
  ],
  ['events 4.9 s apart are one incident', [report(0, 10), taskOom(4.9, ID_A)], ['container a 10 r1 o1 x0']],
  ['events 6 s apart are two', [report(0, 10), taskOom(6, ID_A)], ['container a 10 r1 o0 x0', 'unknown a - r0 o1 x0']],
  [
    'kills chain: each one reaches a window further',
    [report(0, 10), report(4, 11), report(8, 12), taskOom(12, ID_A)],
    ['container a 10+11+12 r3 o1 x0'],
  ],
  [
    'an exit within half a minute is of it, and does not make it longer',
    [report(0, 10), exit(20, ID_A), report(24, 11)],
    ['container a 10 r1 o0 x1', 'container a 11 r1 o0 x0'],
  ],
  ['an exit without any OOM is no incident', [exit(0, ID_A, 137)], []],
  [
    'two containers at once are two incidents',
    [report(0, 10), report(0, 20, inB), taskOom(0, ID_B), taskOom(0, ID_A)],
    ['container a 10 r1 o1 x0', 'container b 20 r1 o1 x0'],
  ],
  [
    'node-wide kills of one host are one',
    [report(0, 10, { limit: null }), report(1, 20, { ...inB, limit: null })],
    ['node - 10+20 r2 o0 x0'],
  ],
  [
    'a node-wide kill of one container names it',
    [report(0, 10, { limit: null }), taskOom(0, ID_A)],
    ['node a 10 r1 o1 x0'],
  ],
  [
    'node-wide kills of two hosts are two',
    [report(0, 10, { limit: null }), report(0, 20, { limit: null, host: 'node2' })],
    ['node a 10 r1 o0 x0', 'node a 20 r1 o0 x0'],
  ],
  [
    'a TaskOOM for the sandbox of a pod whose own limit was hit is of the report',
    [
      sandbox(0, UID_A, 'web-0'),
      container(0, ID_A, 'app'),
      taskOom(50, SANDBOX),
      report(50, 10, { limit: podPath(UID_A) }),
      taskOom(50, ID_A),
    ],
    ['pod a 10 r1 o2 x0'],
  ],
  [
    'so is one for the sandbox or a sibling of a pod that is known by its sandbox only',
    [
      container(0, ID_A, 'app'),
      container(0, ID_B, 'sidecar'),
      taskOom(50, SANDBOX),
      report(50, 10, { limit: podPath(UID_A) }),
      taskOom(50, ID_B),
    ],
    ['pod a 10 r1 o2 x0'],
  ],
  [
    'a TaskOOM for a sibling container is of it, too, before or after',
    [
      sandbox(0, UID_A, 'web-0'),
      container(0, ID_A, 'app'),
      container(0, ID_B, 'sidecar'),
      taskOom(50, ID_B),
      report(50, 10, { limit: podPath(UID_A) }),
    ],
    ['pod a 10 r1 o1 x0'],
  ],
  [
    "a sibling's TaskOOM is its own where the limit was the container's",
    [
      sandbox(0, UID_A, 'web-0'),
      container(0, ID_A, 'app'),
      container(0, ID_B, 'sidecar'),
      taskOom(50, ID_B),
      report(50, 10),
    ],
    ['container a 10 r1 o0 x0', 'unknown b - r0 o1 x0'],
  ],
  [
    'a lone kill joins the report whose table lists it',
    [report(0, 10, { rows: [10, 11] }), report(0, 20, inB), loneKill(1, 11)],
    ['container a 10+11 r1 o0 x0', 'container b 20 r1 o0 x0'],
  ],
  ['a lone kill joins the only incident of its host', [report(0, 10), loneKill(1, 99)], ['container a 10+99 r1 o0 x0']],
  [
    'a lone kill that could be of two is kept apart',
    [report(0, 10), report(0, 20, inB), loneKill(1, 99)],
    ['container a 10 r1 o0 x0', 'container b 20 r1 o0 x0', 'unknown - 99 r0 o0 x0'],
  ],
  [
    'a lone kill that is told twice is one, whosoever it is',
    [report(0, 10), report(0, 20, inB), loneKill(1, 99), loneKill(1, 99)],
    ['container a 10 r1 o0 x0', 'container b 20 r1 o0 x0', 'unknown - 99 r0 o0 x0'],
  ],
  [
    'a lone kill of another host is kept apart',
    [report(0, 10), loneKill(1, 99, { host: 'node2' })],
    ['container a 10 r1 o0 x0', 'unknown - 99 r0 o0 x0'],
  ],
  [
    "a lone kill of the node is not a container's",
    [report(0, 10), loneKill(1, 99, { limit: null })],
    ['container a 10 r1 o0 x0', 'node - 99 r0 o0 x0'],
  ],
  ['a lone kill alone is an incident of unknown scope', [loneKill(0, 99)], ['unknown - 99 r0 o0 x0']],
  ['a lone kill of the node is one of the node', [loneKill(0, 99, { limit: null })], ['node - 99 r0 o0 x0']],
  [
    'a header alone joins the only TaskOOM near, before or after',
    [header(0), taskOom(1, ID_A)],
    ['unknown a - r1 o1 x0'],
  ],
  [
    'a header alone between two TaskOOMs of different containers is kept apart',
    [taskOom(0, ID_A), header(0), taskOom(0, ID_B)],
    ['unknown a - r0 o1 x0', 'unknown b - r0 o1 x0', 'unknown - - r1 o0 x0'],
  ],
  [
    'nothing joins across a boot',
    [report(0, 10), boot(2), report(3, 11)],
    ['container a 10 r1 o0 x0', 'container a 11 r1 o0 x0'],
  ],
  [
    'an oom-kill line alone names the victim',
    [report(0, 10).filter(line => line.includes('oom-kill:'))],
    ['container a 10 r1 o0 x0'],
  ],
  [
    'oom-kill lines that were cut before the pid are of as many kills as they name containers',
    [report(0, 10), report(0, 20, inB)].map(lines =>
      lines.filter(line => line.includes('oom-kill:')).map(line => line.replace(/,pid=.*/, '')),
    ),
    ['container a - r1 o0 x0', 'container b - r1 o0 x0'],
  ],
  [
    'of groups of which only kills are in the log each has the one that was killed before it',
    [
      [loneKill(0, 11), group(0, pathA), loneKill(0, 10), loneKill(0, 11)],
      [loneKill(1, 21), group(1, pathB), loneKill(1, 20)],
    ],
    ['unknown a 11+10 r1 o0 x0', 'unknown b 21+20 r1 o0 x0'],
  ],
  [
    'a group whose report the kernel left out is not of the report before it',
    [report(0, 10), loneKill(1, 21), group(1, pathB), loneKill(1, 20)],
    ['container a 10 r1 o0 x0', 'unknown b 21+20 r1 o0 x0'],
  ],
  [
    'nor of the group before it',
    [report(0, 10), group(0, pathA), loneKill(0, 11), loneKill(1, 21), group(1, pathB), loneKill(1, 20)],
    ['container a 10+11 r1 o0 x0', 'unknown b 21+20 r1 o0 x0'],
  ],
  [
    'a kill that comes after a group has died is not of the group',
    [report(0, 10), group(0, pathA), loneKill(0, 11), loneKill(11, 99)],
    ['container a 10+11 r1 o0 x0', 'unknown - 99 r0 o0 x0'],
  ],
  [
    'nor is one of the node',
    [report(0, 10), group(0, pathA), loneKill(0, 11), loneKill(0, 99, { limit: null })],
    ['container a 10+11 r1 o0 x0', 'node - 99 r0 o0 x0'],
  ],
  [
    'a group that two daemons wrote down is one',
    [loneKill(0, 11), group(0, pathA), group(0, pathA), loneKill(0, 10)],
    ['unknown a 11+10 r1 o0 x0'],
  ],
  [
    'a kill line before its summary is of it, whoever else died then',
    [
      [loneKill(0, 10), loneKill(0, 20)],
      [report(0, 10), report(0, 20, inB)].map(lines => lines.filter(line => line.includes('oom-kill:'))),
    ].flat(),
    ['container a 10 r1 o0 x0', 'container b 20 r1 o0 x0'],
  ],
  [
    'a summary that a log service has put behind the kill is of its report, whoever died before',
    [report(0, 10), summaryLast(report(0, 20, inB))],
    ['container a 10 r1 o0 x0', 'container b 20 r1 o0 x0'],
  ],
  [
    'a report without a path is not of the container whose processes have another oom_score_adj',
    [report(0, 10), header(1), loneKill(1, 20).replace('adj:984', 'adj:-997')],
    ['container a 10 r1 o0 x0', 'unknown - 20 r1 o0 x0'],
  ],
  [
    'oom-kill lines that begin without a constraint are of as many kills as they name pids',
    [report(0, 10), report(0, 20, inB)].map(lines =>
      lines
        .filter(line => line.includes('oom-kill:'))
        .map(line => line.replace('constraint=CONSTRAINT_MEMCG,nodemask=(null)', '')),
    ),
    ['container a 10 r1 o0 x0', 'container b 20 r1 o0 x0'],
  ],
  [
    'the reaper names the victim where a grep for oom has left the head of the report and the reaper',
    [header(0), reaper(0, 10), header(60), reaper(61, 20)],
    ['unknown - 10 r1 o0 x0', 'unknown - 20 r1 o0 x0'],
  ],
  ['but not where two reports wait for it', [header(0), header(1), reaper(1, 10)], ['unknown - - r2 o0 x0']],
  ['nor long after the head', [header(0), reaper(50, 10)], ['unknown - - r1 o0 x0']],
  ['a group alone is an incident', [group(0, pathA), taskOom(0, ID_A)], ['unknown a - r1 o1 x0']],
  ['a container on two hosts is one incident', [report(0, 10), taskOom(0, ID_A, 'node2')], ['container a 10 r1 o1 x0']],
]

describe('what belongs together', () => {
  test.each(cases)('%s', async (_, lines, expected) => {
    const { incidents } = await incidentsOf(lines)
    expect(incidents.map(told).sort()).toEqual([...expected].sort())
  })

  test('as the incidents close, the same ones come', async () => {
    for (const [name, lines, expected] of cases) {
      const { incidents } = await incidentsOf(lines, { streaming: true })
      expect(incidents.map(told).sort(), name).toEqual([...expected].sort())
    }
  })

  test('the reaper that comes after a lone kill is of it', async () => {
    const reaper = (host: string) =>
      `Mar 15 09:22:01 ${host} kernel: oom_reaper: reaped process 10 (java), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB`
    const { incidents } = await incidentsOf([loneKill(0, 10), reaper('node2'), reaper('node1')])
    expect(incidents.flatMap(({ victims }) => victims.map(({ reapedAt }) => reapedAt))).toEqual([
      '2026-03-15T09:22:01+00:00',
    ])
    expect(incidents[0]?.evidence.map(({ line }) => line)).toEqual([1, 3])
  })

  test.each([
    ['of another name', '09:22:01', 'stress'],
    ['two hours later, when the pid is another’s', '11:22:01', 'java'],
  ])('the reaper of a lone kill’s pid, %s, is not of it', async (_, clock, comm) => {
    const reaper = `Mar 15 ${clock} node1 kernel: oom_reaper: reaped process 10 (${comm}), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB`
    const { incidents } = await incidentsOf([loneKill(0, 10), reaper])
    expect(incidents.flatMap(({ victims }) => victims.map(({ reapedAt }) => reapedAt))).toEqual([null])
    expect(incidents[0]?.evidence.map(({ line }) => line)).toEqual([1])
  })

  test('--window widens it', async () => {
    const lines = [report(0, 10), taskOom(6, ID_A)]
    expect((await incidentsOf(lines, { windowSeconds: 10 })).incidents.map(told)).toEqual(['container a 10 r1 o1 x0'])
  })

  test('an incident does not last longer than ten minutes', async () => {
    const kills = Array.from({ length: 200 }, (_, i) => report(i * 4, 100 + i))
    const { incidents, warnings } = await incidentsOf(kills)
    expect(incidents).toHaveLength(2)
    expect(incidents.flatMap(({ victims }) => victims)).toHaveLength(200)
    expect(warnings.map(({ code }) => code)).toContain('incident-split')
  })

  test('ten minutes that end are not split by what is of others', async () => {
    const kills = Array.from({ length: 151 }, (_, i) => report(i * 4, 100 + i))
    const others = [report(602, 20, inB), taskOom(602, 'd'.repeat(64)), report(602, 30, { limit: null })]
    const { incidents, warnings } = await incidentsOf([...kills, ...others])
    expect(incidents).toHaveLength(4)
    expect(warnings.map(({ code }) => code)).not.toContain('incident-split')
  })

  test('ambiguity is a warning', async () => {
    const { warnings } = await incidentsOf([report(0, 10), report(0, 20, inB), loneKill(1, 99)])
    expect(warnings.map(({ code }) => code)).toContain('ambiguous-incident')
  })

  test('two host names of one container are a warning', async () => {
    const { warnings } = await incidentsOf([report(0, 10), taskOom(0, ID_A, 'node2')])
    expect(warnings.map(({ code }) => code)).toEqual(['container-on-two-hosts'])
  })
})

/** Incidents told before the end of the log is reached. */
async function toldEarly(lines: Lines): Promise<number> {
  const log = logOfText(`${lines.flat().join('\n')}\n`)
  const [piece] = log.pieces
  let count = 0
  let early = 0
  async function* read() {
    yield* piece!.read()
    early = count
  }
  const wants = () => ++count > 0
  await reportOf([{ ...log, pieces: [{ ...piece!, read }] }], { zone: 'UTC', streaming: true, wants })
  return early
}

describe('a report whose kill line is lost', () => {
  const cut = report(0, 10).slice(0, -2)
  const kills = [taskOom(200, ID_B), taskOom(700, ID_B), taskOom(900, ID_B)]

  test('holds nothing back once its host has gone on', async () => {
    expect(await toldEarly([cut, ...kills])).toBe(3)
    expect((await incidentsOf([cut, ...kills])).incidents.map(told)).toEqual([
      'unknown - - r1 o0 x0',
      'unknown b - r0 o1 x0',
      'unknown b - r0 o1 x0',
      'unknown b - r0 o1 x0',
    ])
  })

  test.each<[string, Lines, ReportOptions]>([
    ['another host, an hour ahead', [report(3600, 20, { ...inB, host: 'node2' }), taskOom(3600, ID_B, 'node2')], {}],
    ['another host that lives on for an hour', [0, 1800, 3600].map(at => taskOom(at, ID_B, 'node2')), {}],
    ["its host's containerd, in another zone than was said", [exit(0, ID_B), exit(1, ID_B)], { zone: '+09:00' }],
  ])('is not yet over because of %s', async (_, between, options) => {
    const lines = report(0, 10)
    const { incidents } = await incidentsOf([lines.slice(0, 2), between.flat(), lines.slice(2)], options)
    expect(incidents.map(told)).toContain('container a 10 r1 o0 x0')
  })

  test('has no part in a kill of one of its processes long after it', async () => {
    for (const streaming of [false, true]) {
      const { incidents } = await incidentsOf([cut, ...kills, loneKill(1000, 10)], { streaming })
      expect(incidents.map(told)).toContain('unknown - 10 r0 o0 x0')
    }
  })
})

test('incidents of a log whose pieces were joined newest first do not wait for its end', async () => {
  const older = Array.from({ length: 400 }, (_, i) => report(i * 100, 1_000 + i))
  expect(await toldEarly([taskOom(50_000, ID_A), ...older])).toBeGreaterThan(200)
})

test('all of thousands of exits of a container are its incident’s', async () => {
  const lines = Array.from({ length: 1_000 }, (_, i) => [
    taskOom(i / 20, ID_A),
    ...Array.from({ length: 35 }, (_, k) => exit(i / 20 + k / 1000, ID_A)),
  ])
  const { incidents } = await incidentsOf(lines)
  expect(incidents.map(told)).toEqual(['unknown a - r0 o1000 x35000'])
})

describe('`Kill process` whose `Killed process` never came', () => {
  const chosen = (clock: string, host = 'node1') =>
    `Mar 15 ${clock} ${host} kernel: Out of memory: Kill process 7 (java) score 900 or sacrifice child`
  const killed = (clock: string) =>
    `Mar 15 ${clock} node1 kernel: Killed process 7 (java) total-vm:9kB, anon-rss:8kB, file-rss:0kB`
  const hours = async (lines: Lines) =>
    (await incidentsOf(lines, { streaming: true })).incidents.map(({ time }) => time?.slice(11, 19))

  test('is told before what comes long after it, not at the end of the log', async () => {
    const others = [report(420, 11), exit(900, ID_A), report(1000, 12)]
    expect(await hours([chosen('09:22:00'), ...others])).toEqual(['09:22:00', '09:29:00', '09:38:40'])
  })

  test('is told when its host has gone on speaking for long, or has given nothing for the window', () => {
    const said: number[] = []
    const drop = () => {}
    const assembler = createAssembler({ report: draft => said.push(draft.log), kill: drop, suppressed: drop }, false)
    const at = (seconds: number) => ({ ms: seconds * 1000, iso: '2022-03-15T09:22:00Z', from: 'syslog' }) as const
    const [line] = unwrap([chosen('09:22:00')])
    const feed = (log: number) =>
      assembler.feed({
        event: { kind: 'kill-process', pid: 7, comm: 'java', score: 900, scope: 'none', allocatingTask: false },
        record: line!,
        moment: at(1),
        log,
        boot: 0,
      })
    const passed = (seconds: number, host: string) =>
      assembler.passed({ ...line!, host, ident: 'kubelet' }, at(seconds))
    feed(1)
    expect(assembler.openSinceMs()).toBe(1000)
    for (const seconds of [10, 400]) passed(seconds, 'node2')
    for (const seconds of [10, 300]) passed(seconds, 'node1')
    assembler.closeBefore(1000)
    expect(said).toEqual([])
    passed(400, 'node1')
    expect([said, assembler.openSinceMs()]).toEqual([[1], null])
    feed(2)
    assembler.closeBefore(Number.POSITIVE_INFINITY)
    assembler.end()
    expect(said).toEqual([1, 2])
  })

  test('is no part of a kill long after it', async () => {
    const scores = async (...lines: string[]) =>
      (await incidentsOf(lines)).incidents.map(({ victims }) => victims.map(({ score }) => score))
    expect(await scores(chosen('09:22:00'), killed('09:22:01'))).toEqual([[900]])
    expect(await scores(chosen('09:22:00'), killed('09:24:00'))).toEqual([[], [null]])
  })

  test('is not lost to a report that begins right after it', async () => {
    const older = report(4, 11).slice(0, -2)
    const pair = [
      'Mar 15 09:22:04 node1 kernel: Memory cgroup out of memory: Kill process 11 (java) score 800 or sacrifice child',
      'Mar 15 09:22:04 node1 kernel: Killed process 11 (java) total-vm:9kB, anon-rss:8kB, file-rss:0kB',
    ]
    for (const next of [report(4, 11), [...older, ...pair]]) {
      const { incidents } = await incidentsOf([chosen('09:22:00'), next])
      expect(incidents.map(told)).toEqual(['node - - r1 o0 x0', expect.stringContaining(' 11 r1 o0 x0')])
    }
  })

  test('of many hosts at once loses none', async () => {
    const lines = Array.from({ length: 300 }, (_, at) => chosen('09:22:00', `node${at}`))
    expect((await incidentsOf(lines)).incidents).toHaveLength(300)
  })
})

const leftOut = (clock: string) => `Mar 15 ${clock} node1 kernel: oom_kill_process: 7 callbacks suppressed`
const storm = (at: number) => Array.from({ length: 10 }, (_, i) => report(at, 200 + i)).flat()

describe('reports left out, as the incidents close', () => {
  test.each<[string, Lines, readonly (number | null)[], readonly (number | null)[]]>([
    [
      'of a storm that was told long ago are no later incident’s',
      [storm(0), exit(100, ID_A), leftOut('09:32:00'), report(600, 11, inB), exit(700, ID_A)],
      [7, null],
      [null, null],
    ],
    [
      'are of a storm that nothing was said after, though long ago',
      [storm(0), leftOut('09:32:00'), report(600, 11, inB), exit(700, ID_A)],
      [7, null],
      [7, null],
    ],
    [
      'are of the storm around, which begins after the line',
      [report(0, 10), leftOut('09:23:00'), exit(61, ID_A), storm(64)],
      [null, 7],
      [null, 7],
    ],
    [
      'are not of a storm that comes only after an incident can have closed',
      [report(0, 10), leftOut('09:22:02'), ...Array.from({ length: 20 }, (_, i) => report(4 + 4 * i, 30 + i, inB))],
      [7, null],
      [7, null],
    ],
  ])('%s', async (_, lines, whole, closing) => {
    const credits = async (options: ReportOptions) =>
      (await incidentsOf(lines, options)).incidents.map(({ suppressedReports }) => suppressedReports)
    expect(await credits({})).toEqual(whole)
    expect(await credits({ streaming: true })).toEqual(closing)
  })

  test('are waited with no longer than for an incident that they may be of', () => {
    const identities = createIdentities()
    const looksUp = vi.spyOn(identities, 'sandbox')
    const correlator = createCorrelator(identities, { windowMs: 5_000, keepText: false, warn: () => {} })
    const seen = <E extends LogEvent>(seconds: number, event: E): Seen<E> => ({
      event,
      record: unwrap([leftOut('09:22:00')])[0]!,
      moment: { ms: seconds * 1000, iso: '2022-03-15T09:22:00Z', from: 'syslog' },
      log: 0,
      boot: 0,
    })
    correlator.suppressed(7, seen(0, { kind: 'linux-version' } as LogEvent))
    for (const containerId of [ID_A, ID_B]) {
      correlator.event(seen(100, { kind: 'task-oom', containerId, ownMs: null, ownIso: null } as LogEvent))
    }
    expect(correlator.closeBefore(101_000)).toEqual([])
    expect(looksUp).toHaveBeenCalled()
    looksUp.mockClear()
    expect(correlator.closeBefore(131_000)).toEqual([])
    expect(looksUp).not.toHaveBeenCalled()
    expect(correlator.closeBefore(200_000)).toHaveLength(2)
  })
})

test('a victim keeps the uid that only the summary after its kill line tells', async () => {
  const summary = report(0, 10).find(line => line.includes('oom-kill:'))!
  const { incidents } = await incidentsOf([
    'Mar 15 09:22:00 node1 kernel: Memory cgroup out of memory: Killed process 10 (java) total-vm:9kB, anon-rss:8kB, file-rss:0kB',
    summary,
  ])
  expect(incidents.map(({ victims }) => victims.map(({ pid, uid, anonRssBytes }) => [pid, uid, anonRssBytes]))).toEqual(
    [[[10, 1000, 8192]]],
  )
})

test.each([
  ['ten hours before the only incident', '09:00:00', null],
  ['ten seconds before it', '18:59:50', 7],
  ['ten seconds after it', '19:00:10', 7],
])('reports left out %s', async (_name, clock, expected) => {
  const left = `2022-03-15T${clock}+00:00 n1 kernel: oom_kill_process: 7 callbacks suppressed`
  const kill =
    '2022-03-15T19:00:00+00:00 n1 kernel: Out of memory: Killed process 7 (java) total-vm:9kB, anon-rss:8kB, file-rss:0kB'
  const { incidents } = await incidentsOf([[left, kill].sort()])
  expect(incidents.map(({ suppressedReports }) => suppressedReports)).toEqual([expected])
})

describe('a unit that systemd-oomd killed', () => {
  const slice = '/user.slice/user-1000.slice/user@1000.service/app.slice'
  const byOomd = (path: string) =>
    `2022-03-15T09:00:00+00:00 n1 systemd-oomd[8]: Killed ${path} due to memory pressure for /user.slice being 55.00% > 50.00% for > 20s with reclaim activity`
  const bySystemd = (unit: string) =>
    `2022-03-15T09:00:01+00:00 n1 systemd[18]: ${unit}: systemd-oomd killed 12 process(es) in this unit.`

  test.each([
    ['systemd after systemd-oomd', [byOomd(`${slice}/web.scope`), bySystemd('web.scope')]],
    ['systemd before systemd-oomd', [bySystemd('web.scope'), byOomd(`${slice}/web.scope`)]],
  ])('is one incident: %s', async (_name, lines) => {
    const { incidents } = await incidentsOf([lines])
    expect(incidents.map(({ cgroup, runtimeEvents }) => [cgroup?.taskPath, runtimeEvents.length])).toEqual([
      [`${slice}/web.scope`, 2],
    ])
  })

  test('is not another unit, nor one of two of its name', async () => {
    const other = await incidentsOf([[byOomd(`${slice}/web.scope`), bySystemd('db.scope')]])
    expect(other.incidents).toHaveLength(2)
    const two = [byOomd(`${slice}/web.scope`), byOomd('/user.slice/web.scope'), bySystemd('web.scope')]
    expect((await incidentsOf([two])).incidents).toHaveLength(3)
  })
})

describe('incident ids', () => {
  test('do not depend on path, place, order of arguments or how the log is packed', async () => {
    const lines = [report(0, 10), taskOom(0, ID_A)].flat()
    const id = async (text: string, path: string) =>
      (await reportOf([logOfText(text, 64, path)], { zone: 'UTC' })).incidents[0]?.id
    const first = await id(lines.join('\n'), 'a.log')
    expect(first).toMatch(/^[0-9a-f]{12}$/)
    expect(await id(['', 'Mar 15 09:00:00 node1 systemd[1]: Started x.', ...lines].join('\n'), 'b.log')).toBe(first)
    expect(await id([taskOom(0, ID_A), ...report(0, 10)].join('\r\n'), 'c.log')).toBe(first)
  })

  test('differ from kill to kill', async () => {
    const { incidents } = await incidentsOf([report(0, 10), report(60, 11)])
    expect(new Set(incidents.map(({ id }) => id)).size).toBe(2)
  })
})

test('a line of docker events is docker’s, and names the pod by its labels', async () => {
  const labels = `io.kubernetes.container.name=web, io.kubernetes.pod.name=web-0, io.kubernetes.pod.namespace=shop, io.kubernetes.pod.uid=${UID_A}`
  const line = (event: string, first: string) =>
    `2022-03-15T09:22:41.553168162+09:00 container ${event} ${ID_A} (${first}, ${labels}, name=k8s_web_web-0_shop)`
  const { incidents } = await incidentsOf([[line('oom', 'image=web:1'), line('die', 'exitCode=137')]])
  expect(incidents).toMatchObject([
    {
      container: { id: ID_A, name: 'web', runtime: 'docker', image: 'web:1' },
      pod: { name: 'web-0', namespace: 'shop', uid: UID_A },
      runtimeEvents: [
        { type: 'TaskOOM', source: 'docker' },
        { type: 'TaskExit', source: 'docker', exitCode: 137 },
      ],
    },
  ])
})

describe('a unit that lost a process to the OOM killer', () => {
  const unit =
    '2022-03-15T09:00:01+00:00 n1 systemd[1]: web.service: A process of this unit has been killed by the OOM killer.'
  const kill =
    '2022-03-15T09:00:00+00:00 n1 kernel: Out of memory: Killed process 7 (java) total-vm:9kB, anon-rss:8kB, file-rss:0kB'

  test('is no incident without a word of the kernel, but a warning', async () => {
    const { incidents, warnings } = await incidentsOf([[unit, unit]])
    expect(incidents).toEqual([])
    expect(warnings).toMatchObject([{ code: 'kill-untold', line: 1, message: expect.stringContaining('web.service') }])
  })

  test('needs no warning with one', async () => {
    const { warnings } = await incidentsOf([[kill, unit]])
    expect(warnings.map(({ code }) => code)).not.toContain('kill-untold')
  })
})
