import type { Line } from '../model/line.ts'
import { parsedOfCollector } from './collector-json.ts'
import type { Envelope, EnvelopeReader, Found } from './envelope.ts'
import { isObject, type JsonObject, parseJsonLine } from './json-text.ts'

/** `{"status":"success","data":{"resultType":"streams","result":[…]}}`: an answer of Loki, its streams put together by time. */
export const lokiJson: Envelope = {
  name: 'loki-json',
  source: 'grafana/loki HTTP API, GET /loki/api/v1/query_range',
  samples: [
    {
      line: '{"status":"success","data":{"resultType":"streams","result":[{"stream":{"hostname":"node1","syslog_identifier":"kernel"},"values":[["1647303761553168000","Mem-Info:"],["1647303761000000000","a"]]}]}}',
      expect: {
        stamp: { kind: 'full', ms: 1647303761553.168, iso: '2022-03-15T00:22:41.553168Z' },
        host: 'node1',
        message: 'Mem-Info:',
      },
    },
  ],
  open: openLokiJson,
}

interface Entry {
  readonly nanoseconds: string
  readonly message: string
  readonly labels: JsonObject
}

function openLokiJson(): EnvelopeReader {
  return {
    feed: (text, line) => {
      if (text.charCodeAt(0) !== 123 || !/^\{"status":"success","data":\{"resultType":"streams"/.test(text)) return null
      const data = parseJsonLine(text)?.['data']
      return isObject(data) ? foundIn(entriesOf(data['result']), line) : null
    },
    end: () => [],
  }
}

function entriesOf(result: unknown): Entry[] {
  const entries: Entry[] = []
  for (const one of Array.isArray(result) ? result.filter(isObject) : []) {
    const labels = isObject(one['stream']) ? one['stream'] : {}
    const values: unknown[] = Array.isArray(one['values']) ? one['values'] : []
    const own: Entry[] = []
    for (const value of values) {
      const [nanoseconds, message] = Array.isArray(value) ? value : []
      if (typeof nanoseconds === 'string' && typeof message === 'string') own.push({ nanoseconds, message, labels })
    }
    // the newest stands first, also among those of one time
    if (own.length > 1 && isBefore(own.at(-1)!, own[0]!)) own.reverse()
    for (const entry of own) entries.push(entry)
  }
  return entries.sort((a, b) => (isBefore(a, b) ? -1 : isBefore(b, a) ? 1 : 0))
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.nanoseconds.length === b.nanoseconds.length
    ? a.nanoseconds < b.nanoseconds
    : a.nanoseconds.length < b.nanoseconds.length
}

function foundIn(entries: readonly Entry[], line: Line): readonly Found[] {
  const found: Found[] = []
  for (const { nanoseconds, message, labels } of entries) {
    const parsed = parsedOfCollector({ ...labels, MESSAGE: message, '@timestamp': nanoseconds })
    if (parsed !== null) found.push({ parsed, line })
  }
  return found
}
