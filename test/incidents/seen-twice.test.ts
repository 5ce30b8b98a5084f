/** The same kill in two logs, or twice in one: it is one incident, and one log lends the other what it does not know. */
import { describe, expect, test } from 'vitest'
import { containerPath, header, ID_A, ID_B, loneKill, report, taskOom, UID_A, UID_B } from '../support/kills.ts'
import { logOfText, reportOf } from '../support/report-of.ts'

/** Lines of `dmesg`: uptimes for stamps. Two hundred seconds after a boot at 09:18:40. */
const asDmesg = (lines: readonly string[], uptime: number) =>
  lines.map(line => `[${uptime.toFixed(6).padStart(12)}] ${line.replace(/^.* kernel: /, '')}`)

/** The same lines as rsyslog's imklog writes them: with the uptime inside. */
const withUptime = (lines: readonly string[], uptime: number) =>
  lines.map(line => line.replace(' kernel: ', ` kernel: [${uptime.toFixed(6).padStart(12)}] `))

/** `Mar 15 09:22:00` as `dmesg -T` shows it, so many hours off. */
const asDmesgT = (lines: readonly string[], hour: string) =>
  lines.map(line => line.replace(/^Mar 15 09:(\d\d:\d\d) \S+ kernel: /, `[Tue Mar 15 ${hour}:$1 2022] `))

const logs = (...texts: string[][]) => texts.map((lines, at) => logOfText(lines.join('\n'), 65_536, `${at}.log`))

describe('what repeats a kill in one log', () => {
  const kill = report(0, 10)
  const killLine = kill.find(line => line.includes('Killed process'))!.replace(/^.* kernel: /, '')

  test('a copy of the kill line without a time, behind the log or before it, makes no incident', async () => {
    for (const lines of [
      [...kill, 'I saw:', killLine],
      [killLine, '', ...kill],
    ]) {
      const { incidents } = await reportOf(logs(lines))
      expect(incidents.map(({ victims }) => victims.length)).toEqual([1])
      expect(incidents[0]?.time).not.toBeNull()
    }
  })

  test('nor does the event of it, whose node has a domain', async () => {
    const [host] = /(?<=:\d\d )\S+/.exec(kill[0]!) ?? []
    const event = `27m  Warning  OOMKilling  node/${host}.example.com  ${killLine}`
    const { incidents } = await reportOf(logs([...kill, event]))
    expect(incidents).toHaveLength(1)
  })

  test('a container that lists the events again and again has seen no kill', async () => {
    const row = `27m  Warning  OOMKilling  node/n  ${killLine}`
    const lines = ['21', '22', '23'].map(minute => `2022-03-15T00:${minute}:41.553168162Z stdout F ${row}`)
    expect((await reportOf(logs(lines))).incidents).toEqual([])
  })

  test('an event of another kill does', async () => {
    const other = killLine.replace(/process \d+/, 'process 4711')
    const { incidents } = await reportOf(logs([...kill, `27m  Warning  OOMKilling  node/n  ${other}`]))
    expect(incidents).toHaveLength(2)
  })
})

describe('two logs of one node', () => {
  test('a kill in messages and dmesg is one incident with the evidence of both', async () => {
    const kill = report(0, 10)
    const { incidents } = await reportOf(logs([...kill, taskOom(0, ID_A)], asDmesg(kill, 200)))
    expect(incidents).toHaveLength(1)
    expect(incidents[0]?.kernelReports).toHaveLength(1)
    expect(new Set(incidents[0]?.evidence.map(({ source }) => source))).toEqual(new Set(['0.log', '1.log']))
  })

  test('kills of the node are, too, where a TaskOOM has joined the lines of dmesg', async () => {
    // as seen from the second kill, the line of the first came late
    const [first, second] = [report(0, 10, { limit: null }), report(2, 11, { limit: null })]
    const messages = [...first, taskOom(0, ID_A), ...second]
    const { incidents } = await reportOf(logs(messages, [...asDmesg(first, 200), ...asDmesg(second, 202.5)]))
    expect(incidents.map(({ kernelReports }) => kernelReports.length)).toEqual([2])
    expect(incidents[0]?.runtimeEvents.map(({ type }) => type)).toEqual(['TaskOOM'])
  })

  test('a kill that only dmesg has gets its time by one that both have', async () => {
    const both = report(0, 10)
    const second = asDmesg(report(60, 11), 260.5)
    const { incidents } = await reportOf(logs([...both, taskOom(0, ID_A)], [...asDmesg(both, 200), ...second]))
    expect(incidents.map(({ time, timeFrom }) => [time, timeFrom])).toEqual([
      ['2022-03-15T09:22:00.000000000Z', 'containerd'],
      ['2022-03-15T09:23:00.500+00:00', 'kernel'],
    ])
  })

  test('so do what the reaper did and what it could not do', async () => {
    const both = report(0, 10)
    const second = [
      ...asDmesg(report(60, 11), 260.5),
      '[  261.500000] oom_reaper: unable to reap pid:11 (java)',
      '[  262.500000] oom_reaper: reaped process 11 (java), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB',
    ]
    const { incidents } = await reportOf(logs([...both, taskOom(0, ID_A)], [...asDmesg(both, 200), ...second]))
    expect(incidents[1]?.runtimeEvents.map(({ time }) => time)).toEqual(['2022-03-15T09:23:01.500+00:00'])
    expect(incidents[1]?.victims.map(({ reapedAt }) => reapedAt)).toEqual(['2022-03-15T09:23:02.500+00:00'])
  })

  test('without a kill in common, dmesg has no time', async () => {
    const { incidents } = await reportOf(logs([...report(0, 10), taskOom(0, ID_A)], asDmesg(report(60, 11), 260)))
    expect(incidents.map(({ time }) => time)).toEqual(['2022-03-15T09:22:00.000000000Z', null])
  })

  test('a dmesg -T that runs late is not trusted, and said to be doubtful', async () => {
    const kill = report(0, 10)
    const late = kill.map(line => line.replace(/^Mar 15 09:22:00 \S+ kernel: /, '[Tue Mar 15 09:22:50 2022] '))
    const { incidents, warnings } = await reportOf(logs([...kill, taskOom(0, ID_A)], late), { zone: '+00:00' })
    expect(incidents.map(({ time }) => time)).toEqual(['2022-03-15T09:22:00.000000000Z'])
    expect(warnings.map(({ code }) => code)).toContain('kernel-time-doubtful')
  })

  test('nor is one that runs early, wherever a time is told', async () => {
    const kill = report(0, 10)
    const early = asDmesgT(kill, '09').map(line => line.replace('09:22:00', '09:21:15'))
    const { incidents } = await reportOf(logs(kill, early), { year: 2022, zone: '+00:00' })
    const times = incidents.flatMap(({ time, kernelReports: [told], victims: [victim] }) => [
      time,
      told?.time,
      told?.victims[0]?.time,
      victim?.time,
    ])
    expect(new Set(times)).toEqual(new Set(['2022-03-15T09:22:00+00:00']))
  })

  test('nor of a kill without a report', async () => {
    const early = asDmesgT([loneKill(0, 10)], '09').map(line => line.replace('09:22:00', '09:21:15'))
    const { incidents, warnings } = await reportOf(logs([loneKill(0, 10)], early), { year: 2022, zone: '+00:00' })
    expect(incidents.map(({ time, victims: [victim] }) => [time, victim?.time])).toEqual([
      ['2022-03-15T09:22:00+00:00', '2022-03-15T09:22:00+00:00'],
    ])
    expect(warnings.map(({ code }) => code)).toEqual(['kernel-time-doubtful'])
  })

  test('where nobody was killed it is known again by the trigger and its figures', async () => {
    const text = (message: string) => `Mar 15 09:22:00 node1 kernel: ${message}`
    const none = [
      header(0),
      text('CPU: 3 PID: 48240 Comm: java Not tainted 5.15.0-1053-azure #61-Ubuntu'),
      text('memory: usage 524288kB, limit 524288kB, failcnt 41'),
      text(`Memory cgroup stats for ${containerPath(UID_A, ID_A)}:`),
      text('Out of memory and no killable processes...'),
    ]
    const early = asDmesgT(none, '09').map(line => line.replace('09:22:00', '09:21:15'))
    const { incidents } = await reportOf(logs(none, early), { year: 2022, zone: '+00:00' })
    expect(incidents.map(({ time, kernelReports }) => [time, kernelReports.length])).toEqual([
      ['2022-03-15T09:22:00+00:00', 1],
    ])
  })

  describe('a log that has lost the line of the sizes', () => {
    const unit = '/system.slice/backup.service'
    const cases: readonly [string, readonly string[]][] = [
      ['of a unit', report(0, 10, { task: unit })],
      ['of the node', report(0, 10, { limit: null })],
      ['of the node, among others', [...report(0, 10, { limit: null }), ...report(3, 11, { limit: null })]],
    ]
    test.each(cases)('%s', async (_, lines) => {
      const lossy = lines.filter(line => !line.includes('Killed process 10 '))
      const pairs = [
        [withUptime(lossy, 200), asDmesg(lines, 200)],
        [lossy, asDmesgT(lines, '09')],
      ]
      for (const pair of pairs) {
        const { incidents } = await reportOf(logs(...pair), { year: 2022, zone: '+00:00' })
        expect(incidents.map(({ victims }) => victims.map(({ pid }) => pid))).toEqual([
          [...new Set(lines.flatMap(line => /Killed process (\d+)/.exec(line)?.[1] ?? []))].map(Number),
        ])
      }
    })
  })

  test('lines that one log has lost are told by the other', async () => {
    const kill = report(0, 10, { rows: [10, 11] })
    const [whole] = (await reportOf(logs(kill), { year: 2022, zone: '+00:00' })).incidents
    const without = (...lost: number[]) => kill.filter((_, at) => !lost.includes(at))
    const pairs = [
      [without(0, 1), without(2, 3)],
      [without(1, 5), without(3, 4)],
      [without(6), without(0, 5)],
    ]
    for (const pair of pairs) {
      const { incidents } = await reportOf(logs(...pair), { year: 2022, zone: '+00:00' })
      const facts = incidents.map(({ evidence: _evidence, ...incident }) => incident)
      const { evidence: _evidence, ...expected } = whole!
      expect(facts).toEqual([expected])
    }
  })

  test('a report that has lost its kill is known by the trigger and its figures', async () => {
    const [head, ...rest] = report(0, 10, { task: '/system.slice/backup.service' })
    const cpu = 'Mar 15 09:22:00 node1 kernel: CPU: 3 PID: 48240 Comm: java Not tainted 5.15.0-1053-azure #61-Ubuntu'
    const whole = [head!, cpu, ...rest]
    const lossy = whole.filter(line => !/oom-kill:|Killed/.test(line))
    const { incidents } = await reportOf(logs(lossy, asDmesg(whole, 200)), { year: 2022, zone: '+00:00' })
    expect(incidents.map(({ victims, kernelReports }) => [victims.length, kernelReports.length])).toEqual([[1, 1]])
  })

  test('kills that one process asked for are no report twice where the kernel counts no failures', async () => {
    const cpu = 'Mar 15 09:22:00 node1 kernel: CPU: 3 PID: 48240 Comm: java Not tainted 6.14.0-15-generic #15-Ubuntu'
    const asked = (second: number, pid: number) => {
      const [head, ...rest] = report(second, pid).map(line => line.replace('failcnt 41', 'failcnt 0'))
      return [head!, cpu.replace(':00 ', `:${String(second).padStart(2, '0')} `), ...rest]
    }
    const [first, second] = [asked(0, 10), asked(50, 11)]
    const pairs = [
      [
        [...first, ...second],
        [...asDmesg(first, 200), ...asDmesg(second, 250)],
      ],
      [[...first, ...second], asDmesgT([...first, ...second], '09')],
      [first, second],
    ]
    for (const pair of pairs) {
      const { incidents } = await reportOf(logs(...pair), { year: 2022, zone: '+00:00' })
      expect(incidents.map(({ victims }) => victims.map(({ pid }) => pid))).toEqual([[10], [11]])
    }
  })

  test('a process of one number and name that dies on two nodes at once dies twice, also without its size', async () => {
    const first = report(0, 10, { limit: null })
    const second = first.filter(line => !line.includes('Killed')).map(line => line.replace(' node1 ', ' node2 '))
    const { incidents } = await reportOf(logs(first, second), { year: 2022, zone: '+00:00' })
    expect(incidents.map(({ host }) => host).sort()).toEqual(['node1', 'node2'])
  })

  test('a report that has lost both who asked and who died is known by the kernel’s clock', async () => {
    const [head, ...rest] = report(0, 10)
    const cpu = 'Mar 15 09:22:00 node1 kernel: CPU: 3 PID: 48240 Comm: java Not tainted 5.15.0-1053-azure #61-Ubuntu'
    const whole = withUptime([head!, cpu, ...rest], 200)
    const lossy = withUptime([head!, ...rest.filter(line => !/oom-kill:|Killed/.test(line))], 200)
    const { incidents } = await reportOf(logs(lossy, whole), { year: 2022, zone: '+00:00' })
    expect(incidents.map(({ kernelReports }) => kernelReports.length)).toEqual([1])
  })

  test('what one log has put with the wrong container, the other puts right', async () => {
    const [first, second] = [report(0, 10), report(3, 20, { task: containerPath(UID_B, ID_B) })]
    // all that is left of the second is its header and its kill
    const lossy = [...first, second[0]!, second.at(-1)!]
    const whole = [...first, ...second].map(line => line.replace(/(09:22:0\d)/, '$1.500000'))
    const { incidents } = await reportOf(logs(lossy, whole), { year: 2022, zone: '+00:00' })
    expect(incidents.map(({ container, victims }) => [container?.id, victims.map(({ pid }) => pid)])).toEqual([
      [ID_A, [10]],
      [ID_B, [20]],
    ])
  })

  test('kills that are two incidents in one log and one in the other are told once each', async () => {
    const [first, second] = [report(0, 10), report(6, 11)]
    // as dmesg -T rounds: five seconds apart
    const together = [...first, ...second.map(line => line.replace('09:22:06', '09:22:05'))]
    const { incidents } = await reportOf(logs([...first, ...second], asDmesgT(together, '09')), { zone: '+00:00' })
    expect(incidents.flatMap(({ victims }) => victims.map(({ pid }) => pid))).toEqual([10, 11])
  })

  test('a zone that one log does not tell is learned from the other', async () => {
    const kill = report(0, 10)
    const { incidents, sources, warnings } = await reportOf(logs([...kill, taskOom(0, ID_A)], asDmesgT(kill, '18')))
    expect(incidents).toHaveLength(1)
    expect(sources.map(({ offsetFrom }) => offsetFrom)).toEqual(['containerd', 'containerd'])
    expect(sources[1]?.firstTime).toBe('2022-03-15T18:22:00+09:00')
    expect(warnings.map(({ code }) => code)).not.toContain('zone-assumed')
  })

  test('the newest line is so, too: relative times count from it', async () => {
    const kill = report(0, 10)
    const known = [...kill, taskOom(0, ID_A), taskOom(60, ID_B)]
    const newest = async (...texts: string[][]) => {
      const said = new Set<number | null>()
      await reportOf(logs(...texts), { wants: (_, newestMs) => said.add(newestMs).size > 0 })
      return [...said]
    }
    const later = asDmesgT(report(90, 12), '18')
    expect(await newest(known, asDmesgT(kill, '18'))).toEqual([Date.UTC(2022, 2, 15, 9, 23)])
    expect(await newest(known, [...asDmesgT(kill, '18'), ...later])).toEqual([Date.UTC(2022, 2, 15, 9, 23, 30)])
  })

  describe('what the kernel left out is credited once', () => {
    const leftOut = (count: number, clock = '09:22:03') =>
      `Mar 15 ${clock} node1 kernel: oom_kill_process: ${count} callbacks suppressed`
    const kill = report(0, 10)
    const late = (lines: readonly string[]) => asDmesgT(lines, '09').map(line => line.replace(/ 09:22:/, ' 09:23:'))
    test.each<[string, string[], string[], number]>([
      ['in a copy', [...kill, leftOut(7)], [...kill, leftOut(7)], 7],
      ['in a dmesg', [...kill, leftOut(7)], [...asDmesg(kill, 200), ...asDmesg([leftOut(7)], 203)], 7],
      ['in a dmesg -T that runs late', [...kill, taskOom(0, ID_A), leftOut(7)], late([...kill, leftOut(7)]), 7],
      ['as far as both logs have it', [...kill, leftOut(7)], [...kill, leftOut(7), leftOut(3, '09:22:09')], 10],
      ['and twice where it was said twice', [...kill, leftOut(7)], [...kill, leftOut(7, '09:22:09')], 14],
    ])('%s', async (_, one, other, expected) => {
      const { incidents, stats } = await reportOf(logs(one, other), { year: 2022, zone: 'UTC' })
      expect(incidents.map(({ suppressedReports }) => suppressedReports)).toEqual([expected])
      expect(stats.suppressedReports).toBe(expected)
    })
  })

  test('an incident that goes on in the next says so, whichever of the logs has it', async () => {
    const kills = Array.from({ length: 200 }, (_, i) => report(i * 4, 100 + i))
    const { incidents, warnings } = await reportOf(logs(kills[0]!, asDmesgT(kills.flat(), '10')), {
      year: 2022,
      zone: 'UTC',
    })
    expect(incidents).toHaveLength(2)
    expect(warnings.map(({ code }) => code)).toContain('incident-split')
  })

  test('two nodes with the same pid, name and sizes are two incidents', async () => {
    const here = withUptime(report(0, 10, { limit: null }), 1000)
    const there = withUptime(report(33, 10, { limit: null, host: 'node2' }), 501_000)
    const { incidents } = await reportOf(logs(here, there), { year: 2022, zone: 'UTC' })
    expect(incidents.map(({ host }) => host)).toEqual(['node1', 'node2'])
  })
})

describe('lines that two daemons wrote into one log', () => {
  test.each([
    ['both with the uptime', (line: string) => [line, line]],
    ['one without', (line: string) => [line, line.replace(/\[ *\d+\.\d+\] /, '')]],
  ])('%s', async (_, twice) => {
    const kill = withUptime(report(0, 10, { rows: [10, 11] }), 200)
    const once = (await reportOf(logs([...kill]), { year: 2022, zone: 'UTC' })).incidents
    const doubled = (await reportOf(logs(kill.flatMap(twice)), { year: 2022, zone: 'UTC' })).incidents
    const facts = ({ evidence: _evidence, ...incident }: (typeof once)[number]) => incident
    expect(doubled.map(facts)).toEqual(once.map(facts))
  })

  describe('by one daemon, one right behind the other, without uptimes', () => {
    const facts = async (lines: readonly string[]) =>
      (await reportOf(logs([...lines]), { year: 2022, zone: 'UTC' })).incidents.map(
        ({ evidence: _evidence, ...incident }) => incident,
      )
    const ofV1 = (lines: readonly string[]) =>
      lines.flatMap(line =>
        line.includes('oom-kill:')
          ? []
          : line.includes('Memory cgroup out of memory')
            ? [
                line.replace(/Killed process (\d+) \((.*?)\) .*/, 'Kill process $1 ($2) score 984 or sacrifice child'),
                line.replace('Memory cgroup out of memory: ', ''),
              ]
            : [line],
      )
    test.each([
      ['a report', report(0, 10, { rows: [10, 11] })],
      ['a report of the node', report(0, 10, { rows: [10, 11], limit: null })],
      ['a report of old kernels', ofV1(report(0, 10, { rows: [10, 11] }))],
      ['two reports in turn', [...report(0, 10), ...report(0, 20, { task: containerPath(UID_B, ID_B) })]],
      ['a kill without a report', [loneKill(0, 10)]],
      ['a kill of old kernels without a report', ofV1([loneKill(0, 10)])],
    ])('%s', async (_, lines) => {
      const stamped = lines.map(line => line.replace('Mar 15 09:22:00', '2022-03-15T09:22:00.123456+00:00'))
      for (const written of [lines, stamped]) {
        expect(await facts(written.flatMap(line => [line, line]))).toEqual(await facts(written))
      }
    })

    test('headers alone, as a search leaves them, are reports', async () => {
      const { incidents } = await reportOf(logs([header(0), header(0), header(0)]), { year: 2022, zone: 'UTC' })
      expect(incidents.map(({ kernelReports }) => kernelReports.length)).toEqual([3])
    })

    test('dmesg makes no copies: what is alike is as many kills', async () => {
      const path = containerPath(UID_A, ID_A)
      const line = `[Tue Mar 15 09:22:00 2022] Task in ${path} killed as a result of limit of ${path}`
      const { incidents } = await reportOf(logs([line, line, line]), { zone: 'UTC' })
      expect(incidents.map(({ kernelReports }) => kernelReports.length)).toEqual([3])
    })
  })

  test('the same words without an uptime are two reports', async () => {
    const kill = report(0, 10)
    const { incidents } = await reportOf(logs([...kill, ...report(1, 11)]), { year: 2022, zone: 'UTC' })
    expect(incidents[0]?.kernelReports).toHaveLength(2)
  })
})

test('a kill line between the lines of another report is of the report whose table lists its pid', async () => {
  // kernels up to 4.1 print reports of two cgroups at once; `Task in` tells whose each is
  const taskIn = (path: string) =>
    `Mar 15 09:22:00 node1 kernel: Task in ${path} killed as a result of limit of ${path}`
  const ofEl7 = (pid: number, path: string) => {
    const [head, ...rest] = report(0, pid).filter(line => !line.includes('oom-kill:'))
    return [head!, taskIn(path), ...rest]
  }
  const a = ofEl7(10, containerPath(UID_A, ID_A))
  const b = ofEl7(20, containerPath(UID_B, ID_B))
  const mixed = [...a.slice(0, -1), b[0]!, a.at(-1)!, ...b.slice(1)]
  const { incidents } = await reportOf(logs(mixed), { year: 2022, zone: 'UTC' })
  const told = incidents.map(({ container, victims }) => [container?.id, victims.map(({ pid }) => pid)])
  expect(told.sort()).toEqual([
    [ID_A, [10]],
    [ID_B, [20]],
  ])
})
