import { parsedOfCollector } from './collector-json.ts'
import type { Envelope, EnvelopeReader, Found } from './envelope.ts'
import { isJournal, parsedOfJournal } from './journal-fields.ts'
import { isObject, type JsonObject, parseJson } from './json-text.ts'

/** `[{…},{…}]` in one line, or the first line of an array of one object a line. The others are `json` of their own. */
export const jsonArray: Envelope = {
  name: 'json-array',
  source: 'exports of Cloud Logging, CloudWatch, Elasticsearch',
  samples: [
    {
      line: '[{"timestamp":"2022-03-15T00:22:41Z","message":"a"},{"timestamp":"2022-03-15T00:22:42Z","message":"b"}]',
      expect: { stamp: { kind: 'full', ms: 1647303762000, iso: '2022-03-15T00:22:42Z' }, message: 'b' },
    },
    { line: '[{"timestamp":"2022-03-15T00:22:41Z","message":"a"},', expect: { message: 'a' } },
  ],
  open: openJsonArray,
}

function openJsonArray(): EnvelopeReader {
  return {
    feed: (text, line) => {
      if (text.charCodeAt(0) !== 91 || text.slice(1, 20).trimStart()[0] !== '{') return null
      const end = text.lastIndexOf('}')
      const values = parseJson(`${text.slice(0, end + 1)}]`)
      if (!Array.isArray(values)) return null
      const found: Found[] = []
      for (const value of values) {
        const parsed = isObject(value) ? parsedOfJson(value) : null
        if (parsed !== null) found.push({ parsed, line })
      }
      return found
    },
    end: () => [],
  }
}

/** A record of any object, the journal's or a collector's. */
export function parsedOfJson(object: JsonObject) {
  return isJournal(object) ? parsedOfJournal(object) : parsedOfCollector(object)
}
