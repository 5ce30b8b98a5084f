/** Clocks between readings: what `date` prints, the head of `watch`, a bare time. */
import { whole } from './object.ts'

const CLOCK = '(?<hour>\\d{1,2}):(?<minute>\\d\\d):(?<second>\\d\\d)(?<fraction>\\.\\d{1,9})?'
/** As `date` prints them in English. */
export const MONTHS: readonly string[] = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
const MONTH = `(?<month>${MONTHS.join('|')})`
const ISO = new RegExp(
  `^(?<year>\\d{4})[-/](?<mm>\\d\\d)[-/](?<day>\\d\\d)[T ]${CLOCK}(?: ?(?:Z|UTC|[+-]\\d\\d:?\\d\\d))?$`,
)
/** `Tue Mar 15 09:22:41 KST 2022`, `Tue Mar 15 09:22:41 2022`, `Tue 15 Mar 2022 09:22:41 AM KST`. */
const DATE = new RegExp(
  `^[A-Z][a-z]{2},? ${MONTH} +(?<day>\\d{1,2}) ${CLOCK}(?: [A-Z+-][A-Z0-9:]{1,5})? (?<year>\\d{4})$`,
)
const DATE_DAY_FIRST = new RegExp(
  `^[A-Z][a-z]{2},? (?<day>\\d{1,2}) ${MONTH} (?<year>\\d{4}) ${CLOCK}(?: (?<half>[AP]M))?(?: [A-Z+-][A-Z0-9:]{1,5})?$`,
)
const BARE = new RegExp(`^${CLOCK}(?: (?<half>[AP]M))?$`)
const DAY = 86_400

/**
 * Seconds of a line that is nothing but a time; null for any other line.
 *
 * The zone is left out: all times of one text are of one machine, and only their differences are used.
 *
 * @param before the reading before it, for a bare `09:22:41` that has passed midnight
 */
export function stampSeconds(line: string, before: number | null): number | null {
  const text = (/^Every [\d.,]+s: .* (?<stamp>(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) .*)$/.exec(line)?.[1] ?? line).replace(
    /^[-=#* ]+|[-=* ]+$/g,
    '',
  )
  if (text.length > 60) return null
  const epoch = /^1\d{9}(?:\.\d{1,9})?$/.test(text) ? Number(text) : null
  if (epoch !== null) return epoch
  const dated = (ISO.exec(text) ?? DATE.exec(text) ?? DATE_DAY_FIRST.exec(text))?.groups
  if (dated !== undefined) {
    const month = dated['month'] === undefined ? Number(dated['mm']) - 1 : MONTHS.indexOf(dated['month'])
    return Date.UTC(Number(dated['year']), month, Number(dated['day'])) / 1000 + clockSeconds(dated)
  }
  const bare = BARE.exec(text)?.groups
  return bare === undefined ? null : afterMidnight(clockSeconds(bare), before)
}

/** A time of day that comes after the one before it, though midnight lies between. */
export function afterMidnight(seconds: number, before: number | null): number {
  if (before === null || seconds >= before) return seconds
  return seconds + Math.ceil((before - seconds) / DAY) * DAY
}

/** `12:00:01 AM` or `00:00:01`, in seconds of the day. */
export function clockSeconds(groups: Readonly<Record<string, string | undefined>>): number {
  const twelve = groups['half'] !== undefined
  const hour = twelve ? (Number(groups['hour']) % 12) + (groups['half'] === 'PM' ? 12 : 0) : Number(groups['hour'])
  return hour * 3600 + Number(groups['minute']) * 60 + Number(groups['second']) + Number(groups['fraction'] ?? 0)
}

/**
 * Seconds between readings, where the command itself stands in the text: `free -h -s 1`, `vmstat 5`, `sar -r 1 60`,
 * `watch -n 2 …`, `while true; do …; sleep 1; done`, `Every 1.0s: free -h`.
 */
export function everySeconds(line: string): number | null {
  const every = /^Every (\d{1,5}(?:[.,]\d{1,3})?)s: /.exec(line)?.[1]
  if (every !== undefined) return Number(every.replace(',', '.'))
  if (!/\b(?:free|vmstat|crictl|docker|kubectl|podman)\b/.test(line)) return null
  const asked =
    /\bwatch (?:-[a-z] )*-n ?(\d{1,5}(?:\.\d{1,3})?)\b/.exec(line) ??
    /\bsleep (\d{1,5}(?:\.\d{1,3})?)\b/.exec(line) ??
    /\bfree (?:-[a-z]+ )*-[a-z]*s ?(\d{1,5}(?:\.\d{1,3})?)\b/.exec(line) ??
    /\bvmstat (?:-[a-zA-Z]+ (?:[kKmM] )?)*(\d{1,5})\b/.exec(line)
  const seconds = asked?.[1]
  if (seconds === undefined) return /\bwatch (?!-n)/.test(line) ? 2 : null
  const number = whole(seconds) ?? Number(seconds)
  return number > 0 ? number : null
}
