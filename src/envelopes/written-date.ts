/** Dates as consoles of log services write them into exports, which nothing that writes a log itself does. */
import type { Stamp } from '../model/record.ts'
import { readIso } from './iso-stamp.ts'
import { monthNamed } from './month-names.ts'
import { readClock } from './yearless.ts'

const LONGEST = 40
/** `Mar 15, 2022 @ 09:22:41.553`, up to version 6 `March 15th 2022, 09:22:41.553`. */
const KIBANA = /^([A-Za-z]{3,9}) (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?: @|,) (\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?$/
/** `3/15/2022, 9:22:41.553 AM`. Without the half of the day the first number may be a day. */
const AMERICAN = /^(\d{1,2})\/(\d{1,2})\/(\d{4}),? (\d{1,2})(:\d\d:\d\d)(?:\.(\d{1,9}))? ([AP])M$/

/** Of a date in one of these forms; null for any other text. `isUtc`: the column says so. */
export function writtenDate(text: string, isUtc: boolean): Stamp | null {
  if (text.length > LONGEST) return null
  const kibana = KIBANA.exec(text)
  if (kibana !== null) {
    const [, name, day, year, clock, fraction] = kibana
    return stampOf(year!, monthNamed(name!), day!, clock!, fraction, isUtc)
  }
  const american = AMERICAN.exec(text)
  if (american === null) return null
  const [, month, day, year, hour, rest, fraction, half] = american
  const hours = (Number(hour) % 12) + (half === 'P' ? 12 : 0)
  return stampOf(year!, Number(month), day!, `${two(hours)}${rest}`, fraction, isUtc)
}

function stampOf(
  year: string,
  month: number | null,
  day: string,
  clock: string,
  fraction: string | undefined,
  isUtc: boolean,
): Stamp | null {
  if (month === null || readClock(clock, 0) === null) return null
  const date = `${year}-${two(month)}-${two(Number(day))}T${clock}`
  return readIso(`${date}${fraction === undefined ? '' : `.${fraction}`}${isUtc ? 'Z' : ''}`, 0)?.stamp ?? null
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}
