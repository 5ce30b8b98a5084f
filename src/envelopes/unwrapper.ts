/** Lines to records: finds each line's envelope, takes it off, and puts together what belongs in one record. */
import type { Line } from '../model/line.ts'
import type { LogRecord, Stamp } from '../model/record.ts'
import { withoutColours, withoutEndMark } from './clean.ts'
import type { Envelope, EnvelopeReader, Parsed } from './envelope.ts'
import { decodeHtml } from './escapes.ts'
import { openJoiner } from './joiner.ts'
import { openParts } from './parts.ts'
import { peelings, unmarked } from './peel.ts'
import { continuationOf, openEscapes, recordOf, splitRecord } from './records.ts'
import { apart } from './run-together.ts'

export interface Unwrapper {
  /** Records that this line completes: usually one; several for `#012`; none while a multi-line record is open. */
  readonly feed: (line: Line) => readonly LogRecord[]
  /** What was still open. */
  readonly end: () => readonly LogRecord[]
}

interface Entry {
  readonly name: string
  readonly parse: ((text: string) => Parsed | null) | null
  readonly reader: EnvelopeReader | null
}

const NOTHING: readonly LogRecord[] = []

/** An unwrapper over a table of envelopes, of which the last fits everything. */
export function unwrapperOver(table: readonly Envelope[]): Unwrapper {
  const entries: readonly Entry[] = table.map(envelope => ({
    name: envelope.name,
    parse: envelope.parse ?? null,
    reader: envelope.open?.() ?? null,
  }))
  const bare = entries.at(-1)!
  const enveloped = entries.slice(0, -1)
  const joiner = openJoiner()
  const parts = openParts()
  const escapes = openEscapes()
  let sticky: Entry = enveloped[0]!
  let stickyInside: Entry = sticky
  let isFirst = true
  // What a continuation line would go on from.
  let lastParsed: Parsed | null = null
  let lastRecord: LogRecord | null = null
  let bootId: string | null = null

  function feed(line: Line): readonly LogRecord[] {
    return apart(line.text)?.flatMap(text => feedOne({ ...line, text })) ?? feedOne(line)
  }

  function feedOne(line: Line): readonly LogRecord[] {
    if (sticky.reader !== null) {
      const found = sticky.reader.feed(line.text, line)
      if (found !== null) return found.flatMap(one => finish(one.parsed, one.line, sticky.name))
    }
    const text = cleaned(line.text)
    if (sticky.parse !== null) {
      const parsed = sticky.parse(text)
      if (parsed !== null) return finish(parsed, line, sticky.name)
    }
    return feedOther(text, line)
  }

  function feedOther(text: string, line: Line): readonly LogRecord[] {
    if (isNoRecord(text)) return boundary(text)
    if (joiner.unfoldAtWord(text)) return NOTHING
    const continued = continuation(text, line, true)
    if (continued !== null) return joiner.feed(continued)
    return tryTable(text, line) ?? tryPeeled(text, line) ?? withoutEnvelope(text, line)
  }

  /** The line as one of the table's forms, which then is tried first; null where none fits. */
  function tryTable(text: string, line: Line): readonly LogRecord[] | null {
    for (const entry of enveloped) {
      if (entry.reader === null) {
        const parsed = entry.parse?.(text) ?? null
        if (parsed === null) continue
        const before = stickTo(entry)
        return [...before, ...finish(parsed, line, entry.name)]
      }
      const found = entry === sticky ? null : entry.reader.feed(line.text, line)
      if (found === null) continue
      const before = stickTo(entry)
      return [...before, ...found.flatMap(one => finish(one.parsed, one.line, entry.name))]
    }
    return null
  }

  function tryPeeled(text: string, line: Line): readonly LogRecord[] | null {
    for (const peeled of peelings(text)) {
      const parsed = parseInside(peeled)
      if (parsed === null || !isTelling(parsed)) continue
      const before = stickTo(stickyInside)
      return [...before, ...finish(parsed, line, stickyInside.name)]
    }
    return null
  }

  /** A text inside another as one of the forms of one line. */
  function parseInside(text: string): Parsed | null {
    const parsed = stickyInside.parse?.(text) ?? null
    if (parsed !== null) return parsed
    for (const entry of enveloped) {
      const other = entry.parse?.(text) ?? null
      if (other === null) continue
      stickyInside = entry
      return other
    }
    return null
  }

  function stickTo(entry: Entry): readonly LogRecord[] {
    if (entry === sticky) return NOTHING
    const left = sticky
    sticky = entry
    return left.reader?.end().flatMap(one => finish(one.parsed, one.line, left.name)) ?? NOTHING
  }

  function withoutEnvelope(text: string, line: Line): readonly LogRecord[] {
    const continued = continuation(text, line, false)
    if (continued !== null) return joiner.feed(continued)
    const plain = unmarked(text)
    const unfolded = joiner.unfold(plain ?? text, plain !== null)
    if (unfolded) return NOTHING
    const numbered = /^\d{1,9}[:-](?=\D)/.exec(plain ?? text)
    const message = (plain ?? text).slice(numbered?.[0].length ?? 0)
    const left = sticky.reader?.end().flatMap(one => finish(one.parsed, one.line, sticky.name)) ?? NOTHING
    if (isNoRecord(message)) return left
    return [...left, ...finish(bare.parse!(message)!, line, bare.name)]
  }

  function finish(given: Parsed, line: Line, name: string): readonly LogRecord[] {
    if (given.partOf === null && parts.isIdle()) return finishWhole(given, line, name)
    const whole = parts.feed(given, line)
    return whole === null ? NOTHING : finishWhole(whole.parsed, whole.line, name)
  }

  function finishWhole(given: Parsed, line: Line, name: string): readonly LogRecord[] {
    const parsed = given.nested ? unwrapped(given) : given
    if (isRepetition(parsed.message)) return NOTHING
    const record = recordOf(parsed, line, name, bootId, escapes)
    lastParsed = parsed
    lastRecord = record
    if (!record.message.includes('\n')) return joiner.feed(record)
    return splitRecord(record).flatMap(joiner.feed)
  }

  function continuation(text: string, line: Line, exact: boolean): LogRecord | null {
    if (lastParsed === null || lastRecord === null) return null
    const found = continuationOf({ record: lastRecord, parsed: lastParsed }, text, line, exact)
    return found === null ? null : escapes.decoded(found)
  }

  /** Takes off an envelope that stands inside, once; what only the outer one tells is kept. */
  function unwrapped(outer: Parsed): Parsed {
    const inner = parseInside(outer.message)
    if (inner === null) return outer
    return {
      ...inner,
      stamp: stampInside(inner.stamp, outer.stamp),
      stampFrom: inner.stamp === null && outer.stamp !== null ? outer.stampFrom : inner.stampFrom,
      host: inner.host ?? outer.host,
      ident: inner.ident ?? outer.ident,
      pid: inner.pid ?? outer.pid,
      width: outer.width + inner.width,
      nested: false,
    }
  }

  /** `-- Boot 3c2f… --` names the boot of the lines below it. */
  function boundary(text: string): readonly LogRecord[] {
    const boot = /^-- Boot ([0-9a-f]{32}) --$/.exec(text)
    if (boot !== null) bootId = boot[1]!
    lastRecord = null
    return text === '' ? NOTHING : joiner.end()
  }

  function cleaned(text: string): string {
    let clean = text
    if (isFirst) {
      isFirst = false
      if (clean.charCodeAt(0) === 0xfeff) clean = clean.slice(1)
    }
    if (clean.includes('\0')) clean = withoutNuls(clean)
    if (clean.includes('\x1b[')) clean = withoutColours(clean)
    if (clean.charCodeAt(0) === 0x200b) clean = clean.replace(/^\u200b+/, '')
    if (clean.includes('\xa0')) clean = clean.replaceAll('\xa0', ' ')
    // what a page sets where it folds a line of code
    if (clean.includes('\u21aa')) clean = clean.replaceAll('\u21aa', '')
    if (clean.charCodeAt(clean.length - 1) === 62) clean = withoutEndMark(clean)
    return clean.includes('&') ? decodeHtml(clean) : clean
  }

  /** A machine that lost power leaves a block of NULs, and a new line begins inside it. */
  function withoutNuls(text: string): string {
    const after = text.slice(text.lastIndexOf('\0') + 1)
    if (after !== '' && enveloped.some(entry => entry.parse !== null && entry.parse(after) !== null)) return after
    return text.replace(/^\0+/, '')
  }

  function end(): readonly LogRecord[] {
    const open = sticky.reader?.end().flatMap(one => finish(one.parsed, one.line, sticky.name)) ?? NOTHING
    const cut = parts.end().flatMap(one => finish(one.parsed, one.line, sticky.name))
    return [...open, ...cut, ...joiner.end()]
  }

  return { feed, end }
}

/** The inner stamp, which is the sender's own; where it is not whole, the outer one goes along as its witness. */
function stampInside(inner: Stamp | null, outer: Stamp | null): Stamp | null {
  if (inner === null || inner.kind === 'full' || outer?.kind !== 'full') return inner ?? outer
  return { ...inner, writtenMs: outer.ms }
}

/** Whether an envelope found under a prefix is more than a guess: it has a time, or names the kernel. */
function isTelling(parsed: Parsed): boolean {
  return parsed.stamp !== null || parsed.uptimeSeconds !== null || parsed.ident === 'kernel' || parsed.pid !== null
}

/** Empty lines, grep's separators, ellipses, journalctl's own remarks. */
function isNoRecord(text: string): boolean {
  const first = text.charCodeAt(0)
  if (text === '') return true
  if (first === 45) return text === '--' || (text.startsWith('-- ') && text.endsWith(' --'))
  if (first === 46 || first === 0x2026) return /^(?:\.{3,}|…)\s*$/.test(text)
  return first === 72 && text.startsWith('Hint: You are currently not seeing messages')
}

/**
 * Whether a line says that the one before was repeated. It is no record: its text would be counted twice, and one kill
 * cannot be repeated.
 */
function isRepetition(message: string): boolean {
  const first = message.charCodeAt(0)
  if (first !== 109 && first !== 108) return false
  return /^(?:message|last message) repeated [1-9]\d{0,8} times(?:: \[|$)/.test(message)
}
