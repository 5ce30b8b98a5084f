import type { Stamp } from '../model/record.ts'
import { isDigit, paddedDigits, skipDigits, twoDigits } from './digits.ts'
import { monthNamed } from './month-names.ts'

/** A stamp at some place in a line. */
export interface StampRead {
  readonly stamp: Stamp
  /** Characters. */
  readonly width: number
  readonly fractionDigits: number
}

const MONTHS = new Map(
  ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'].map((name, i) => [
    monthKey(name, 0),
    i + 1,
  ]),
)

// Neighbouring lines mostly bear the same second: their stamps are one object.
let last: { text: string; read: StampRead } | null = null

/** Longest name of a month, with its point; shorter in every language that is known. */
const LONGEST_MONTH = 12

/**
 * `Mar  5 09:22:41`, `Mar 05 09:22:41`, either with a fraction behind; the month also as journalctl writes it in
 * another language: `mars 05`, `апр 05`, `3月 05`.
 *
 * @see RFC 3164 4.1.2; rsyslog `date-rfc3164`; systemd `journalctl -o short`
 */
export function readYearless(text: string, at: number): StampRead | null {
  if (last !== null && text.startsWith(last.text, at) && !goesOn(text.charCodeAt(at + last.read.width))) {
    return last.read
  }
  const english = monthAt(text, at)
  const end = english > 0 && text.charCodeAt(at + 3) === 32 ? at + 3 : endOfWord(text, at)
  if (end < 0) return null
  let day = paddedDigits(text, end + 1)
  let clock = end + 4
  if (day < 0 && isDigit(text.charCodeAt(end + 1))) {
    // A mail program squeezed the padding away.
    day = text.charCodeAt(end + 1) - 48
    clock = end + 3
  }
  if (day < 1 || day > 31 || text.charCodeAt(clock - 1) !== 32) return null
  const time = readClock(text, clock)
  if (time === null) return null
  const month = end === at + 3 && english > 0 ? english : monthNamed(text.slice(at, end))
  if (month === null) return null
  const plain = clock + 8
  const past = readFraction(text, plain)
  const fraction = past === plain ? '' : text.slice(plain + 1, past)
  const read: StampRead = {
    stamp: { kind: 'yearless', month, day, ...time, fraction },
    width: past - at,
    fractionDigits: fraction.length,
  }
  last = { text: text.slice(at, past), read }
  return read
}

/**
 * Index of the blank after what may be a month in another language: three letters or more, or a number with a sign
 * behind it; else -1. Two letters are what rotation leaves of an English one.
 */
function endOfWord(text: string, at: number): number {
  let digits = 0
  let letters = 0
  for (let i = at; i <= at + LONGEST_MONTH; i++) {
    const code = text.charCodeAt(i)
    if (code === 32) return letters >= 3 || (letters > 0 && digits > 0) ? i : -1
    if (isDigit(code)) digits++
    else if (code >= 128 || isLetter(code)) letters++
    else if (code !== 46) return -1
  }
  return -1
}

function isLetter(code: number): boolean {
  return (code | 32) >= 97 && (code | 32) <= 122
}

/** Whether a stamp that ended here may be longer this time: a digit more, or a fraction behind a point or comma. */
function goesOn(code: number): boolean {
  return isDigit(code) || code === 46 || code === 44
}

/** Month from 1 of the English abbreviation at `at`; 0 when there is none. */
export function monthAt(text: string, at: number): number {
  return MONTHS.get(monthKey(text, at)) ?? 0
}

function monthKey(text: string, at: number): number {
  return (text.charCodeAt(at) << 16) | (text.charCodeAt(at + 1) << 8) | text.charCodeAt(at + 2)
}

/** `09:22:41` at `at`. */
export function readClock(text: string, at: number): { hour: number; minute: number; second: number } | null {
  if (text.charCodeAt(at + 2) !== 58 || text.charCodeAt(at + 5) !== 58) return null
  const hour = twoDigits(text, at)
  const minute = twoDigits(text, at + 3)
  const second = twoDigits(text, at + 6)
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return null
  return { hour, minute, second }
}

/** Index after the `.553168` or `,553168` at `at`; `at` itself where there is none. */
export function readFraction(text: string, at: number): number {
  const point = text.charCodeAt(at)
  if (point !== 46 && point !== 44) return at
  const end = skipDigits(text, at + 1)
  return end > at + 1 && end - at <= 10 ? end : at
}
