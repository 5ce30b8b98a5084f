/** What several incidents tell, and the findings of a workload. */
import { describe, expect, test } from 'vitest'
import { diagnoseWorkload } from '../../src/diagnosis/diagnose.ts'
import { clockAlignment, crashLoop, markWords } from '../../src/diagnosis/story.ts'
import { bytes, list, many, share } from '../../src/diagnosis/words.ts'
import type { Incident } from '../../src/model/report.ts'
import { at, container, incident, pod, restart, told, workload } from './cases.ts'
import { strayNumbers } from './numbers.ts'

const restarts = (...minutes: number[]) => minutes.map(each => restart(each))
const day = 1440

describe('crashLoop', () => {
  test('counts restarts with their median interval', () => {
    expect(crashLoop(restarts(0, 5, 11, 16).map(told))).toMatchObject({ kills: 4, medianSeconds: 300 })
  })
  test('counts the run that ends with the newest only', () => {
    expect(crashLoop(restarts(-3000, -2995, -2990, 0, 5, 11).map(told))?.kills).toBe(3)
  })
  test.each([
    ['two kills', restarts(0, 5)],
    ['kills hours apart', restarts(0, 90, 180)],
    ['one container that lives on', [0, 1, 2].map(minute => restart(minute, { container: container() }))],
    ['three pods', [0, 1, 2].map(minute => restart(minute, { pod: pod({ uid: `${minute}` }) }))],
    [
      'two containers of the pod',
      restarts(0, 5).concat(restart(6, { container: container({ id: 'x', name: 'other' }) })),
    ],
    ['pods without a name or uid', [0, 1, 2].map(minute => restart(minute, { pod: pod({ uid: null, name: null }) }))],
    ['evictions', [0, 1, 2].map(minute => restart(minute, { kind: 'eviction' }))],
  ])('does not see one in %s', (_name, incidents) => {
    expect(crashLoop(incidents.map(told))).toBeNull()
  })
})

describe('clockAlignment', () => {
  test.each([
    ['every hour', [0, 60, 120, 180, 240], 'minute 00 of an hour'],
    ['half hours', [0.1, 30.05, 60.1, 120, 150, 210], 'minutes 00 and 30 of an hour'],
    ['a night job', [0, day, 2 * day, 3 * day, 4 * day], '10:00 of a day'],
    ['most of them', [0, 60, 120, 180, 200.5], 'minute 00 of an hour'],
  ])('sees %s', (_name, minutes, words) => {
    const seen = clockAlignment(restarts(...minutes).map(told))
    expect(seen && markWords(seen)).toBe(words)
  })
  test('reads the clock of the log, not that of Greenwich', () => {
    const kills = [0, day, 2 * day, 3 * day, 4 * day].map(minutes =>
      restart(minutes, { time: at(minutes).replace('10:00:00.000+00:00', '13:00:00.000+03:00') }),
    )
    const seen = clockAlignment(kills.map(told))
    expect(seen && markWords(seen)).toBe('13:00 of a day')
  })
  test.each([
    ['four kills', [0, 60, 120, 180]],
    ['a burst within one minute mark', [0, 0.02, 0.04, 0.06, 0.08]],
    ["the kubelet's back-off of five minutes", [0, 5.05, 10.1, 15.15, 20.2, 25.25]],
    ['half of them', [0, 60, 120, 190.5, 250.5, 310.5]],
    ['later than 10 s after the minute', [0.3, 60.3, 120.3, 180.3, 240.3]],
  ])('does not see one in %s', (_name, minutes) => {
    expect(clockAlignment(restarts(...minutes).map(told))).toBeNull()
  })
})

describe('diagnoseWorkload', () => {
  test('without a name the kills of a pod may be of several containers', () => {
    const unnamed = restarts(0, 5, 11).map(one => ({ ...one, container: { ...one.container!, name: null } }))
    const loop = (incidents: readonly Incident[]) => diagnoseWorkload(workload(), incidents.map(told))[0]
    expect(loop(restarts(0, 5, 11))).toMatchObject({ code: 'crash-loop', confidence: 'computed' })
    expect(loop(unnamed)).toMatchObject({ code: 'crash-loop', confidence: 'likely' })
  })
  const codes = (minutes: number[], logEndsMs: number | null = null) =>
    diagnoseWorkload(workload(), restarts(...minutes).map(told), logEndsMs).map(finding => finding.code)
  test.each([
    ['a crash loop', [0, 5, 11, 16], ['crash-loop']],
    ['a clock', [0, 60.1, 120, 180, 240.1], ['clock-aligned']],
    ['steady growth', [0, 200, 410, 600, 830], ['steady-growth']],
    ['a spike', [0, 5000, 5001, 5002, 5003, 5004, 5006], ['crash-loop', 'spike']],
    ['two kills', [0, 5], []],
    ['lives of any length', [0, 200, 900, 1000, 1700], []],
  ])('sees %s', (_name, minutes, expected) => {
    expect(codes(minutes)).toEqual(expected)
  })
  test('sees quiet only when the log goes on for much longer than the longest gap', () => {
    const end = (minutes: number) => Date.parse(at(minutes))
    expect(
      [codes([0, 5, 11], end(200)), codes([0, 5, 11], end(60)), codes([0, 100, 200], end(400)), codes([0, 5, 11])].map(
        each => each.includes('recovered'),
      ),
    ).toEqual([true, false, false, false])
  })
  test('prints no number that its evidence does not hold', () => {
    const found = [
      [0, 5, 11, 16],
      [0, 60.1, 120, 180, 240.1],
      [0, 200, 410, 600, 830],
      [0, 5000, 5001, 5002, 5003, 5004, 5006],
    ].flatMap(minutes => diagnoseWorkload(workload(), restarts(...minutes).map(told), Date.parse(at(90_000))))
    expect(found.length).toBeGreaterThan(5)
    expect(
      found.flatMap(finding =>
        strayNumbers(finding).map(number => `${finding.code} ${number}: ${finding.explanation}`),
      ),
    ).toEqual([])
  })
  test('never fails on incidents without a time', () => {
    expect(
      diagnoseWorkload(
        workload({ limitBytes: null }),
        [incident({ time: null }), incident({ time: 'yesterday' })].map(told),
        0,
      ),
    ).toEqual([])
  })
})

describe('words', () => {
  test.each([
    [0, '0 bytes'],
    [512, '512 bytes'],
    [4096, '4 KiB'],
    [256 * 1024 ** 2, '256 MiB'],
    [1023.9 * 1024 ** 2, '1 GiB'],
    [1.5 * 1024 ** 3, '1.5 GiB'],
    [-3 * 1024, '-3 KiB'],
    [12_345_678, '11.8 MiB'],
  ])('%d bytes are %s', (value, text) => {
    expect(bytes(value)).toBe(text)
  })
  test.each([
    [1, 2, '50 %'],
    [34, 1000, '3.4 %'],
    [0, 5, '0 %'],
    [999, 1000, '99.9 %'],
    [1, 1, '100 %'],
    [1, 0, '0 %'],
  ])('%d of %d is %s', (part, whole, text) => {
    expect(share(part, whole)).toBe(text)
  })
  test('counts and lists', () => {
    expect([many(1, 'process', 'processes'), many(2, 'process', 'processes'), list(['a', 'b', 'c'])]).toEqual([
      '1 process',
      '2 processes',
      'a, b and c',
    ])
  })
})
