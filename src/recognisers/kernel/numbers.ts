/** A whole number as printed; null where it is missing or too big to be exact. */
export function int(text: string | undefined): number | null {
  if (text === undefined || text === '') return null
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : null
}

/** kB, which the kernel means as 1024 bytes, to bytes. */
export function kib(text: string | undefined): number | null {
  const value = int(text)
  return value === null || !Number.isSafeInteger(value * 1024) ? null : value * 1024
}

/**
 * The kernel prints "no limit" as its largest page count in kB: 9007199254740988, …976 and …928 with 16 and 64 kB pages,
 * …991 and 18014398509481983 on old kernels. All are 2^50 or more; no machine has that much.
 */
const NO_LIMIT_KB = 2 ** 50

/** A limit in kB to bytes; null: no limit. */
export function limitKib(text: string | undefined): number | null {
  return text !== undefined && Number(text) < NO_LIMIT_KB ? kib(text) : null
}

/**
 * `free:14848kB shmem_thp: 0kB pages_scanned:0` by key: sizes in bytes, plain counts as they are. By hand, since a
 * Mem-Info line has thirty of them.
 */
export function keyedNumbers(text: string): Record<string, number> {
  const numbers: Record<string, number> = {}
  let at = 0
  for (let colon = text.indexOf(':'); colon !== -1; colon = text.indexOf(':', at)) {
    let key = colon
    while (key > at && text.charCodeAt(key - 1) !== BLANK) key--
    let digits = colon + 1
    if (text.charCodeAt(digits) === BLANK) digits++
    let end = digits
    while (isDigit(text.charCodeAt(end))) end++
    at = colon + 1
    if (end === digits || !isLetter(text.charCodeAt(key))) continue
    const isKib = text.startsWith('kB', end) || text.startsWith('KB', end)
    const value = isKib ? kib(text.slice(digits, end)) : int(text.slice(digits, end))
    at = isKib ? end + 2 : end
    if (value !== null && isEndOfNumber(text.charCodeAt(at))) numbers[text.slice(key, colon)] = value
  }
  return numbers
}

const BLANK = 0x20
const isDigit = (code: number) => code >= 0x30 && code <= 0x39
const isLetter = (code: number) => (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f
/** NaN is the end of the text. */
const isEndOfNumber = (code: number) => Number.isNaN(code) || code <= BLANK
