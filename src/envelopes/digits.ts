/** Reading numbers out of a line by character code, without making strings. */

const ZERO = 48
const NINE = 57

export function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE
}

/** The two digits at `at`, or -1. */
export function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at)
  const units = text.charCodeAt(at + 1)
  return isDigit(tens) && isDigit(units) ? (tens - ZERO) * 10 + units - ZERO : -1
}

/** As {@link twoDigits}, the first may be a blank. */
export function paddedDigits(text: string, at: number): number {
  const units = text.charCodeAt(at + 1)
  if (text.charCodeAt(at) === 32 && isDigit(units)) return units - ZERO
  return twoDigits(text, at)
}

/** The four digits at `at`, or -1. */
export function fourDigits(text: string, at: number): number {
  const high = twoDigits(text, at)
  const low = twoDigits(text, at + 2)
  return high < 0 || low < 0 ? -1 : high * 100 + low
}

/** Index after the run of digits at `at`; `at` itself where there is none. */
export function skipDigits(text: string, at: number): number {
  let i = at
  while (isDigit(text.charCodeAt(i))) i++
  return i
}

/** Index after the run of blanks at `at`. */
export function skipBlanks(text: string, at: number): number {
  let i = at
  while (text.charCodeAt(i) === 32) i++
  return i
}
