import { skipBlanks, skipDigits } from './digits.ts'

/** The kernel's own prefix. */
export interface PrintkPrefix {
  readonly seconds: number
  /** `T1234` or `C0`. */
  readonly caller: string | null
  /** Characters up to the text, the one blank included. */
  readonly width: number
}

const OPEN = 91
const CLOSE = 93
const BLANK = 32

/**
 * `[   12.345678] `, `[   12.345678][ T1234] `, or with a blank between, as dmesg prints it.
 *
 * A bracket without a point (`[ 1234]`) is a row of the process table, not a stamp.
 *
 * @see torvalds/linux kernel/printk/printk.c, print_time(), print_caller(), v5.1+
 */
export function readPrintkPrefix(text: string, at: number): PrintkPrefix | null {
  if (text.charCodeAt(at) !== OPEN) return null
  const start = skipBlanks(text, at + 1)
  const close = endOfSeconds(text, start)
  if (close < 0 || text.charCodeAt(close) !== CLOSE) return null
  const seconds = Number(text.slice(start, close))
  const caller = readCaller(text, close + 1)
  return { seconds, caller: caller?.name ?? null, width: (caller?.end ?? pastBlank(text, close + 1)) - at }
}

/** Index after `12.345678` at `start`, or -1. */
export function endOfSeconds(text: string, start: number): number {
  const point = skipDigits(text, start)
  if (point === start || point - start > 12 || text.charCodeAt(point) !== 46) return -1
  const end = skipDigits(text, point + 1)
  return end > point + 1 && end - point <= 10 ? end : -1
}

/** `[ T1234] ` or `[    C0] ` at `at` or after one blank. */
export function readCaller(text: string, at: number): { readonly name: string; readonly end: number } | null {
  let i = text.charCodeAt(at) === BLANK ? at + 1 : at
  if (text.charCodeAt(i) !== OPEN) return null
  const start = skipBlanks(text, i + 1)
  const kind = text.charCodeAt(start)
  if (kind !== 84 && kind !== 67) return null
  i = skipDigits(text, start + 1)
  if (i === start + 1 || text.charCodeAt(i) !== CLOSE) return null
  return { name: text.slice(start, i), end: pastBlank(text, i + 1) }
}

function pastBlank(text: string, at: number): number {
  return text.charCodeAt(at) === BLANK ? at + 1 : at
}
