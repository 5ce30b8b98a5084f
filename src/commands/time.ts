/**
 * `--since` and `--until`: what a person types, as journalctl takes it.
 *
 * Relative forms count from an anchor that is known only when the logs are read (their newest line), so reading and
 * resolving are two steps.
 */
import { isValid, parseISO } from 'date-fns'
import { UsageError } from './usage-error.ts'

export type TimeSpec =
  /** Year and zone are printed. */
  | { readonly kind: 'absolute'; readonly ms: number }
  /** A date, maybe with a time, of no named zone: UTC ms of the same figures. */
  | { readonly kind: 'naive'; readonly naiveMs: number }
  /** A time of the anchor's day, so many days away. */
  | { readonly kind: 'of-day'; readonly days: number; readonly msOfDay: number }
  | { readonly kind: 'relative'; readonly ms: number }

export interface TimeAnchor {
  /** What relative forms count from, epoch ms. */
  readonly ms: number
  /** Minutes east of UTC of bare times. */
  readonly offsetMinutes: (naiveMs: number) => number
}

const UNIT_MS: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1_000,
  sec: 1_000,
  second: 1_000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  h: 3_600_000,
  hr: 3_600_000,
  hour: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  w: 604_800_000,
  week: 604_800_000,
  month: 2_629_800_000,
  M: 2_629_800_000,
  y: 31_557_600_000,
  year: 31_557_600_000,
}
const DAY_MS = 86_400_000

/** @throws UsageError for what is no time */
export function parseTime(text: string, option: string): TimeSpec {
  const words = text.trim()
  const spec =
    namedDay(words) ??
    clockTime(words) ??
    epoch(words) ??
    relative(words) ??
    dated(words.replace(/^[A-Z][a-z]{2} (?=\d{4}-)/, ''))
  if (spec) return spec
  throw new UsageError(
    `${option}: not a time: '${text}'; try 2022-03-15, '2022-03-15 09:22', 2022-03-15T09:22:41+09:00, 09:22, yesterday, -2h or '2 hours ago'`,
  )
}

/** Epoch ms. */
export function resolveTime(spec: TimeSpec, anchor: TimeAnchor): number {
  switch (spec.kind) {
    case 'absolute':
      return spec.ms
    case 'naive':
      return spec.naiveMs - anchor.offsetMinutes(spec.naiveMs) * 60_000
    case 'relative':
      return anchor.ms + spec.ms
    case 'of-day': {
      const anchorNaive = anchor.ms + anchor.offsetMinutes(anchor.ms) * 60_000
      const naive = Math.floor(anchorNaive / DAY_MS) * DAY_MS + spec.days * DAY_MS + spec.msOfDay
      return naive - anchor.offsetMinutes(naive) * 60_000
    }
  }
}

/** Whether a time depends on what the logs hold. */
export function needsAnchor(spec: TimeSpec): boolean {
  return spec.kind === 'relative' || spec.kind === 'of-day'
}

function namedDay(words: string): TimeSpec | null {
  if (words === 'now') return { kind: 'relative', ms: 0 }
  const days = { yesterday: -1, today: 0, tomorrow: 1 }[words]
  return days === undefined ? null : { kind: 'of-day', days, msOfDay: 0 }
}

function clockTime(words: string): TimeSpec | null {
  const match = /^(\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?$/.exec(words)
  if (!match) return null
  const [hour, minute, second] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)]
  if (hour > 23 || minute > 59 || second > 60) return null
  const fraction = match[4] ? Number(`0.${match[4]}`) : 0
  return { kind: 'of-day', days: 0, msOfDay: ((hour * 60 + minute) * 60 + second + fraction) * 1000 }
}

function epoch(words: string): TimeSpec | null {
  const match = /^@(\d{1,12}(?:\.\d{1,9})?)$/.exec(words)
  return match ? { kind: 'absolute', ms: Number(match[1]) * 1000 } : null
}

/** `-2h`, `+5min`, `2 hours ago`, `90m`, `1h30m`; without a sign in the past, as `kubectl logs --since` has it. */
function relative(words: string): TimeSpec | null {
  const ago = /^(.+?)\s+ago$/.exec(words)
  const body = (ago?.[1] ?? words).replace(/^[+-]/, '')
  if (!/^(\d{1,9}(\.\d{1,6})?\s*[A-Za-z]{1,8}\s*){1,6}$/.test(body)) return null
  let ms = 0
  for (const [, amount, word] of body.matchAll(/(\d+(?:\.\d+)?)\s*([A-Za-z]+)/g)) {
    const unit = UNIT_MS[word!] ?? UNIT_MS[word!.toLowerCase().replace(/s$/, '')]
    if (unit === undefined) return null
    ms += Number(amount) * unit
  }
  return { kind: 'relative', ms: words.startsWith('+') ? ms : -ms }
}

/** ISO 8601 as far as it goes, and as the report prints it: `2022-03-15 09:22:41 +09:00`. */
function dated(words: string): TimeSpec | null {
  const iso = words
    .replace(/^(\d{4}-\d\d-\d\d) +(?=\d)/, '$1T')
    .replace(/ +(?:UTC|Z)$/, 'Z')
    .replace(/ +(?=[+-]\d\d:?\d\d$)/, '')
    .replace(/,(?=\d)/, '.')
  if (!/^\d{4}-\d\d(-\d\d(T\d\d(:\d\d(:\d\d(\.\d{1,9})?)?)?(Z|[+-]\d\d:?\d\d)?)?)?$/.test(iso)) return null
  if (/(Z|[+-]\d\d:?\d\d)$/.test(iso) && iso.includes('T')) {
    const date = parseISO(iso)
    return isValid(date) ? { kind: 'absolute', ms: date.getTime() } : null
  }
  const date = parseISO(iso.includes('T') ? `${iso}Z` : `${iso.length === 7 ? `${iso}-01` : iso}T00:00Z`)
  return isValid(date) ? { kind: 'naive', naiveMs: date.getTime() } : null
}
