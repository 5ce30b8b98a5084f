import type { Line } from '../model/line.ts'
import { parsedOfCollector } from './collector-json.ts'
import type { Envelope, EnvelopeReader, Found } from './envelope.ts'
import { parseJson } from './json-text.ts'

const BEGINNING = '---'
const KEY = /^( *)(?:- )?(?:'((?:[^']|'')+)'|([\w./@-]+)):(?: (.*))?$/
/** Lines of a record; a message has up to 256 KiB. */
const MOST_LINES = 5_000
const PAYLOAD = /^(?:jsonPayload|labels|protoPayload|resource)$/

/**
 * Records as `gcloud logging read` shows them: one YAML document each. Only as much YAML as that is made of: maps in
 * maps, and texts that may go on in the next lines.
 */
export const cloudYaml: Envelope = {
  name: 'cloud-yaml',
  source: 'Google Cloud SDK gcloud logging read, --format yaml (the default)',
  samples: [
    {
      line: [
        '---',
        'insertId: a',
        'jsonPayload:',
        "  MESSAGE: 'Memory cgroup out of memory: Killed process 1 (it''s) total-vm:4kB,",
        "    anon-rss:4kB'",
        '  _HOSTNAME: node1',
        '  _TRANSPORT: kernel',
        'resource:',
        '  labels:',
        '    cluster_name: c',
        '  type: k8s_node',
        "timestamp: '2022-03-15T00:22:41.553Z'",
        '---',
      ].join('\n'),
      expect: {
        stamp: { kind: 'full', ms: 1647303761553, iso: '2022-03-15T00:22:41.553Z' },
        host: 'node1',
        ident: 'kernel',
        message: "Memory cgroup out of memory: Killed process 1 (it's) total-vm:4kB, anon-rss:4kB",
      },
    },
    {
      line: "insertId: a\ntextPayload: |-\n  anon 4096\n  file 0\ntimestamp: '2022-03-15T00:22:41Z'",
      expect: { message: 'anon 4096\nfile 0' },
    },
  ],
  open: openCloudYaml,
}

interface Value {
  readonly key: string
  readonly indent: number
  readonly line: Line
  readonly parts: string[]
}

interface Open {
  readonly values: Value[]
  lines: number
  isOver: boolean
}

function openCloudYaml(): EnvelopeReader {
  let open: Open | null = null

  function feed(text: string, line: Line): readonly Found[] | null {
    const plain = text.trimEnd()
    if (plain === BEGINNING || plain.startsWith('insertId: ')) {
      const found = plain === BEGINNING || open === null || open.values.length > 0 ? end() : []
      open = { values: [], lines: 0, isOver: false }
      if (plain !== BEGINNING) add(open, plain, line)
      return found
    }
    if (open === null || open.isOver) return null
    open.lines++
    open.isOver = open.values.length === 0 || open.lines > MOST_LINES || !add(open, plain, line)
    // a line of something else; what came before it is given at the end
    return open.isOver ? null : []
  }

  function end(): readonly Found[] {
    const values = open?.values ?? []
    open = null
    const fields: Record<string, unknown> = Object.create(null)
    for (const { key, parts } of values) if (!PAYLOAD.test(key)) fields[key] ??= textOf(parts)
    const parsed = parsedOfCollector(fields)
    const found = values.find(({ key }) => /message|payload/i.test(key) && !PAYLOAD.test(key))
    return parsed === null || found === undefined ? [] : [{ parsed, line: found.line }]
  }

  return { feed, end }
}

/** false where the line is no part of a document. */
function add({ values }: Open, text: string, line: Line): boolean {
  const last = values.at(-1)
  const indent = text.length - text.trimStart().length
  const isOpen = last !== undefined && last.parts.length > 0 && last.parts[0] !== ''
  if (isOpen && (text === '' || indent > last.indent)) {
    last.parts.push(text)
    return true
  }
  const key = KEY.exec(text)
  if (key === null) return false
  values.push({ key: (key[2] ?? key[3])!, indent, line, parts: [key[4] ?? ''] })
  return true
}

/** A text in quotation marks, plain or as a block. */
function textOf(parts: readonly string[]): string {
  const [first = '', ...rest] = parts
  if (/^[|>][+-]?\d?$/.test(first)) {
    const indent = Math.min(...rest.filter(text => text !== '').map(text => text.length - text.trimStart().length))
    return rest.map(text => text.slice(indent)).join('\n')
  }
  const mark = first[0]
  const folded = unfold(parts, mark === '"')
  if (mark === "'") return folded.slice(1).replace(/'$/, '').replaceAll("''", "'")
  if (mark !== '"') return folded
  const value = parseJson(folded)
  return typeof value === 'string' ? value : folded.slice(1).replace(/"$/, '')
}

/** An empty line is a line feed; before a `\\` at the end of a line there is no blank that is not written. */
function unfold([first = '', ...rest]: readonly string[], isEscaped: boolean): string {
  const pieces = [first]
  let before = first
  for (const part of rest) {
    const text = part.trim()
    const isJoined = isEscaped && before.endsWith('\\')
    if (isJoined) pieces[pieces.length - 1] = pieces.at(-1)!.slice(0, -1)
    before = text === '' ? '\n' : isJoined ? text.replace(/^\\(?= )/, '') : before === '\n' ? text : ` ${text}`
    pieces.push(before)
  }
  return pieces.join('')
}
