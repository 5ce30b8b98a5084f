import type { Line } from '../model/line.ts'
import { parsedOfCollector } from './collector-json.ts'
import type { Envelope, EnvelopeReader, Found } from './envelope.ts'
import { isObject, type JsonObject, parseJsonLine } from './json-text.ts'

/** Values in values. */
const DEEPEST = 8

/** `{"resourceLogs":[…]}`: a batch of records a line, as OpenTelemetry hands them on. */
export const otlpJson: Envelope = {
  name: 'otlp-json',
  source:
    'opentelemetry-proto opentelemetry/proto/logs/v1/logs.proto, JSON; collector-contrib fileexporter, journaldreceiver',
  samples: [
    {
      line: '{"resourceLogs":[{"resource":{"attributes":[{"key":"host.name","value":{"stringValue":"node1"}}]},"scopeLogs":[{"scope":{},"logRecords":[{"timeUnixNano":"1647303761553168000","body":{"stringValue":"Mar 15 09:22:41 node1 kernel: Mem-Info:"}}]}]}]}',
      expect: {
        stamp: { kind: 'full', ms: 1647303761553.168, iso: '2022-03-15T00:22:41.553168Z' },
        host: 'node1',
        nested: true,
        message: 'Mar 15 09:22:41 node1 kernel: Mem-Info:',
      },
    },
    {
      line: '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"observedTimeUnixNano":"1647303761553168000","body":{"kvlistValue":{"values":[{"key":"_TRANSPORT","value":{"stringValue":"kernel"}},{"key":"MESSAGE","value":{"stringValue":"Mem-Info:"}}]}}}]}]}]}',
      expect: {
        stamp: { kind: 'full', ms: 1647303761553.168, iso: '2022-03-15T00:22:41.553168Z' },
        ident: 'kernel',
        message: 'Mem-Info:',
      },
    },
  ],
  open: openOtlpJson,
}

function openOtlpJson(): EnvelopeReader {
  return {
    feed: (text, line) => {
      if (text.charCodeAt(0) !== 123 || !text.startsWith('{"resourceLogs":')) return null
      const object = parseJsonLine(text)
      return object === null ? null : [...foundIn(object, line)]
    },
    end: () => [],
  }
}

function* foundIn(batch: JsonObject, line: Line): Generator<Found> {
  for (const ofResource of objectsOf(batch['resourceLogs'])) {
    const resource = isObject(ofResource['resource']) ? attributesOf(ofResource['resource']) : {}
    const host = resource['k8s.node.name'] ?? resource['host.name']
    for (const ofScope of objectsOf(ofResource['scopeLogs'] ?? ofResource['instrumentationLibraryLogs'])) {
      for (const record of objectsOf(ofScope['logRecords'])) {
        const observed = record['observedTimeUnixNano']
        const fields = { host, time: observed, ...attributesOf(record), body: plain(record['body'], 0) }
        const time = record['timeUnixNano']
        const parsed = parsedOfCollector(
          time === undefined || time === '0' ? fields : { ...fields, '@timestamp': time },
        )
        if (parsed !== null) yield { parsed, line }
      }
    }
  }
}

function objectsOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

function attributesOf(object: JsonObject): Record<string, unknown> {
  return mapOf(object['attributes'], 0)
}

function mapOf(pairs: unknown, depth: number): Record<string, unknown> {
  const map: Record<string, unknown> = Object.create(null)
  for (const { key, value } of objectsOf(pairs)) if (typeof key === 'string') map[key] = plain(value, depth + 1)
  return map
}

/** The value in `{"stringValue":"text"}`; of a map an object. */
function plain(value: unknown, depth: number): unknown {
  if (!isObject(value) || depth > DEEPEST) return null
  const map = value['kvlistValue']
  if (isObject(map)) return mapOf(map['values'], depth)
  return value['stringValue'] ?? value['intValue'] ?? null
}
