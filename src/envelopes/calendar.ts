/** From calendar fields to epoch milliseconds and ISO 8601, and back from ISO 8601. */
import { offsetMinutes, offsetText } from '../basics/iso-offset.ts'
import type { CalendarFields } from '../model/record.ts'

/** Epoch ms of fields that are taken to be UTC. */
export function utcMs(year: number, fields: CalendarFields): number {
  return secondMs(year, fields) + fractionMs(fields.fraction)
}

// Neighbouring lines mostly bear the same second, and then the same object.
let last: { fields: CalendarFields; year: number; ms: number } | null = null

/** {@link utcMs} without the fraction. */
export function secondMs(year: number, fields: CalendarFields): number {
  if (last === null || last.fields !== fields || last.year !== year) {
    const { month, day, hour, minute, second } = fields
    last = { fields, year, ms: Date.UTC(year, month - 1, day, hour, minute, second) }
  }
  return last.ms
}

function fractionMs(digits: string): number {
  return digits === '' ? 0 : Number(`0.${digits}`) * 1000
}

/** Whether a year has a 29 February. */
export function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}

/** ISO 8601 of fields as printed: the fraction has as many digits as they have. `offset` in minutes. */
export function isoOf(year: number, fields: CalendarFields, offset: number): string {
  const fraction = fields.fraction === '' ? '' : `.${fields.fraction}`
  const date = `${String(year).padStart(4, '0')}-${two(fields.month)}-${two(fields.day)}`
  return `${date}T${two(fields.hour)}:${two(fields.minute)}:${two(fields.second)}${fraction}${offsetText(offset)}`
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value)
}

/** Epoch ms of an ISO 8601 stamp with offset, nanoseconds kept as a fraction of a millisecond; null when it is none. */
export function isoMs(iso: string): number | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)$/.exec(iso)
  if (!match) return null
  const ms = Date.UTC(+match[1]!, +match[2]! - 1, +match[3]!, +match[4]!, +match[5]!, +match[6]!)
  return ms - offsetMinutes(match[8]!) * 60_000 + fractionMs(match[7] ?? '')
}
