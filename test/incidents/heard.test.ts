import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createHeard } from '../../src/incidents/heard.ts'

type Said = readonly [message: string, uptimeSeconds: number | null]

describe('a line that a report has had', () => {
  test.each<{ name: string; before: readonly Said[]; line: Said; again: boolean }>([
    { name: 'with the same uptime', before: [['a', 1]], line: ['a', 1], again: true },
    { name: 'with the same uptime, among others', before: [['a', 1], ['b', 1], ['c', 2]], line: ['a', 1], again: true }, // biome-ignore format: one row a case
    { name: 'with another uptime', before: [['a', 1]], line: ['a', 2], again: false },
    { name: 'with an earlier one of its uptimes', before: [['a', 1], ['a', 2]], line: ['a', 1], again: true }, // biome-ignore format: one row a case
    { name: 'once with and once without an uptime', before: [['a', 1]], line: ['a', null], again: true },
    { name: 'once without and once with one', before: [['a', null]], line: ['a', 1], again: true },
    { name: 'without any uptime may be the next report’s', before: [['a', null]], line: ['a', null], again: false },
    { name: 'other words with the same uptime', before: [['a', 1]], line: ['b', 1], again: false },
    { name: 'an uptime of zero', before: [['a', 0]], line: ['a', null], again: true },
  ])('$name', ({ before, line, again }) => {
    const heard = createHeard(100)
    for (const [message, uptime] of before) heard.again(message, uptime)
    expect(heard.again(...line)).toBe(again)
  })

  test('is found as if each line had been looked up', () => {
    const said = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom(null, 0, 1, 2, 3))
    fc.assert(
      fc.property(fc.array(said, { maxLength: 12 }), lines => {
        const heard = createHeard(100)
        const known: Said[] = []
        for (const [message, uptime] of lines) {
          const isCopy = ([words, other]: Said) =>
            words === message && (other === uptime ? other !== null : other === null || uptime === null)
          const again = known.some(isCopy)
          expect(heard.again(message, uptime)).toBe(again)
          if (!again) known.push([message, uptime])
        }
      }),
    )
  })

  test('is forgotten beyond the limit', () => {
    const heard = createHeard(1)
    heard.again('a', 1)
    heard.again('b', 1)
    expect([heard.again('a', 1), heard.again('b', 1)]).toEqual([true, false])
  })
})
