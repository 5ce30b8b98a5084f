/** Numbers, sizes, times and paths as people read them. Pure, and without a locale: the same everywhere. */
import { offsetMinutes } from '../basics/iso-offset.ts'

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/**
 * Bytes for people: a size that is whole in its unit without a decimal (`64 MiB`), any other with one (`64.0 MiB` is not quite
 * 64 MiB). `null` gives `?`.
 */
export function formatBytes(bytes: number | null): string {
  if (bytes === null) return '?'
  if (bytes === 0) return '0'
  let power = 0
  while (power < units.length - 1 && bytes / 1024 ** power >= 1023.95) power++
  return inUnit(bytes, power)
}

/**
 * A limit, never rounded where a smaller unit shows it exactly: 1280 MiB, not 1.3 GiB. What no unit shows in four digits
 * (97656 KiB) is given like any other size.
 */
export function formatLimit(bytes: number | null): string {
  if (bytes === null || bytes === 0) return formatBytes(bytes)
  for (let power = units.length - 1; power >= 0; power--) {
    const value = bytes / 1024 ** power
    if (value >= 1 && value < 10_000 && Number.isInteger(value * 2)) return inUnit(bytes, power)
  }
  return formatBytes(bytes)
}

function inUnit(bytes: number, power: number): string {
  const value = bytes / 1024 ** power
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${units[power]}`
}

/** Share in whole percent; `under 1 %`, and 100 % only when it is all. `null` where there is no whole. */
export function formatShare(part: number, whole: number | null): string | null {
  if (whole === null || whole <= 0) return null
  if (part >= whole) return `${Math.round((part / whole) * 100)} %`
  const percent = Math.floor((part / whole) * 100)
  return percent === 0 ? 'under 1 %' : `${percent} %`
}

/** `1,234,567` */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `1 file`, `2 files` */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}

interface TimeParts {
  readonly date: string
  readonly clock: string
  /** `.553`, at most three digits, never rounded up; empty where the stamp has none. */
  readonly fraction: string
  /** ` +09:00`, ` UTC`; empty where the stamp has none. */
  readonly offset: string
}

const isoTime = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d)?)(?:[.,](\d+))?(Z|[+-]\d\d:?\d\d)?$/

function timeParts(time: string): TimeParts | null {
  const [, date, clock, fraction, offset] = isoTime.exec(time) ?? []
  if (date === undefined || clock === undefined) return null
  return {
    date,
    clock,
    fraction: fraction === undefined ? '' : `.${fraction.slice(0, 3)}`,
    // containerd writes Z where the envelope of the same line writes +00:00
    offset: offset === undefined ? '' : /^(?:Z|\+00:?00)$/.test(offset) ? ' UTC' : ` ${offset}`,
  }
}

/** `2022-03-15 09:22:41 +09:00`: to the second, for a list. `null` gives `time unknown`. */
export function formatTime(time: string | null): string {
  if (time === null) return 'time unknown'
  const parts = timeParts(time)
  return parts === null ? time : `${parts.date} ${parts.clock}${parts.offset}`
}

/** `2022-03-15 09:22:41.553 +09:00`: with what the stamp has of a fraction, to the millisecond at most. */
export function formatExactTime(time: string | null): string {
  if (time === null) return 'time unknown'
  const parts = timeParts(time)
  return parts === null ? time : `${parts.date} ${parts.clock}${parts.fraction}${parts.offset}`
}

/** Like {@link formatTimeBeside}, to the second. */
export function formatClockBeside(time: string, beside: string): string {
  return formatTimeBeside(time, beside).replace(/\.\d+/, '')
}

/** A time beside another one, in that one's zone: of the same day only the clock, `09:22:41.553`; else the whole. */
export function formatTimeBeside(stamp: string | null, beside: string | null): string {
  if (stamp === null) return 'time unknown'
  const time = beside === null ? stamp : inZoneOf(stamp, beside)
  const parts = timeParts(time)
  const other = beside === null ? null : timeParts(beside)
  if (parts === null || other === null || parts.date !== other.date || parts.offset !== other.offset) {
    return formatExactTime(time)
  }
  return `${parts.clock}${parts.fraction}`
}

/** The same instant with the offset of another stamp; as it is where either has none. Runtimes stamp in UTC beside local syslog. */
function inZoneOf(time: string, other: string): string {
  const offset = isoTime.exec(other)?.[4]
  const parts = isoTime.exec(time)
  if (offset === undefined || parts?.[4] === undefined || parts[4] === offset) return time
  const instant = Date.parse(time)
  if (Number.isNaN(instant)) return time
  const shifted = new Date(instant + offsetMinutes(offset) * 60_000).toISOString()
  return `${shifted.slice(0, parts[3] === undefined ? 19 : 23)}${offset}`
}

/** `2022-03-15 09:22:41 to 11:40:02 +09:00`; one time when both are the same. */
export function formatTimeRange(first: string | null, last: string | null): string {
  if (first === null || last === null) return formatTime(first ?? last)
  const from = timeParts(first)
  const to = timeParts(last)
  if (from === null || to === null || from.offset !== to.offset) return `${formatTime(first)} to ${formatTime(last)}`
  if (from.date !== to.date) return `${from.date} ${from.clock} to ${to.date} ${to.clock}${to.offset}`
  if (from.clock === to.clock) return formatTime(first)
  return `${from.date} ${from.clock} to ${to.clock}${to.offset}`
}

/** The first 12 characters of a long hexadecimal id, as crictl prints it; other ids whole. */
export function shortId(id: string): string {
  return /^[0-9a-f]{13,}$/.test(id) ? id.slice(0, 12) : id
}

/** Cuts the middle out of text that is longer than `room` characters: the ends of a path say most. */
export function shortenMiddle(text: string, room: number): string {
  if (text.length <= room) return text
  const kept = Math.max(room - 3, 2)
  const head = Math.floor(kept * 0.4)
  return `${text.slice(0, head)}...${text.slice(text.length - (kept - head))}`
}
