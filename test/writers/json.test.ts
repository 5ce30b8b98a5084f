import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import type { Incident } from '../../src/model/report.ts'
import { json } from '../../src/writers/json.ts'
import { ndjson } from '../../src/writers/ndjson.ts'
import { schemaText } from '../../src/writers/schema-source.ts'
import type { Writer } from '../../src/writers/writer.ts'
import * as samples from './sample-incidents.ts'

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true })
const isReport = ajv.compile(JSON.parse(schemaText('report')))
const isLine = ajv.compile(JSON.parse(schemaText('ndjson')))
const everything = [...samples.badNight, samples.grepped, samples.withoutTime, samples.hostile]
const summary = samples.summaryOf(everything, {
  workloads: [samples.workload(samples.restarts)],
  warnings: [samples.warning()],
})

function write(writer: Writer, incidents: readonly Incident[]): string {
  const writing = writer.open({ columns: 80, color: true, raw: false, follow: false })
  return [
    writing.begin(),
    ...incidents.map(writing.incident),
    ...[writing.end(summary)].flatMap(end => (typeof end === 'string' ? end : [...end])),
  ].join('')
}

describe('json', () => {
  const written = write(json, everything)
  test('fits its schema', () => {
    isReport(JSON.parse(written))
    expect(isReport.errors).toBeNull()
  })
  test('reads back as what was given', () => expect(JSON.parse(written)).toEqual({ ...summary, incidents: everything }))
  test('is, to the byte, what one call of JSON.stringify makes of the report', () => {
    const { schemaVersion, tool, generatedAt, sources, workloads, findings, warnings, stats } = summary
    const plain = [...samples.badNight, samples.withoutTime]
    const report = { schemaVersion, tool, generatedAt, sources, incidents: plain, workloads, findings, warnings, stats }
    expect(write(json, plain)).toBe(`${JSON.stringify(report, null, 2)}\n`)
    expect(write(json, [])).toBe(`${JSON.stringify({ ...report, incidents: [] }, null, 2)}\n`)
  })
  test('has its keys in the order of the schema', () =>
    expect(Object.keys(JSON.parse(written))).toEqual(Object.keys(JSON.parse(schemaText('report')).properties)))
  test('is indented by two, ends with a line break, and holds no control character', () => {
    expect(written).toMatch(/^\{\n {2}"schemaVersion": "1\.0",\n/)
    expect(written.endsWith('}\n')).toBe(true)
    expect(written.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/)
  })
  test('of no incidents it is a report too', () => {
    expect(isReport(JSON.parse(write(json, [])))).toBe(true)
  })
  test('the schema refuses a field that it does not know', () => {
    expect(isReport({ ...JSON.parse(written), more: 1 })).toBe(false)
  })
})

describe('ndjson', () => {
  const lines = write(ndjson, everything).trimEnd().split('\n')
  test('is a line an incident and a summary', () => {
    expect(lines).toHaveLength(everything.length + 1)
    expect(lines.map(line => JSON.parse(line).type)).toEqual([...everything.map(() => 'incident'), 'summary'])
  })
  test('every line fits its schema', () => {
    for (const line of lines) {
      isLine(JSON.parse(line))
      expect(isLine.errors).toBeNull()
    }
  })
  test('an incident is written as it closes', () => {
    const writing = ndjson.open({ columns: 80, color: false, raw: false, follow: true })
    expect(JSON.parse(writing.incident(samples.panic))).toEqual({ type: 'incident', ...samples.panic })
  })
})
