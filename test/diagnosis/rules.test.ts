/** Every rule over its two cases, and what holds for all of them. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { diagnose } from '../../src/diagnosis/diagnose.ts'
import { rules } from '../../src/diagnosis/index.ts'
import type { Case } from '../../src/diagnosis/rule.ts'
import type { Finding } from '../../src/model/report.ts'
import {
  at,
  cgroup,
  container,
  event,
  incident,
  kase,
  mebibyte,
  nodeIncident,
  pod,
  process,
  report,
  restart,
  trigger,
  victim,
  withProcesses,
  withStats,
  zone,
} from './cases.ts'
import { strayNumbers } from './numbers.ts'
import { ruleCases } from './rule-cases.ts'

const say = (code: string, given: Case): Finding[] =>
  diagnose(
    given,
    rules.filter(rule => rule.code === code),
  )
const everyFinding = ruleCases.flatMap(({ code, fires, nearly }) => [
  ...diagnose(fires),
  ...diagnose(nearly),
  ...say(code, fires),
])

describe.each(ruleCases)('$code', ({ code, fires, but, nearly }) => {
  test('speaks', () => {
    expect(say(code, fires).map(finding => finding.code)).toEqual([code])
  })
  test(`is silent with ${but}`, () => {
    expect(say(code, nearly)).toEqual([])
  })
})

describe('the table', () => {
  test('has a case for every rule, and a rule for every case', () => {
    expect(ruleCases.map(each => each.code).sort()).toEqual(rules.map(rule => rule.code).sort())
  })

  test('lists every file that declares a rule, under its own name', () => {
    const folder = new URL('../../src/diagnosis/', import.meta.url)
    const declared = readdirSync(folder).filter(name => /: Rule = \{/.test(readFileSync(new URL(name, folder), 'utf8')))
    expect(rules.map(rule => `${rule.code}.ts`).sort()).toEqual(declared.sort())
  })
})

describe('every finding', () => {
  test('prints no number that its evidence does not hold', () => {
    const stray = everyFinding.flatMap(finding =>
      strayNumbers(finding).map(number => `${finding.code}: ${number} in "${finding.explanation}"`),
    )
    expect([...new Set(stray)]).toEqual([])
  })

  test('rests on at least one field', () => {
    expect(everyFinding.filter(finding => finding.evidence.length === 0).map(finding => finding.code)).toEqual([])
  })

  test('has evidence with a value', () => {
    const empty = everyFinding.flatMap(finding =>
      finding.evidence
        .filter(({ value }) => value === undefined || Number.isNaN(value))
        .map(({ field }) => `${finding.code} ${field}`),
    )
    expect(empty).toEqual([])
  })

  test('is a sentence or two of plain text', () => {
    for (const finding of everyFinding) {
      expect(finding.explanation, finding.code).toMatch(/^\S.*[.]$/)
      expect(finding.explanation, finding.code).not.toMatch(/undefined|null|NaN|Infinity|\n/)
      expect(finding.title, finding.code).not.toMatch(/undefined|null|NaN|\.$/)
      expect(finding.advice ?? '', finding.code).not.toMatch(/undefined|\bnull\b|NaN/)
    }
  })
})

describe('a kill by memory and swap together', () => {
  const both = { usageBytes: 255 * mebibyte, kmemUsageBytes: 0, failcnt: 0, swapUsageBytes: 300 * mebibyte }
  const findings = (over: object) => diagnose(kase(withStats({}, { ...both, ...over }))).map(({ code }) => code)

  test('is told although memory was nearly full, where memory alone was never refused', () => {
    expect(findings({ swapLimitBytes: 300 * mebibyte })).toContain('memsw-limit')
    expect(findings({ swapLimitBytes: 300 * mebibyte })).not.toContain('container-limit')
  })

  test('is the ordinary one where memory was refused, or both limits are one', () => {
    expect(findings({ swapLimitBytes: 300 * mebibyte, failcnt: 3 })).toContain('container-limit')
    const one = { swapUsageBytes: 256 * mebibyte, swapLimitBytes: 256 * mebibyte }
    expect(findings(one)).toContain('container-limit')
  })
})

describe('diagnose', () => {
  test('puts the worst first and keeps the order of the table within a severity', () => {
    const order = { critical: 0, warning: 1, info: 2 }
    for (const { fires } of ruleCases) {
      const found = diagnose(fires)
      const places = found.map(
        finding => order[finding.severity] * 1000 + rules.findIndex(rule => rule.code === finding.code),
      )
      expect(places).toEqual([...places].sort((a, b) => a - b))
    }
  })

  test('goes on when a rule fails', () => {
    const broken = {
      code: 'broken',
      examine: () => {
        throw new Error('a bug')
      },
    }
    expect(diagnose(kase(incident()), [broken, ...rules]).map(finding => finding.code)).toContain('container-limit')
  })

  test('says little of an ordinary kill', () => {
    const codes = diagnose(kase(incident())).map(finding => finding.code)
    expect(codes).toEqual(['container-limit', 'page-cache-not-cause'])
  })

  test('keeps info findings from growing beyond six', () => {
    const nine = (severity: Finding['severity']) =>
      Array.from({ length: 9 }, (_, i) => ({
        code: `${severity}-${i}`,
        examine: () => ({
          title: 't',
          severity,
          confidence: 'stated' as const,
          explanation: 'e.',
          advice: null,
          evidence: [],
          references: [],
        }),
      }))
    expect(diagnose(kase(incident()), nine('info'))).toHaveLength(6)
    expect(diagnose(kase(incident()), nine('warning'))).toHaveLength(9)
  })

  test('gives no cause for a kill that somebody asked for', () => {
    const asked = nodeIncident(
      {},
      {
        swapTotalBytes: mebibyte,
        swapFreeBytes: 0,
        hugePages: [{ node: 0, total: 900, free: 900, surplus: 0, sizeBytes: 2 * mebibyte }],
      },
      { trigger: trigger({ order: -1 }) },
    )
    expect(diagnose(kase(asked)).map(finding => finding.code)).toEqual(['manual-kill'])
  })

  test('does not call page cache left over and no cause at once', () => {
    for (const { fires, nearly } of ruleCases)
      for (const given of [fires, nearly]) {
        const codes = diagnose(given).map(finding => finding.code)
        expect(codes.includes('page-cache-left') && codes.includes('page-cache-not-cause')).toBe(false)
      }
  })

  test.each([
    ['one process and many', ['one-process', 'many-processes']],
    ['a container that died and one that lived on', ['silent-kill', 'confirmed']],
    ['an event that was lost and one that was seen', ['runtime-missed', 'confirmed']],
    ['a victim that was first and one that was not', ['victim-ranking', 'victim-not-first']],
  ])('never says both: %s', (_name, pair) => {
    for (const { fires, nearly } of ruleCases)
      for (const given of [fires, nearly]) {
        const codes = diagnose(given).map(finding => finding.code)
        expect(pair.every(code => codes.includes(code))).toBe(false)
      }
  })

  test.each([
    [
      'memory and swap together',
      { usageBytes: 200 * mebibyte, kmemUsageBytes: 0, swapUsageBytes: 300 * mebibyte, swapLimitBytes: 300 * mebibyte },
    ],
    ['kernel memory', { usageBytes: 100 * mebibyte, kmemUsageBytes: 32 * mebibyte, kmemLimitBytes: 32 * mebibyte }],
  ])('does not blame the memory limit where that of %s was hit', (_name, memory) => {
    for (const scope of ['container', 'pod'] as const) {
      const codes = diagnose(kase({ ...withStats({}, memory), scope })).map(finding => finding.code)
      expect(codes.filter(code => code === `${scope}-limit`)).toEqual([])
    }
  })

  test('does not say that a container died at its start which lived on', () => {
    const alive = incident({ runtimeEvents: [event(), event({ type: 'TaskExit', exitCode: 0 })] })
    const codes = diagnose(kase(alive, { containerStartedMs: Date.parse(alive.time ?? '') - 5000 })).map(
      finding => finding.code,
    )
    expect(codes).toContain('silent-kill')
    expect(codes).not.toContain('dies-at-start')
  })

  test("does not take the victims of another container under a pod's limit for this one's", () => {
    const victims = [victim(), victim({ pid: 101, containerId: 'b'.repeat(64), time: '2024-05-01T10:00:05.000+00:00' })]
    expect(say('silent-kill', kase(incident({ scope: 'pod', victims, kernelReports: [report(), report()] })))).toEqual(
      [],
    )
  })

  test('knows a probe by the end of its exec', () => {
    const exec = event({ type: 'ExecExit', exitCode: 137 })
    expect(say('probe-killed', kase(incident({ runtimeEvents: [event(), exec] }))).length).toBe(1)
    expect(
      say(
        'probe-killed',
        kase(incident({ runtimeEvents: [event(), exec, event({ type: 'TaskExit', exitCode: 137 })] })),
      ),
    ).toEqual([])
  })

  test('calls out a node that ran out even where only the line of the kill is left', () => {
    const bare = nodeIncident({ kernelReports: [], missing: ['kernelReport', 'processTable', 'memory', 'trigger'] })
    expect(diagnose(kase(bare)).map(finding => finding.code)).toEqual(['node-out-of-memory', 'report-incomplete'])
  })

  test('never throws on an incident with nothing in it', () => {
    const bare = incident({
      container: null,
      pod: null,
      cgroup: null,
      kernelReports: [],
      victims: [],
      time: null,
      endTime: null,
      scope: 'unknown',
      constraint: null,
    })
    for (const kind of ['kernel', 'runtime', 'userspace', 'eviction'] as const)
      for (const rule of rules) expect(() => rule.examine(kase({ ...bare, kind })), rule.code).not.toThrow()
  })
})

describe('commands', () => {
  test('hold the names of the log', () => {
    const advice = say('container-limit', kase(incident()))[0]?.advice ?? ''
    expect(advice).toContain(
      `kubectl -n payments get pod billing-7d9f8c6b5-x2x4q -o jsonpath='{.spec.containers[?(@.name=="api")].resources}'`,
    )
    expect(advice).toContain('kubectl -n payments set resources deployment/billing -c api --limits=memory=LIMIT')
  })

  test.each(['node-splnk-x2x4q', 'backup-27456789-x7k9z'])('name no Deployment for %s, which is of none', name => {
    const named = incident({ pod: { name, namespace: 'payments', uid: null, qosClass: null } })
    expect(say('container-limit', kase(named))[0]?.advice).toContain('set resources KIND/NAME -c api')
  })

  test('stand alone on their line after a colon, so that a writer can set them apart', () => {
    const mixed = everyFinding
      .flatMap(finding => (finding.advice ?? '').split('\n').map(line => [finding.code, line] as const))
      .filter(([, line]) =>
        /(?:^|: )(?:kubectl|crictl|docker|systemctl|sysctl|journalctl|numastat|oomctl) [a-z-]/.test(line),
      )
      .filter(([, line]) => {
        const command = /^(?:[^:]*: )?((?:kubectl|crictl|docker|systemctl|sysctl|journalctl|numastat|oomctl) .*)$/.exec(
          line,
        )?.[1]
        return command === undefined || /[,.;:]( |$)| \(/.test(command.replace(/'[^']*'|"[^"]*"/g, ''))
      })
    expect(mixed).toEqual([])
  })

  test.each([
    'x; reboot',
    '$(id)',
    "a'b",
    '-rf',
    'a\nb',
    'A',
    '`id`',
  ])('never hold a name that is no name of Kubernetes: %j', name => {
    const hostile = incident({
      pod: pod({ name, namespace: name }),
      container: container({ name }),
      runtimeEvents: [event()],
    })
    for (const finding of diagnose(kase(hostile)))
      for (const line of (finding.advice ?? '').split('\n'))
        if (line.includes('kubectl')) expect(line).not.toContain(` ${name} `)
    const advice = say('container-limit', kase(hostile))[0]?.advice ?? ''
    expect(advice).not.toContain(name === 'A' ? ' A ' : name)
  })
})

describe('where the obvious answer is wrong', () => {
  test('a thread of a Java virtual machine asked, but another program held the memory', () => {
    const both = withProcesses(
      [process({ comm: 'ffmpeg' }), process({ pid: 7, tgid: 7, comm: 'java', rssBytes: 5 * mebibyte })],
      { trigger: trigger({ comm: 'C2 CompilerThre' }) },
    )
    expect(say('jvm', kase(both))).toEqual([])
  })

  test('resident memory that processes share is no more than there is', () => {
    const rows = Array.from({ length: 20 }, (_, at) => process({ pid: at + 200, tgid: at + 200, comm: 'postgres' }))
    const crowd = nodeIncident(
      {},
      {},
      { processes: [process({ comm: 'app' }), ...rows.map(row => ({ ...row, rssBytes: 900 * mebibyte }))] },
    )
    const [finding] = say('node-out-of-memory', kase(crowd))
    expect(finding?.explanation).toContain('shared pages count several times')
    expect(finding?.explanation).not.toContain('most of it')
  })

  test.each([
    ['a pod', {}, true],
    ['a service', { pod: null, container: null, cgroup: cgroup({ taskPath: '/user.slice', limitPath: null }) }, false],
  ])('kubectl is advised on a node of Kubernetes only: %s died', (_name, over, isAdvised) => {
    const died = nodeIncident(over, {}, { processes: [process({ rssBytes: 3000 * mebibyte })] })
    const advice = say('node-out-of-memory', kase(died))[0]?.advice ?? ''
    expect(advice.includes('kubectl')).toBe(isAdvised)
    expect(advice.includes('kubelet')).toBe(isAdvised)
  })

  test('a request for one large piece is no shortage of memory', () => {
    const pieces = nodeIncident(
      {},
      { zones: [{ ...zone(), freeBytes: 20 * mebibyte }] },
      { trigger: trigger({ order: 3, gfpFlags: ['GFP_KERNEL'] }) },
    )
    expect(say('node-out-of-memory', kase(pieces))[0]?.title).toBe('The node had no large piece of memory')
  })

  test.each([
    ['/system.slice/backup.service', 'systemctl show'],
    [
      '/user.slice/user-1001.slice/user@1001.service/app.slice/mirror.service',
      'systemctl --user --machine=1001@.host show',
    ],
    ['/user.slice/user-1001.slice/user@1001.service', 'systemctl show'],
  ])('the limit of the unit %s is seen by its own systemd', (limitPath, command) => {
    const given = incident({ scope: 'cgroup', cgroup: cgroup({ limitPath, taskPath: limitPath }) })
    expect(say('unit-limit', kase(given))[0]?.advice).toContain(command)
  })

  describe('a node that had memory, but in zones that may not serve the request', () => {
    const low = zone({ freeBytes: 3 * mebibyte, minBytes: 4 * mebibyte, lowmemReserveBytes: [0, 0, 800 * mebibyte] })
    const high = zone({ zone: 'HighMem', freeBytes: 2500 * mebibyte, lowmemReserveBytes: [0, 0, 0] })
    const findingOf = (gfpFlags: string[] | null, zones = [low, high]) =>
      say('node-out-of-memory', kase(nodeIncident({}, { zones }, { trigger: trigger({ gfpFlags }) })))[0]

    test('is not said to have run out as a whole', () => {
      const finding = findingOf(['GFP_KERNEL'])
      expect(finding?.explanation).toContain('the zones that may serve the request (Normal) were full')
      expect(finding?.explanation).toContain('2.44 GiB of it in HighMem, which may not serve it')
      expect(finding?.advice).toContain('64-bit')
    })

    test.each([
      ['the request may use high memory', ['GFP_HIGHUSER'], [low, high]],
      ['the request may be moved', ['GFP_HIGHUSER_MOVABLE'], [low, high]],
      ['flags without names', null, [low, high]],
      ['room in the others', ['GFP_KERNEL'], [{ ...low, freeBytes: 40 * mebibyte }, high]],
      ['little in the closed ones', ['GFP_KERNEL'], [low, { ...high, freeBytes: 9 * mebibyte }]],
    ])('else it is: %s', (_name, flags, zones) => {
      expect(findingOf(flags, zones)?.explanation).toContain('The whole node ran out of')
    })

    test('is told of a driver’s memory, too', () => {
      const zones = [{ ...low, zone: 'DMA' }, zone({ freeBytes: 2500 * mebibyte })]
      expect(findingOf(['GFP_KERNEL', '__GFP_DMA'], zones)?.advice).toContain('driver')
    })
  })

  test('a kill line alone makes a shortage of the node likely, not stated', () => {
    const bare = nodeIncident({ kernelReports: [] })
    expect(say('node-out-of-memory', kase(bare))[0]?.confidence).toBe('likely')
  })

  test.each([
    ['cpuset', 0],
    ['none', 1],
  ] as const)('the request matters to the scheduler only where the whole node was short: %s', (constraint, count) => {
    const died = nodeIncident({ constraint }, {}, { constraint })
    expect(say('over-request', kase(died))).toHaveLength(count)
  })

  test.each([
    ['Out of memory: system-wide panic_on_oom is enabled', 'as vm.panic_on_oom asks for'],
    ['System is deadlocked on memory', 'nothing was left'],
    [null, 'although app in the table may be killed'],
  ])('a panic is told by the reason that the kernel gives: %s', (panicReason, words) => {
    const died = nodeIncident({ victims: [] }, {}, { outcome: 'panic', victims: [], panicReason })
    expect(say('kernel-panic', kase(died))[0]?.explanation).toContain(words)
  })

  test('the same container hit again an hour later had lived on', () => {
    const again = kase(incident({ time: at(60) }), { earlier: [incident({ id: 'e'.repeat(12) })] })
    expect(say('silent-kill', again)[0]?.title).toBe('The container lived on after the kill before')
    const docker = { pod: null, container: container({ runtime: 'podman' }) }
    const restarted = kase(incident({ time: at(60), ...docker }), { earlier: [incident(docker)] })
    expect(say('silent-kill', restarted)).toEqual([])
    expect(say('silent-kill', kase(restart(60), { earlier: [restart(0)] }))).toEqual([])
  })

  test('a service that held most of the memory is what grew', () => {
    const unit = { container: null, pod: null }
    const path = cgroup({ taskPath: '/system.slice/db.service', limitPath: null, unit: 'db.service' })
    expect(say('system-daemon-killed', kase(nodeIncident({ ...unit, cgroup: path })))[0]?.severity).toBe('warning')
    const bystander = nodeIncident(
      { ...unit, cgroup: path },
      {},
      {
        processes: [
          process({ rssBytes: 20 * mebibyte }),
          process({ pid: 9, tgid: 9, comm: 'hog', rssBytes: 3000 * mebibyte, oomScoreAdj: -500 }),
        ],
      },
    )
    expect(say('system-daemon-killed', kase(bystander))[0]?.severity).toBe('critical')
  })

  test('the helper of the runtime beside a running program is on its way to run a command', () => {
    const victims = [victim({ pid: 9, comm: 'runc:[2:INIT]', anonRssBytes: mebibyte, fileRssBytes: 0 })]
    const processes = [process(), process({ pid: 9, tgid: 9, comm: 'runc:[2:INIT]', rssBytes: mebibyte })]
    const memory = cgroup({ limitBytes: 60 * mebibyte, usageBytes: 60 * mebibyte })
    const exec = incident({ victims, cgroup: memory, kernelReports: [report({ memory, victims, processes })] })
    expect(say('limit-below-startup', kase(exec))).toEqual([])
    expect(say('probe-killed', kase(exec))[0]?.explanation).toContain('on its way')
  })

  test('a few tables and stacks in a tiny cgroup mean nothing', () => {
    const tiny = { usageBytes: 6 * mebibyte, limitBytes: 6 * mebibyte }
    const given = kase(withStats({ pagetables: mebibyte, kernel_stack: mebibyte, sock: mebibyte }, tiny))
    for (const code of ['page-tables', 'kernel-stacks', 'sockets']) expect(say(code, given), code).toEqual([])
  })

  test('file pages of a kernel that does not tell tmpfs are more likely that', () => {
    const old = (cache: number) => {
      const memory = cgroup({ stats: { cache: cache * mebibyte, rss: 100 * mebibyte } })
      return kase(incident({ cgroup: memory, kernelReports: [report({ memory })] }))
    }
    expect(say('page-cache-left', old(150))[0]?.confidence).toBe('likely')
    expect(say('page-cache-left', old(40))).toEqual([])
  })

  test.each([
    [true, 'as vm.oom_kill_allocating_task=1 has it'],
    [false, 'could not be killed just then'],
  ])('the one that asked is killed for asking only where the kernel says so: %s', (allocatingTask, words) => {
    const rows = [process({ rssBytes: 50 * mebibyte }), process({ pid: 2, tgid: 2, comm: 'bigger' })]
    const [finding] = say('victim-not-first', kase(withProcesses(rows, { allocatingTask })))
    expect(finding?.explanation).toContain(words)
  })

  test('a victim that is no pod is not advised to make a request', () => {
    const rows = [process(), process({ pid: 9, tgid: 9, comm: 'hog', rssBytes: 3000 * mebibyte, oomScoreAdj: -900 })]
    const advised = (taskPath: string) =>
      say('bystander', kase(nodeIncident({ cgroup: cgroup({ taskPath, limitPath: null }) }, {}, { processes: rows })))
    expect(advised('/kubepods/besteffort/pod1/c')[0]?.advice).toContain('memory request')
    expect(advised('/user.slice')[0]?.advice).toBe('Look at hog first.')
  })

  test('several victims of one report under the limit of a pod were killed as a group', () => {
    const victims = [victim(), victim({ pid: 7, comm: 'sidecar' })]
    const died = incident({ scope: 'pod', victims, kernelReports: [report({ victims })] })
    expect(say('oom-group', kase(died))[0]?.title).toBe('Several processes were killed as a group')
    const one = incident({ scope: 'pod', victims: [victim()] })
    expect(say('oom-group', kase(one))).toEqual([])
  })

  test.each([
    [0, /^All 2 GiB of swap/],
    [100 * 1024, /^Nearly all 2 GiB of swap/],
  ])('swap of which %d bytes are free', (swapFreeBytes, words) => {
    const died = nodeIncident({}, { swapTotalBytes: 2 * 1024 * mebibyte, swapFreeBytes })
    expect(say('swap-exhausted', kase(died))[0]?.explanation).toMatch(words)
  })

  test('three kills at the same minute of the quarter are no proof of growth', () => {
    const started = { containerStartedMs: Date.parse(at(-30)) }
    const onMark = kase(restart(0), { earlier: [restart(-60), restart(-30)], ...started })
    expect(say('steady-growth', onMark)).toEqual([])
    const off = kase(restart(2), { earlier: [restart(-60), restart(-30)], ...started })
    expect(say('steady-growth', off)).toHaveLength(1)
  })

  test('a sidecar that pays for the application beside it is not the one to change', () => {
    const victims = [victim({ pid: 9, comm: 'envoy', anonRssBytes: 20 * mebibyte })]
    const beside = (rssBytes: number) =>
      incident({
        scope: 'pod',
        container: container({ name: 'istio-proxy' }),
        victims,
        kernelReports: [report({ victims, processes: [process({ comm: 'leaky', rssBytes })] })],
      })
    expect(say('sidecar', kase(beside(200 * mebibyte)))[0]?.title).toContain('leaky held the memory')
    expect(say('sidecar', kase(beside(80 * mebibyte)))[0]?.title).toBe('The sidecar istio-proxy was the victim')
    const advice = say('pod-limit', kase(beside(200 * mebibyte)))[0]?.advice ?? ''
    expect(advice).toContain('-c CONTAINER ')
    expect(advice).not.toContain('-c istio-proxy')
  })

  test('a process that may not be killed is still the biggest', () => {
    const rows = [
      process({ rssBytes: 30 * mebibyte, oomScoreAdj: 0 }),
      process({ pid: 9, tgid: 9, comm: 'oracle', rssBytes: 3000 * mebibyte, oomScoreAdj: -1000 }),
    ]
    const path = cgroup({ taskPath: '/system.slice/app.service', limitPath: null, unit: 'app.service' })
    const died = kase(nodeIncident({ container: null, pod: null, cgroup: path }, {}, { processes: rows }))
    expect(say('bystander', died)[0]?.explanation).toContain('may not be killed')
    expect(say('system-daemon-killed', died)[0]?.severity).toBe('critical')
  })

  test('several containers of a pod without names may stand side by side', () => {
    const nameless = (minutes: number) =>
      restart(minutes, { container: container({ id: `${-minutes}`.padStart(64, '0'), name: null }) })
    const loop = say('crash-loop', kase(nameless(0), { earlier: [nameless(-2), nameless(-1)] }))[0]
    expect(loop?.confidence).toBe('likely')
    expect(loop?.explanation).not.toContain('restarts')
  })
})

test('a thread of a virtual machine that asks for memory tells what runs in the container', () => {
  const jvm = withProcesses([process({ comm: 'app' })], { trigger: trigger({ comm: 'GC Thread#3' }) })
  expect(say('jvm', kase(jvm))[0]?.explanation).toContain('GC Thread#3')
})

test('several-containers names whom the log names', () => {
  const other = 'b'.repeat(64)
  const given = kase(nodeIncident({ victims: [victim(), victim({ pid: 3, containerId: other })] }), {
    bereaved: [
      { containerId: victim().containerId!, name: 'app', pod: 'web-0', namespace: 'shop' },
      { containerId: other, name: null, pod: null, namespace: null },
    ],
  })
  const [finding] = say('several-containers', given)
  expect(finding?.explanation).toContain('Hit: shop/web-0/app.')
  expect(finding?.evidence.at(-1)?.value).toBe('shop/web-0/app')
})

test.each([
  ['Movable', 'GFP_HIGHUSER', 'that serve no such request'],
  ['Movable', 'GFP_HIGHUSER_MOVABLE', 'that were full'],
  ['Normal', 'GFP_HIGHUSER', 'that were full'],
])('numa-bound: nodes of zone %s and a request of %s are nodes %s', (name, flag, title) => {
  const node = { zones: [zone({ node: 4, zone: name, freeBytes: 900 * mebibyte })] }
  const asked = { constraint: 'cpuset', trigger: trigger({ gfpFlags: [flag] }) } as const
  const [finding] = say('numa-bound', kase(nodeIncident({ constraint: 'cpuset' }, node, asked)))
  expect(finding?.title).toBe(`Bound to memory nodes ${title}`)
})
