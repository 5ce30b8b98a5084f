/** Reading JSON that a log holds, as far as it is good; nothing here throws. */
import type { Stamp } from '../model/record.ts'
import { bytesToText } from './escapes.ts'
import { readIso, stampOfMicroseconds } from './iso-stamp.ts'
import { readYearless, type StampRead } from './yearless.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/** Any JSON value; undefined where the text is none. */
export function parseJson(text: string): unknown {
  return tryParse(text) ?? tryParse(repaired(text))
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

// `dmesg -J` writes bytes that are not UTF-8 as they are: in a line they stand as `\xNN`, which JSON does not know.
const UNKNOWN_ESCAPE = /\\(?:(["\\/bfnrtu])|(?=x))/g
const CONTROL = /[\0-\x1f]/g

function repaired(text: string): string {
  return text
    .replace(UNKNOWN_ESCAPE, (whole, known: string | undefined) => (known === undefined ? '\\\\' : whole))
    .replace(CONTROL, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** The object that a line holds: `{…}`, also after 0x1E (json-seq) or `data: ` (json-sse), before a comma (an array). */
export function parseJsonLine(text: string): JsonObject | null {
  const start = startOfObject(text)
  if (start < 0) return null
  const end = text.lastIndexOf('}')
  if (end < start) return null
  const value = parseJson(text.slice(start, end + 1))
  return isObject(value) ? value : null
}

function startOfObject(text: string): number {
  let i = 0
  while (text.charCodeAt(i) === 32 || text.charCodeAt(i) === 9 || text.charCodeAt(i) === 0x1e) i++
  if (text.startsWith('data: ', i)) i += 6
  return text.charCodeAt(i) === 123 ? i : -1
}

/** Text of a journal field: a string; or bytes, where it is no printable UTF-8; or several values, of which the first. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (!Array.isArray(value) || value.length === 0) return null
  if (value.every(byte => Number.isInteger(byte) && byte >= 0 && byte < 256)) return bytesToText(value as number[])
  return textOf(value[0])
}

export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  return typeof value === 'string' && /^\d{1,20}(?:\.\d{1,9})?$/.test(value) ? Number(value) : null
}

/** Of the first key that holds a time. */
export function firstStamp(fields: JsonObject, keys: readonly string[]): Stamp | null {
  for (const key of keys) {
    const stamp = stampOf(fields[key])
    if (stamp !== null) return stamp
  }
  return null
}

/** A stamp as collectors write it: ISO text, that of syslog, or seconds, milliseconds, microseconds or nanoseconds since 1970. */
export function stampOf(value: unknown): Stamp | null {
  const number = numberOf(value)
  if (number !== null) return stampOfMicroseconds(number * microsecondsPer(number))
  if (typeof value !== 'string') return null
  return (readIso(value, 0) ?? readIso(value, 0, ' ') ?? wholly(value, readYearless(value, 0)))?.stamp ?? null
}

function wholly(text: string, read: StampRead | null): StampRead | null {
  return read?.width === text.length ? read : null
}

function microsecondsPer(number: number): number {
  if (number >= 1e17) return 1e-3
  if (number >= 1e14) return 1
  return number >= 1e11 ? 1e3 : 1e6
}
