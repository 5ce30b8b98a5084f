/**
 * What people and tools put before a whole line: grep's file names and line numbers, mail's `> `, a backtick, kubectl's
 * pod names, blanks. None of it is an envelope; under it stands one.
 */
import { isDigit, skipBlanks, skipDigits } from './digits.ts'

/** Places of `:` and `-` that are tried as the end of a file name. */
const MOST_TRIES = 40
const LONGEST_NAME = 300
/** Marks of different kinds before each other. */
const MOST_MARKS = 3

/** Marks that nobody means as text, with or without an envelope behind. */
const QUOTE = /^(?:(?:[>|]|&gt;) ?)+|^(?:`{1,3}|[$#*•-]\s+)(?=\S)|^[bfr]?["'](?=[[<\dA-Z])/

/** `Tue Mar 15 09:22:41 2022] text`: what a mouse took began behind the bracket. */
const LOST_BRACKET = /^[^[\]]{4,34} \d\d:\d\d:\d\d \d{4}\] /

/** A string's last mark, and what parts it from the next of a list, or joins them. */
const END_QUOTE = /(?:\\n)?["'] ?[,+]?$/

/** The text without a quotation mark before it, and that of a string behind it; null where there is none. */
export function unquoted(text: string): string | null {
  const mark = QUOTE.exec(text)
  if (mark === null) return null
  const rest = text.slice(mark[0].length)
  return /["']$/.test(mark[0]) ? rest.trimEnd().replace(END_QUOTE, '') : rest
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

function* withoutNames(text: string): Generator<string> {
  const number = skipDigits(text, 0)
  if (number > 0) {
    const rest = skipBlanks(text, /[:\-\t.)]/.test(text[number] ?? '') ? number + 1 : number)
    if (rest > number) yield text.slice(rest)
  }
  if (text.startsWith('[pod/')) {
    const close = text.indexOf('] ')
    if (close > 0) yield text.slice(close + 2)
  }
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
