import { describe, expect, test } from 'vitest'
import { readSettings } from '../../src/commands/options.ts'
import { createSelection } from '../../src/commands/selection.ts'
import type { Incident } from '../../src/model/report.ts'

/** As much of an incident as its time is chosen by. */
function at(time: string | null) {
  const incident = {
    time,
    scope: 'container',
    host: 'node-1',
    victims: [],
    runtimeEvents: [],
    container: null,
    pod: null,
  }
  return { incident: incident as unknown as Incident, timeMs: time === null ? null : Date.parse(time) }
}

const io = { nowMs: () => Date.parse('2022-03-15T12:00:00Z'), localZone: 'UTC' }

function chosen(typed: Record<string, string | boolean>, newest: string | null, ...times: (string | null)[]) {
  const wants = createSelection(readSettings({ _: [], output: 'text', ...typed }), io)
  return times.filter(time => wants(at(time), newest === null ? null : Date.parse(newest)))
}

const UTC = '2022-03-15T00:22:41.100000000Z'
const SEOUL = '2022-03-15T10:22:41+09:00'
const LATER = '2022-03-15T11:22:41+09:00'

describe('a bare time', () => {
  test.each([
    ['is that of the stamp', { since: '2022-03-15 10:00' }, [SEOUL, LATER]],
    ['of a day, too', { since: '11:00' }, [LATER]],
    ["is --timezone's, where it is given", { since: '2022-03-15 09:00', timezone: 'Asia/Seoul' }, [UTC, SEOUL, LATER]],
    ['with an offset is no bare time', { until: '2022-03-15T10:23+09:00' }, [UTC, SEOUL]],
  ])('%s', (_, typed, expected) => {
    expect(chosen(typed, LATER, UTC, SEOUL, LATER)).toEqual(expected)
  })

  test('chooses the same, whichever incident comes first', () => {
    expect(chosen({ since: '10:00' }, LATER, SEOUL, LATER, UTC)).toEqual([SEOUL, LATER])
  })
})

describe('a relative time', () => {
  test("counts from the logs' newest line", () => {
    expect(chosen({ since: '-1h' }, LATER, UTC, SEOUL, LATER)).toEqual([SEOUL, LATER])
  })
  test('counts from --now', () => {
    expect(chosen({ until: '-1h', now: LATER }, UTC, UTC, SEOUL, LATER)).toEqual([UTC, SEOUL])
  })
  test('counts from the start of the program where logs are followed', () => {
    expect(chosen({ since: '-11h', follow: true }, null, UTC, SEOUL, LATER)).toEqual([SEOUL, LATER])
  })
})

test('an incident without a time is kept', () => {
  expect(chosen({ since: '2022-03-15' }, null, null)).toEqual([null])
})
