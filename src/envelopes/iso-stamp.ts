import type { Stamp } from '../model/record.ts'
import { fourDigits, twoDigits } from './digits.ts'
import { readClock, readFraction, type StampRead } from './yearless.ts'

/** An ISO 8601 stamp and how it is written, which tells its writers apart. */
export interface IsoRead extends StampRead {
  readonly fractionMark: '.' | ',' | null
  readonly offset: 'Z' | '+09:00' | '+0900' | null
}

// Epoch milliseconds of the last second read, as if it were UTC: neighbouring lines share it.
let lastSecond = ''
let lastSecondMs = 0

/**
 * `2022-03-15T09:22:41.553168+09:00` at `at`, with any number of fraction digits up to nine, a comma or a point before
 * them, and any form of offset or none. `separator` is what stands between date and time.
 *
 * Without an offset the stamp is `local`.
 */
export function readIso(text: string, at: number, separator: 'T' | ' ' = 'T'): IsoRead | null {
  if (text.charCodeAt(at + 4) !== 45 || text[at + 10] !== separator) return null
  if (!text.startsWith(lastSecond, at) || lastSecond === '') {
    const ms = readSecond(text, at)
    if (ms === null) return null
    lastSecond = text.slice(at, at + 19)
    lastSecondMs = ms
  }
  const plain = at + 19
  const fractionEnd = readFraction(text, plain)
  const fractionMark = fractionEnd === plain ? null : text.charCodeAt(plain) === 44 ? ',' : '.'
  const zone = readOffset(text, fractionEnd)
  const end = fractionEnd + (zone?.width ?? 0)
  const stamp =
    zone === null
      ? localStamp(text, at, text.slice(plain + 1, fractionEnd))
      : fullStamp(
          lastSecondMs + fractionMs(text, plain + 1, fractionEnd) - zone.minutes * 60_000,
          isoText(text, at, end, fractionEnd, zone),
        )
  return {
    stamp,
    width: end - at,
    fractionDigits: Math.max(0, fractionEnd - plain - 1),
    fractionMark,
    offset: zone?.form ?? null,
  }
}

/** Milliseconds of the fraction digits from `at` to `end`. */
function fractionMs(text: string, at: number, end: number): number {
  let digits = 0
  for (let i = at; i < end; i++) digits = digits * 10 + text.charCodeAt(i) - 48
  return digits === 0 ? 0 : digits / POWERS[end - at]!
}

/** By the number of digits: what makes milliseconds of them. */
const POWERS = [1, 1e-2, 1e-1, 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6]

function fullStamp(ms: number, iso: string): Stamp {
  return { kind: 'full', ms, iso }
}

/** As printed, but for the forms that ISO 8601's extended format does not have. */
function isoText(text: string, at: number, end: number, fractionEnd: number, zone: Offset): string {
  const isExtended = text.charCodeAt(at + 10) === 84 && zone.form !== '+0900' && text.charCodeAt(at + 19) !== 44
  if (isExtended) return text.slice(at, end)
  const date = `${text.slice(at, at + 10)}T${text.slice(at + 11, at + 19)}`
  const fraction = text.slice(at + 20, fractionEnd)
  return `${date}${fraction === '' ? '' : `.${fraction}`}${zone.text}`
}

function readSecond(text: string, at: number): number | null {
  const year = fourDigits(text, at)
  const month = twoDigits(text, at + 5)
  const day = twoDigits(text, at + 8)
  const time = readClock(text, at + 11)
  if (year < 0 || month < 1 || month > 12 || day < 1 || day > 31 || text.charCodeAt(at + 7) !== 45 || time === null) {
    return null
  }
  return Date.UTC(year, month - 1, day, time.hour, time.minute, time.second)
}

function localStamp(text: string, at: number, fraction: string): Stamp {
  return {
    kind: 'local',
    year: fourDigits(text, at),
    month: twoDigits(text, at + 5),
    day: twoDigits(text, at + 8),
    hour: twoDigits(text, at + 11),
    minute: twoDigits(text, at + 14),
    second: twoDigits(text, at + 17),
    fraction,
  }
}

interface Offset {
  readonly form: 'Z' | '+09:00' | '+0900'
  readonly text: string
  readonly minutes: number
  readonly width: number
}

const UTC: Offset = { form: 'Z', text: 'Z', minutes: 0, width: 1 }
let lastOffset: Offset | null = null
let lastOffsetText = ''

function readOffset(text: string, at: number): Offset | null {
  const sign = text.charCodeAt(at)
  if (sign === 90) return UTC
  if (sign !== 43 && sign !== 45) return null
  if (lastOffset !== null && text.startsWith(lastOffsetText, at)) return lastOffset
  const colon = text.charCodeAt(at + 3) === 58
  const hours = twoDigits(text, at + 1)
  const minutes = twoDigits(text, at + (colon ? 4 : 3))
  if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59) return null
  lastOffsetText = text.slice(at, at + (colon ? 6 : 5))
  lastOffset = {
    form: colon ? '+09:00' : '+0900',
    text: colon ? lastOffsetText : `${lastOffsetText.slice(0, 3)}:${lastOffsetText.slice(3)}`,
    minutes: (hours * 60 + minutes) * (sign === 45 ? -1 : 1),
    width: colon ? 6 : 5,
  }
  return lastOffset
}

/** A stamp from microseconds since 1970, as the journal keeps time: `1647303761553168`. */
export function stampOfMicroseconds(microseconds: number): Stamp | null {
  if (!(microseconds > 0 && microseconds < 8e18)) return null
  const seconds = Math.floor(microseconds / 1e6)
  const rest = String(Math.round(microseconds - seconds * 1e6)).padStart(6, '0')
  const date = new Date(seconds * 1000)
  if (Number.isNaN(date.getTime())) return null
  return { kind: 'full', ms: microseconds / 1000, iso: `${date.toISOString().slice(0, 19)}.${rest}Z` }
}
