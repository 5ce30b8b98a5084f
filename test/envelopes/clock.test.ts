import { describe, expect, test } from 'vitest'
import { type ClockOptions, createClock } from '../../src/envelopes/clock.ts'
import { createUnwrapper } from '../../src/envelopes/index.ts'
import { type OwnTime, ownTimeOf } from '../../src/envelopes/own-time.ts'
import type { Moment } from '../../src/model/record.ts'

const NODE_LINE = 'Mar 15 09:22:41 node1 kernel: x'
const CONTAINERD_LINE = 'Mar 15 09:22:41 node1 containerd: time="2022-03-15T09:22:41.553168162+09:00" level=info msg=x'

/** How a log's lines are dated, in a file last written at the end of 2026. */
function dated(lines: readonly string[], options: Partial<ClockOptions> = {}) {
  const unwrapper = createUnwrapper()
  const given: ClockOptions = { year: null, zone: null, localZone: 'UTC', nowMs: Date.UTC(2026, 10, 25), ...options }
  const clock = createClock<null>(given)
  clock.file({ dateSuffix: null, mtimeMs: Date.UTC(2026, 10, 25) })
  const moments: (Moment | null)[] = []
  const records = lines.flatMap((text, index) =>
    unwrapper.feed({ text, lineNumber: index + 1, byteOffset: 0, source: 0 }),
  )
  for (const record of [...records, ...unwrapper.end()]) {
    const own: OwnTime | null = ownTimeOf(record.message)
    moments.push(...clock.feed(null, record.stamp, record.stampFrom, own).map(timed => timed.moment))
  }
  moments.push(...clock.end().map(timed => timed.moment))
  return {
    times: moments.map(moment => moment?.iso ?? null),
    yearFrom: clock.yearFrom(),
    offsetFrom: clock.offsetFrom(),
  }
}

describe('year and offset of a stamp that has none', () => {
  const cases: readonly [
    name: string,
    lines: readonly string[],
    times: readonly (string | null)[],
    yearFrom: string | null,
    offsetFrom: string | null,
  ][] = [
    [
      'come from a containerd line below',
      [NODE_LINE, CONTAINERD_LINE],
      ['2022-03-15T09:22:41+09:00', '2022-03-15T09:22:41.553168162+09:00'],
      'containerd',
      'containerd',
    ],
    [
      'are those of the next containerd line where daylight saving has begun since the last',
      [
        'Mar 27 01:59:50 node1 containerd: time="2022-03-27T01:59:50.5+01:00" level=info msg=x',
        'Mar 27 03:00:05 node1 kernel: x',
        'Mar 27 03:00:06 node1 containerd: time="2022-03-27T03:00:06.5+02:00" level=info msg=x',
      ],
      ['2022-03-27T01:59:50.5+01:00', '2022-03-27T03:00:05+02:00', '2022-03-27T03:00:06.5+02:00'],
      'containerd',
      'containerd',
    ],
    [
      'are those of the next containerd line where daylight saving has ended since the last',
      [
        'Oct 30 02:59:50 node1 containerd: time="2022-10-30T02:59:50.5+02:00" level=info msg=x',
        'Oct 30 02:59:51 node1 kernel: x',
        'Oct 30 02:00:05 node1 kernel: x',
        'Oct 30 02:00:06 node1 containerd: time="2022-10-30T02:00:06.5+01:00" level=info msg=x',
      ],
      [
        '2022-10-30T02:59:50.5+02:00',
        '2022-10-30T02:59:51+02:00',
        '2022-10-30T02:00:05+01:00',
        '2022-10-30T02:00:06.5+01:00',
      ],
      'containerd',
      'containerd',
    ],
    [
      'stay where no containerd line follows a pause',
      [CONTAINERD_LINE, 'Mar 15 11:30:00 node1 kernel: x'],
      ['2022-03-15T09:22:41.553168162+09:00', '2022-03-15T11:30:00+09:00'],
      'containerd',
      'containerd',
    ],
    ['come from the file where nothing tells them', [NODE_LINE], ['2026-03-15T09:22:41+00:00'], 'mtime', 'local'],
    [
      "come from a CRI record around the line of a shipper's",
      [`2022-03-15T00:22:41.753168162Z stdout F ${NODE_LINE}`],
      ['2022-03-15T09:22:41+09:00'],
      'stamp',
      'stamp',
    ],
    [
      'come from a docker json-file around it',
      [`{"log":"${NODE_LINE}\\n","stream":"stdout","time":"2022-03-15T00:22:42.553168162Z"}`],
      ['2022-03-15T09:22:41+09:00'],
      'stamp',
      'stamp',
    ],
    [
      "come from a collector's stamp around it",
      [`{"timestamp":1647303761553,"message":"${NODE_LINE}","ingestionTime":1647303762000}`],
      ['2022-03-15T09:22:41+09:00'],
      'stamp',
      'stamp',
    ],
    [
      'come from around a line of the year before',
      ['2021-12-31T15:30:01.5Z stdout F Jan  1 00:30:00 node1 kernel: x'],
      ['2022-01-01T00:30:00+09:00'],
      'stamp',
      'stamp',
    ],
    [
      'an old line that is printed late gets its year, but no offset',
      [`2022-11-02T00:29:41.553168162Z stdout F ${NODE_LINE}`],
      ['2022-03-15T09:22:41+00:00'],
      'stamp',
      'local',
    ],
    [
      "a line of December that is printed in January is the year before's",
      ['2022-01-03T00:29:41.553168162Z stdout F Dec 31 10:00:00 node1 kernel: x'],
      ['2021-12-31T10:00:00+00:00'],
      'stamp',
      'local',
    ],
    [
      'containerd knows better than what is around',
      [`2022-03-15T00:22:41.753168162Z stdout F ${CONTAINERD_LINE}`, NODE_LINE],
      ['2022-03-15T09:22:41.553168162+09:00', '2022-03-15T09:22:41+09:00'],
      'stamp',
      'containerd',
    ],
    [
      'of dmesg -T only the offset is needed',
      ['2022-03-15T00:22:41.753168162Z stdout F [Tue Mar 15 09:22:41 2022] x'],
      ['2022-03-15T09:22:41+09:00'],
      'stamp',
      'stamp',
    ],
  ]
  test.each(cases)('%s', (_name, lines, times, yearFrom, offsetFrom) => {
    expect(dated(lines)).toEqual({ times, yearFrom, offsetFrom })
  })

  test('a zone that the user gives stands against what is around', () => {
    const lines = [`2022-03-15T00:22:41.753168162Z stdout F ${NODE_LINE}`]
    expect(dated(lines, { zone: 'Asia/Seoul' })).toMatchObject({
      times: ['2022-03-15T09:22:41+09:00'],
      offsetFrom: 'option',
    })
    expect(dated(lines, { zone: '-05:00', year: 2021 })).toMatchObject({ times: ['2021-03-15T09:22:41-05:00'] })
  })
})

describe('a year that changes inside the log', () => {
  test('goes on from December to January', () => {
    const lines = ['Dec 31 23:59:50 node1 kernel: x', 'Jan  1 00:00:30 node1 kernel: x']
    expect(dated(lines).times).toEqual(['2025-12-31T23:59:50+00:00', '2026-01-01T00:00:30+00:00'])
    expect(dated(lines, { year: 2021 }).times).toEqual(['2021-12-31T23:59:50+00:00', '2022-01-01T00:00:30+00:00'])
  })
  test('29 February of a year that has none has no time', () =>
    expect(dated(['Feb 29 12:00:00 node1 kernel: x'], { year: 2023 }).times).toEqual([null]))
  test('29 February takes the newest leap year', () =>
    expect(dated(['Feb 29 12:00:00 node1 kernel: x']).times).toEqual(['2024-02-29T12:00:00+00:00']))
})
