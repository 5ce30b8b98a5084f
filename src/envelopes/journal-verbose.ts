import type { Line } from '../model/line.ts'
import type { Envelope, EnvelopeReader, Found } from './envelope.ts'
import { stampOfMicroseconds } from './iso-stamp.ts'
import { parsedOfJournal } from './journal-fields.ts'
import { readFullStamp } from './journal-short-full.ts'

const INDENT = 4
const FIELD = /^ {4}([A-Z_][A-Z0-9_]*)=/
/** Characters of a value that are kept. */
const LONGEST_VALUE = 1024 * 1024

/** `Tue 2022-03-15 09:22:41.553168 KST [s=…;i=…;b=…;m=…;t=…;x=…]`, then `    KEY=value` lines. */
export const journalVerbose: Envelope = {
  name: 'journal-verbose',
  source: 'systemd journalctl -o verbose, src/shared/logs-show.c output_verbose()',
  samples: [
    {
      line: [
        'Tue 2022-03-15 09:22:41.553168 KST [s=a5;i=246;b=7a32;m=18d41ed;t=5da36cb8b6710;x=8f]',
        '    _TRANSPORT=kernel',
        '    _HOSTNAME=node1',
        '    _SOURCE_MONOTONIC_TIMESTAMP=8523340112',
        '    MESSAGE=anon 4096',
        '            file 0',
        'Tue 2022-03-15 09:22:42.553168 KST [s=a5;i=247;b=7a32;m=18d41ed;t=5da36cb9aa950;x=8f]',
      ].join('\n'),
      expect: {
        stamp: { kind: 'full', ms: 1647303761553.168, iso: '2022-03-15T00:22:41.553168Z' },
        stampFrom: 'journal',
        host: 'node1',
        ident: 'kernel',
        uptimeSeconds: 8523.340112,
        bootId: '7a32',
        message: 'anon 4096\nfile 0',
      },
    },
  ],
  open: openVerbose,
}

interface Entry {
  readonly line: Line
  readonly fields: Record<string, string>
  messageLine: Line | null
  lastKey: string | null
}

function openVerbose(): EnvelopeReader {
  let entry: Entry | null = null

  function end(): readonly Found[] {
    if (entry === null) return []
    const record = parsedOfJournal(entry.fields)
    const line = entry.messageLine ?? entry.line
    entry = null
    return record === null ? [] : [{ parsed: record, line }]
  }

  return {
    feed: (text, line) => {
      const head = readHead(text)
      if (head !== null) {
        const found = end()
        entry = { line, fields: head, messageLine: null, lastKey: null }
        return found
      }
      if (entry === null || text.charCodeAt(0) !== 32) return null
      addLine(entry, text, line)
      return []
    },
    end,
  }
}

function addLine(entry: Entry, text: string, line: Line): void {
  const field = FIELD.exec(text)
  const key = field?.[1] ?? entry.lastKey
  if (key === null) return
  const value = field === null ? `\n${continuation(text, key)}` : text.slice(field[0].length)
  const before = field === null ? (entry.fields[key] ?? '') : ''
  entry.fields[key] = (before + value).slice(0, LONGEST_VALUE)
  entry.lastKey = key
  if (field !== null && key === 'MESSAGE') entry.messageLine = line
}

/** journalctl indents the further lines of a value to where the value began. */
function continuation(text: string, key: string): string {
  const blanks = text.length - text.trimStart().length
  return text.slice(Math.min(blanks, INDENT + key.length + 1))
}

/** Fields that the head line itself tells: the cursor has boot id and time. */
function readHead(text: string): Record<string, string> | null {
  const at = text.indexOf(' [s=')
  if (at < 0 || at > 60 || readFullStamp(text)?.end !== at) return null
  const cursor = text.slice(at + 2)
  const time = /;t=([0-9a-f]{1,16})[;\]]/.exec(cursor)?.[1]
  const boot = /;b=([0-9a-f]{1,32})[;\]]/.exec(cursor)?.[1]
  const microseconds = time === undefined ? null : Number.parseInt(time, 16)
  const known: Record<string, string> = {}
  if (microseconds !== null && stampOfMicroseconds(microseconds) !== null) {
    known['__REALTIME_TIMESTAMP'] = String(microseconds)
  }
  if (boot !== undefined) known['_BOOT_ID'] = boot
  return known
}
