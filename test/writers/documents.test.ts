import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Incident } from '../../src/model/report.ts'
import { csv } from '../../src/writers/csv.ts'
import { html } from '../../src/writers/html.ts'
import { markdown } from '../../src/writers/markdown.ts'
import type { Writer } from '../../src/writers/writer.ts'
import * as samples from './sample-incidents.ts'

const everything = [...samples.badNight, samples.grepped, samples.withoutTime, samples.hostile]

function write(writer: Writer, incidents: readonly Incident[], raw = false): string {
  const writing = writer.open({ columns: 80, color: false, raw, follow: false })
  const summary = samples.summaryOf(incidents, {
    workloads: [samples.workload([samples.containerLimit, ...samples.restarts])],
    warnings: [samples.warning()],
  })
  return [
    writing.begin(),
    ...incidents.map(writing.incident),
    ...[writing.end(summary)].flatMap(end => (typeof end === 'string' ? end : [...end])),
  ].join('')
}

const named = (comm: string) =>
  samples.incident({
    host: comm,
    victims: [samples.victim({ comm })],
    pod: { name: comm, namespace: comm, uid: comm, qosClass: null },
    cgroup: samples.cgroup({ limitPath: comm }),
    kernelReports: [samples.kernelReport({ processes: [samples.process({ comm })] })],
    diagnosis: [samples.finding({ title: comm, explanation: comm, advice: `see ${comm.replaceAll('\n', '')}` })],
    evidence: [{ source: comm, member: comm, line: 1, byteOffset: 0, text: comm }],
  })

describe('markdown', () => {
  test('a bad night, ready for a ticket', () =>
    expect(write(markdown, samples.badNight)).toMatchFileSnapshot('golden/bad-night.md'))
  test('names that try to be markup are none', () =>
    expect(write(markdown, [samples.hostile], true)).toMatchFileSnapshot('golden/hostile.md'))
  test('every incident is in it by its id', () => {
    const written = write(markdown, everything)
    expect(everything.filter(({ id }) => !written.includes(id))).toEqual([])
  })
  test('no incident is said in its title, and at its end what that is worth', () => {
    const written = write(markdown, [])
    expect(written).toMatch(/^# No OOM kill found\n/)
    expect(written).toMatch(/none reports an OOM kill\.|says nothing about the node|No line speaks of/)
  })
  test('the others of a group are told with the container they were', () => {
    const of = (id: string) =>
      samples.incident({
        id: id.repeat(12),
        container: { id: id.repeat(64), name: null, attempt: null, runtime: null, sandboxId: null, image: null },
        pod: { name: null, namespace: null, uid: 'u', qosClass: null },
      })
    const incidents = [of('a'), of('b')]
    for (const writer of [markdown, html]) {
      const written = write(writer, incidents)
      expect(written).toContain('aaaaaaaaaaaa')
      expect(written).toContain('container bbbbbbbbbbbb of pod uid u')
    }
  })
})

describe('html', () => {
  test('runs and loads nothing', () => {
    const written = write(html, everything, true)
    expect(written).toContain(`default-src 'none'`)
    const tags = (written.match(/<[a-z!][^>]*>/gi) ?? []).join('')
    expect(tags).not.toMatch(/<script|<img|<link|<iframe|\bsrc=|href="(?!#)|\bon[a-z]+=/)
    expect(written).not.toMatch(/url\(/)
  })
  test('every incident is in it by its id', () => {
    const written = write(html, everything)
    expect(everything.filter(({ id }) => !written.includes(id))).toEqual([])
  })
  test('whatever the names, the tags are the same', () => {
    const tags = (written: string) => written.match(/<\/?[a-z!][^>]*>/gi)
    const expected = tags(write(html, [named('name')], true))
    const name = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', 'b', '/', '=') }),
    )
    fc.assert(
      fc.property(
        name.filter(text => text !== ''),
        text => {
          expect(tags(write(html, [named(text)], true))).toEqual(expected)
        },
      ),
      { numRuns: 60 },
    )
  })
  test('two incidents with a time make a picture, one does not', () => {
    expect(write(html, [samples.panic])).not.toContain('<svg')
    expect(write(html, [samples.nodeWide, samples.panic])).toContain('<path class="panic"')
  })
})

describe('csv', () => {
  const lines = write(csv, everything).split('\r\n')
  test('is a heading, and a row a victim or an incident without one', () => {
    const rows = everything.reduce((sum, { victims }) => sum + Math.max(victims.length, 1), 0)
    expect(lines).toHaveLength(1 + rows + 1)
    expect(lines.at(-1)).toBe('')
  })
  test('has the same number of fields in every row', () => {
    const count = (line: string) => line.replace(/"(?:[^"]|"")*"/g, '').split(',').length
    expect(new Set(lines.slice(0, -1).map(count)).size).toBe(1)
  })
  test('no field begins like a formula', () => {
    const fields = lines
      .slice(1)
      .flatMap(line => line.split(','))
      .filter(field => !/^-?\d+$/.test(field))
    expect(fields.filter(field => /^"?[=+\-@]/.test(field))).toEqual([])
  })
})
