import type { Line } from '../model/line.ts'
import type { Envelope, EnvelopeReader, Found } from './envelope.ts'
import { bytesToText } from './escapes.ts'
import { parsedOfJournal } from './journal-fields.ts'

const FIELD = /^([A-Z_][A-Z0-9_]{0,63})=/
const LONE_KEY = /^[A-Z_][A-Z0-9_]{0,63}$/
const LENGTH_BYTES = 8
const LINE_FEED = Buffer.from('\n')
/** A value that claims to be longer is not waited for. */
const LONGEST_VALUE = 1024 * 1024

/**
 * `KEY=value` lines, an empty line after each record. A value with a line feed stands as its key alone, then eight bytes
 * of length (little endian), then the value.
 *
 * @see systemd.io/JOURNAL_EXPORT_FORMATS
 */
export const journalExport: Envelope = {
  name: 'journal-export',
  source: 'systemd journalctl -o export; systemd-journal-remote',
  samples: [
    {
      line: [
        '__CURSOR=s=a5;i=246;b=7a32;m=18d41ed;t=5da36cb8b6710;x=8f',
        '__REALTIME_TIMESTAMP=1647303761553168',
        '_BOOT_ID=7a32',
        '_TRANSPORT=kernel',
        'MESSAGE',
        '\x10\0\0\0\0\0\0\0anon 4096',
        'file 0',
        '_SOURCE_MONOTONIC_TIMESTAMP=8523340112',
        '',
      ].join('\n'),
      expect: {
        stamp: { kind: 'full', ms: 1647303761553.168, iso: '2022-03-15T00:22:41.553168Z' },
        stampFrom: 'journal',
        ident: 'kernel',
        uptimeSeconds: 8523.340112,
        bootId: '7a32',
        message: 'anon 4096\nfile 0',
      },
    },
  ],
  open: openExport,
}

interface Entry {
  readonly line: Line
  readonly fields: Record<string, string>
  messageLine: Line | null
}

/** A value whose bytes are still coming, a piece a line. */
interface Binary {
  readonly key: string
  readonly line: Line
  readonly pieces: Buffer[]
  /** Bytes of the pieces and of the line feeds between them. */
  size: number
  /** Length that the value claims, capped; null until its eight bytes are there. */
  length: number | null
}

function openExport(): EnvelopeReader {
  let entry: Entry | null = null
  let binary: Binary | null = null

  function feed(text: string, line: Line): readonly Found[] | null {
    if (entry !== null && binary !== null) {
      const state = addBytes(entry, binary, text)
      if (state !== 'begun') binary = null
      // a cut entry, and behind it a line of something else
      return state === 'none' ? null : []
    }
    if (text === '') return entry === null ? null : end()
    const field = FIELD.exec(text)
    if (field !== null) return addField(field[1]!, text.slice(field[0].length), line)
    if (entry === null || !LONE_KEY.test(text)) return null
    binary = { key: text, line, pieces: [], size: -1, length: null }
    return []
  }

  function addField(key: string, value: string, line: Line): readonly Found[] | null {
    const begins = key === '__CURSOR'
    if (!begins && entry === null) return null
    const found = begins ? end() : []
    entry ??= { line, fields: {}, messageLine: null }
    entry.fields[key] = value
    if (key === 'MESSAGE') entry.messageLine = line
    return found
  }

  function end(): readonly Found[] {
    const record = entry === null ? null : parsedOfJournal(entry.fields)
    const line = entry?.messageLine ?? entry?.line
    entry = null
    binary = null
    return record === null || line === undefined ? [] : [{ parsed: record, line }]
  }

  return { feed, end }
}

/** 'none' where what stands for the value's length is no length. */
function addBytes(entry: Entry, binary: Binary, text: string): 'begun' | 'whole' | 'none' {
  const piece = bytesOf(text)
  binary.pieces.push(piece)
  binary.size += piece.length + 1
  if (binary.length === null && binary.size >= LENGTH_BYTES) {
    const length = joined(binary).readBigUInt64LE(0)
    if (length >= 2n ** 32n) return 'none'
    binary.length = Math.min(Number(length), LONGEST_VALUE)
  }
  if (!isWhole(binary)) return 'begun'
  const value = joined(binary).subarray(LENGTH_BYTES, LENGTH_BYTES + (binary.length ?? 0))
  entry.fields[binary.key] = bytesToText([...value])
  if (binary.key === 'MESSAGE') entry.messageLine = binary.line
  return 'whole'
}

function isWhole(binary: Binary): boolean {
  return binary.length !== null && binary.size >= LENGTH_BYTES + binary.length
}

function joined(binary: Binary): Buffer {
  return Buffer.concat(binary.pieces.flatMap((piece, i) => (i === 0 ? [piece] : [LINE_FEED, piece])))
}

/** The bytes behind a line's text, where those that are not UTF-8 stand as `\xNN`. */
function bytesOf(text: string): Buffer {
  const pieces = text.split(/\\x([0-9a-f]{2})/)
  return Buffer.concat(pieces.map((piece, i) => (i % 2 === 0 ? Buffer.from(piece) : Buffer.from(piece, 'hex'))))
}
