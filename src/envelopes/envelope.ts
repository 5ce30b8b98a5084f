/**
 * What an envelope is: the part of a line that stands around the sender's own text.
 *
 * How to add one:
 * 1. Make a file named after the program or option that writes the form, exporting one {@link Envelope}. A form of one
 *    line has `parse`; a form whose records span lines has `open`, which returns a small machine.
 * 2. Give it samples: a real line and the fields that must be read from it. A test checks that no other envelope
 *    claims them.
 * 3. Put it into the table in `index.ts`, narrow forms before wide ones. If a wider one also fits your samples, name
 *    yours in its `after`.
 * 4. If its records span lines, add a needle to `envelopeNeedles`, or the sieve will drop most of each record.
 *
 * An envelope takes away what was put around the text and nothing else. The kernel's `[ 12.345678]` inside a syslog
 * line, escapes, line feeds and an envelope inside the text are the unwrapper's work, once for all forms.
 */
import type { Line } from '../model/line.ts'
import type { Stamp, StampFrom } from '../model/record.ts'

/**
 * Which escapes the writer of the line put into the text.
 *
 * - `none`: the text is as the sender wrote it.
 * - `kmsg`: every byte below 0x20, from 0x7f on, and the backslash itself, as `\xNN`.
 * - `dmesg`: control characters and broken UTF-8 as `\xNN`, a backslash as it is.
 * - `syslog`: rsyslog's `#NNN`; and `\xNN` in kernel lines that imkmsg read.
 */
export type Escapes = 'none' | 'kmsg' | 'dmesg' | 'syslog'

/** A line without its envelope. */
export interface Parsed {
  readonly stamp: Stamp | null
  readonly stampFrom: StampFrom
  readonly host: string | null
  readonly ident: string | null
  readonly pid: number | null
  readonly uptimeSeconds: number | null
  readonly caller: string | null
  readonly bootId: string | null
  readonly message: string
  /** Characters before the message: what continuation lines are indented by. 0 where none can follow. */
  readonly width: number
  readonly escapes: Escapes
  /** The text may have an envelope of its own (a shipper printing a node's log), which is then taken off too. */
  readonly nested: boolean
  /** Stream whose next record goes on with this text, without a line feed; null where the text is whole. */
  readonly partOf: string | null
}

/** A record of a form that spans lines, with the line that holds its message. */
export interface Found {
  readonly parsed: Parsed
  readonly line: Line
}

/** Machine of a form that needs memory. One lives as long as its unwrapper. */
export interface EnvelopeReader {
  /** Records that this line completes, none while one is open; null when the line is not of this form. Never throws. */
  readonly feed: (text: string, line: Line) => readonly Found[] | null
  /** What was open. The machine can be fed again afterwards. */
  readonly end: () => readonly Found[]
}

export interface EnvelopeSample {
  /** A line; several lines where records span lines. */
  readonly line: string
  /** Fields of the only or the last record. */
  readonly expect: Partial<Parsed>
}

export interface Envelope {
  /** For `Source.format`. */
  readonly name: string
  /** Program, option and version that write it. */
  readonly source: string
  /** Narrower envelopes that this one also fits, so it must be tried after them. */
  readonly after?: readonly string[]
  readonly samples: readonly EnvelopeSample[]
  /** Never throws; null when the line has another form. */
  readonly parse?: (text: string) => Parsed | null
  readonly open?: () => EnvelopeReader
}

const NOTHING: Parsed = {
  stamp: null,
  stampFrom: 'syslog',
  host: null,
  ident: null,
  pid: null,
  uptimeSeconds: null,
  caller: null,
  bootId: null,
  message: '',
  width: 0,
  escapes: 'none',
  nested: false,
  partOf: null,
}

/** A {@link Parsed} with what is known; the rest is absent. */
export function parsed(known: Partial<Parsed>): Parsed {
  return { ...NOTHING, ...known }
}
