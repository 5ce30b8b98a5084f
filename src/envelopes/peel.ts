/**
 * What people and tools put before a whole line: grep's file names and line numbers, mail's `> `, a backtick, kubectl's
 * pod names, blanks. None of it is an envelope; under it stands one.
 */
import { isDigit, skipBlanks, skipDigits } from './digits.ts'

/** Places of `:` and `-` that are tried as the end of a file name. */
const MOST_TRIES = 40
const LONGEST_NAME = 300
/** The first cell is a time; the line stands in one behind it. */
const CELL_OF_TIME = /^[\d:.TZ +-]{8,40}",/
/** A line longer than this is no cell of an export. */
const LONGEST_STRING = 16_384
/** Marks of different kinds before each other. */
const MOST_MARKS = 3

/**
 * Marks that nobody means as text, with or without an envelope behind. Those of patches and of mails, `+`, `-` and `:`,
 * stand before a stamp only.
 */
const QUOTE =
  /^(?:(?:[>|]|&gt;) ?)+|^[+:-] ?(?=\[ *\d|\[?[A-Z][a-z]{2} )|^(?:`{1,3}|\/\/\s+|--\s+|[$#*•-]\s+)(?=\S)|^[bfr]?["'](?=[[<\dA-Z])|^(?:\d\d:\d\d:\d\d(?:\.\d{1,9})? )?\[(?:debug|info|notice|warn|warning|error|critical|alert|emergency)\]\s+(?=\S)|^(?:<\/?(?:p|li|div|span|code|pre|td|tr)(?: [^<>]{0,80})?>)+(?=\S)/

/** `Tue Mar 15 09:22:41 2022] text`: what a mouse took began behind the bracket. */
const LOST_BRACKET = /^[^[\]]{4,34} \d\d:\d\d:\d\d \d{4}\] /

/** A string's last mark, and what parts it from the next of a list, or joins them. */
const END_QUOTE = /(?:\\n)?["'] ?[,+]?$/
/** The same, or the cells behind it. */
const END_OF_ROW = /(?:\\n)?"(?: ?[,+]?|(?:,(?:"[^"]{0,80}"|[^",]{0,80}))*,?)$/

/** The log line among the fields that a tool shows of it: Logstash's rubydebug, OpenTelemetry's debug exporter. */
const FIELD = /^ *(?:"message" => "|Body: Str\()(?=.)/

/** The text without a quotation mark before it, and that of a string behind it; null where there is none. */
export function unquoted(text: string): string | null {
  const field = FIELD.exec(text)
  if (field !== null) return text.slice(field[0].length).replace(/(?:",?|\))$/, '')
  const mark = QUOTE.exec(text)
  if (mark === null) return null
  const rest = text.slice(mark[0].length)
  if (!/["']$/.test(mark[0])) return rest
  const isRow = mark[0].endsWith('"') && text.length <= LONGEST_STRING && !CELL_OF_TIME.test(rest)
  return rest.trimEnd().replace(isRow ? END_OF_ROW : END_QUOTE, '')
}

/** The same, of marks before each other: a word of code may stand in a list, a list in a quotation. */
export function unmarked(text: string): string | null {
  let rest: string | null = null
  for (let marks = 0; marks < MOST_MARKS; marks++) {
    const marked: string = rest ?? text
    const next = unquoted(/^[ \t]+(?:`|[*•-]\s)/.test(marked) ? marked.trimStart() : marked)
    if (next === null) break
    rest = next
  }
  return rest
}

/**
 * Texts that the line may be without what stands before it, likelier first. Each is worth trying only as a line with an
 * envelope: `java` in `java invoked` is no prefix.
 */
export function* peelings(text: string, marks = 0): Generator<string> {
  if (LOST_BRACKET.test(text)) yield `[${text}`
  const bare = marks < MOST_MARKS ? unquoted(text) : null
  if (bare !== null) {
    yield bare.trimStart()
    yield* peelings(bare.trimStart(), marks + 1)
    return
  }
  const blanks = skipBlanks(text, 0)
  if (blanks > 0 || text.charCodeAt(0) === 9) {
    const rest = text.trimStart()
    yield rest
    if (marks < MOST_MARKS && unquoted(rest) !== null) yield* peelings(rest, marks + 1)
    else yield* withoutNames(rest)
    return
  }
  yield* withoutNames(text)
}

/** What stands behind a number, which may be quoted, as in `1647303761553,"Mar 15 …"`. */
function* cells(rest: string): Generator<string> {
  yield rest
  const plain = rest.startsWith('"') ? unquoted(rest) : null
  if (plain !== null) yield plain
}

function* withoutNames(text: string): Generator<string> {
  const number = skipDigits(text, 0)
  if (number > 0) {
    const rest = skipBlanks(text, /[:\-\t.),]/.test(text[number] ?? '') ? number + 1 : number)
    if (rest > number) yield* cells(text.slice(rest))
  }
  if (text.startsWith('[pod/')) {
    const close = text.indexOf('] ')
    if (close > 0) yield text.slice(close + 2)
  }
  const object = text.endsWith('}') ? text.indexOf('{"') : -1
  if (object > 0 && object < LONGEST_NAME) yield text.slice(object)
  yield* withoutFile(text)
  yield* withoutWords(text)
}

/** grep's `FILE:`, `FILE:12:`, `FILE-12-`: the name ends at some colon or hyphen of the first word. */
function* withoutFile(text: string): Generator<string> {
  const blank = text.indexOf(' ')
  const end = Math.min(blank < 0 ? text.length : blank, LONGEST_NAME)
  let tries = 0
  for (let i = 1; i < end && tries < MOST_TRIES; i++) {
    const code = text.charCodeAt(i)
    if ((code === 58 || code === 45) && beginsEnvelope(text.charCodeAt(i + 1))) {
      tries++
      yield text.slice(i + 1)
    }
  }
}

/** `<`, `[`, `{`, a digit or a letter: first characters of the envelopes that a file can have. */
function beginsEnvelope(code: number): boolean {
  return (
    isDigit(code) ||
    code === 60 ||
    code === 91 ||
    code === 123 ||
    (code >= 65 && code <= 90) ||
    (code >= 97 && code <= 122)
  )
}

/** `NODE `, `POD CONTAINER `, `[pod container] `. */
function* withoutWords(text: string): Generator<string> {
  if (!/^[\w[]/.test(text)) return
  let at = 0
  for (let words = 0; words < 2; words++) {
    const end = text.indexOf(' ', at)
    if (end < 0 || end - at > LONGEST_NAME) return
    at = skipBlanks(text, end)
    yield text.slice(at)
  }
}
