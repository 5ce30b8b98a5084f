/** Every rule over its two cases, and what holds for all of them. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { diagnose, rules } from '../../src/diagnosis/index.ts'
import type { Case } from '../../src/diagnosis/rule.ts'
import type { Finding } from '../../src/model/report.ts'
import {
  container,
  event,
  incident,
  kase,
  mebibyte,
  nodeIncident,
  pod,
  process,
  report,
  trigger,
  victim,
  withProcesses,
  withStats,
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
    for (const { fires } of ruleCases) {
      const found = diagnose(fires)
      if (found.some(finding => finding.severity === 'info')) expect(found.length).toBeLessThanOrEqual(6)
    }
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

test('a thread of a virtual machine that asks for memory tells what runs in the container', () => {
  const jvm = withProcesses([process({ comm: 'app' })], { trigger: trigger({ comm: 'GC Thread#3' }) })
  expect(say('jvm', kase(jvm))[0]?.explanation).toContain('GC Thread#3')
})
