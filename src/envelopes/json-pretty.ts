import type { Line } from '../model/line.ts'
import { MESSAGES } from './collector-json.ts'
import { type Envelope, type EnvelopeReader, type Found, type Parsed, parsed } from './envelope.ts'
import { parsedOfJson } from './json-array.ts'
import { isObject, type JsonObject, numberOf, parseJson, textOf } from './json-text.ts'

/** Deepest nesting that is kept; a log record has three or four levels. */
const DEEPEST = 32
/** Most values in one container: a message as bytes, one a line. */
const MOST_VALUES = 100_000

/**
 * Objects over many lines: `journalctl -o json-pretty`, `dmesg -J`, exports of clouds. Read line by line, so that an
 * object is a record as soon as it is closed, and a file cut anywhere loses one record.
 */
export const jsonPretty: Envelope = {
  name: 'json-pretty',
  source:
    'systemd journalctl -o json-pretty; util-linux dmesg -J, v2.38+; gcloud logging read --format json; aws logs get-log-events, get-query-results',
  samples: [
    {
      line: '{\n\t"__REALTIME_TIMESTAMP" : "1647303761553168",\n\t"_TRANSPORT" : "kernel",\n\t"MESSAGE" : "Mem-Info:"\n}',
      expect: {
        stamp: { kind: 'full', ms: 1647303761553.168, iso: '2022-03-15T00:22:41.553168Z' },
        stampFrom: 'journal',
        ident: 'kernel',
        message: 'Mem-Info:',
      },
    },
    {
      line: '{\n   "dmesg": [{\n         "pri": 4,\n         "time":  8523.340112,\n         "msg": "a\\nb"\n      }\n   ]\n}',
      expect: { stamp: null, stampFrom: 'kernel', ident: 'kernel', uptimeSeconds: 8523.340112, message: 'a\nb' },
    },
    {
      line: '[\n  {\n    "jsonPayload": {\n      "MESSAGE": "x"\n    },\n    "timestamp": "2022-03-15T00:22:41Z"\n  }\n]',
      expect: { stamp: { kind: 'full', ms: 1647303761000, iso: '2022-03-15T00:22:41Z' }, message: 'x' },
    },
    {
      line: '{\n  "results": [\n    [\n      {\n        "field": "@timestamp",\n        "value": "2022-03-15 00:22:41.553"\n      },\n      {\n        "field": "@message",\n        "value": "x"\n      }\n    ]\n  ]\n}',
      expect: {
        stamp: { kind: 'local', year: 2022, month: 3, day: 15, hour: 0, minute: 22, second: 41, fraction: '553' },
        message: 'x',
      },
    },
  ],
  open: openJsonPretty,
}

interface Container {
  readonly key: string | null
  readonly object: Record<string, unknown> | null
  readonly array: unknown[] | null
  /** Line with the message of it or of its children. */
  line: Line | null
}

const CLOSERS = /^[\s,]*([}\]])/
const OPENER = /^[\s,]*(?:"((?:[^"\\]|\\.){1,200})"\s*:\s*)?([{[])/
const KEY = /^[\s,]*(?:"((?:[^"\\]|\\.){1,200})"\s*:\s*)?/
/** How a file of this form begins, blanks taken away. The sieve may have dropped the lines before a needle. */
const BEGINNING = /^(?:[[{]{1,2}|\{?"(?:dmesg|events)":\[\{?)$/
const LONGEST_BEGINNING = 64
const JOURNAL_MEMBER = /^\t"[A-Z_][A-Z0-9_]*" : /
const CLOUD_MEMBER = /^ {4}"insertId": "/

function openJsonPretty(): EnvelopeReader {
  let stack: Container[] = []

  function feed(text: string, line: Line): readonly Found[] | null {
    if (stack.length === 0) {
      if (JOURNAL_MEMBER.test(text) || CLOUD_MEMBER.test(text)) stack.push(container(null, '{'))
      else if (text.length > LONGEST_BEGINNING || !BEGINNING.test(text.replace(/\s/g, ''))) return null
    }
    const found: Found[] = []
    return readLine(text, line, found) ? found : null
  }

  /** false where the line is not JSON. */
  function readLine(text: string, line: Line, found: Found[]): boolean {
    let rest = text
    while (rest.trim() !== '' && rest.trim() !== ',') {
      const closer = CLOSERS.exec(rest)
      if (closer !== null) {
        if (stack.length === 0) return true
        close(found)
        rest = rest.slice(closer[0].length)
        continue
      }
      const opener = OPENER.exec(rest)
      if (opener !== null && rest.slice(opener[0].length).trim() === '') {
        return open(opener[1] ?? null, opener[2]!)
      }
      if (opener !== null && stack.length < 3 && /^\s*["{[]/.test(rest.slice(opener[0].length)) && opener[2] === '[') {
        if (!open(opener[1] ?? null, '[')) return false
        rest = rest.slice(opener[0].length)
        continue
      }
      return addMember(rest, line, found)
    }
    return true
  }

  function open(key: string | null, mark: string): boolean {
    if (stack.length >= DEEPEST) return false
    stack.push(container(key, mark))
    return true
  }

  function addMember(text: string, line: Line, found: Found[]): boolean {
    const top = stack.at(-1)
    if (top === undefined) return false
    const head = KEY.exec(text)
    const key = head?.[1] ?? null
    const value = parseJson(withoutComma(text.slice(head?.[0].length ?? 0)))
    if (value === undefined) return false
    if (stack.length === 1 && top.array !== null) {
      // one element a line: an object with the log line in it, or that line itself
      const element = isObject(value) ? recordOf(value, stack) : typeof value === 'string' ? lineOf(value) : null
      if (element !== null) found.push({ parsed: element, line })
      return true
    }
    add(top, key, value)
    if (key !== null && (MESSAGE_KEYS.has(key) || (key === 'value' && top.object?.['field'] === '@message')))
      top.line = line
    return true
  }

  function close(found: Found[]): void {
    const closed = stack.pop()
    if (closed === undefined) return
    const parent = stack.at(-1)
    const value = closed.object ?? closed.array
    // A member of an object is part of that object's record; an element of an array is a record.
    if (parent !== undefined && closed.key !== null) {
      add(parent, closed.key, value)
      parent.line ??= closed.line
      if (closed.array !== null && MESSAGE_KEYS.has(closed.key)) parent.line ??= closed.line
      return
    }
    if (parent?.array && closed.object !== null && isPair(closed.object)) {
      add(parent, null, closed.object)
      parent.line ??= closed.line
      return
    }
    const object = isObject(value) ? value : objectOf(closed.array)
    const record = object === null ? null : recordOf(object, stack)
    if (record !== null && closed.line !== null) found.push({ parsed: record, line: closed.line })
  }

  function end(): readonly Found[] {
    const found: Found[] = []
    while (stack.length > 0) close(found)
    stack = []
    return found
  }

  return { feed, end }
}

function withoutComma(text: string): string {
  const trimmed = text.trim()
  return trimmed.endsWith(',') ? trimmed.slice(0, -1) : trimmed
}

const MESSAGE_KEYS = new Set(MESSAGES)

function container(key: string | null, mark: string): Container {
  return { key, object: mark === '{' ? {} : null, array: mark === '[' ? [] : null, line: null }
}

function add(to: Container, key: string | null, value: unknown): void {
  if (to.object !== null && key !== null) {
    // A key of the log's making must not reach the prototype.
    if (key !== '__proto__') to.object[key] = value
  } else if (to.array !== null && to.array.length < MOST_VALUES) to.array.push(value)
}

/** CloudWatch Logs Insights makes a list of `{"field":"@message","value":"text"}` of each record. */
const isPair = (object: JsonObject): boolean => typeof object['field'] === 'string' && 'value' in object

function objectOf(pairs: readonly unknown[] | null): JsonObject | null {
  if (pairs === null || pairs.length === 0) return null
  const object: Record<string, unknown> = Object.create(null)
  for (const pair of pairs) if (isObject(pair) && isPair(pair)) object[String(pair['field'])] = pair['value']
  return object
}

const lineOf = (message: string): Parsed => parsed({ message, nested: true })

function recordOf(object: JsonObject, parents: readonly Container[]): Parsed | null {
  const isDmesg = parents.some(parent => parent.key === 'dmesg') || ('pri' in object && 'time' in object)
  const message = isDmesg ? textOf(object['msg']) : null
  if (message === null) return parsedOfJson(object)
  const caller = textOf(object['caller'])
  return parsed({
    stampFrom: 'kernel',
    ident: 'kernel',
    uptimeSeconds: numberOf(object['time']),
    caller: caller !== null && /^[TC]\d+$/.test(caller) ? caller : null,
    message,
  })
}
