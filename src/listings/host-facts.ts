/**
 * What a support bundle says of the host it was taken from: its name, and when and in which time zone it was taken.
 *
 * Source of the forms: sos `hostname`, `date` (`date` or `timedatectl`), Rancher `systeminfo/{hostname,date}`.
 */

import type { BundleDate, HostOf } from '../model/host-of.ts'
import { MONTHS } from './stamps.ts'

export interface HostFact extends HostOf {
  /** Directory of the bundle that the fact holds for, with a `/` at its end; '' for all of it. */
  readonly root: string
}

const HOST_FILE = /^(?<root>(?:.*\/)?)(?:sos_commands\/(?:host|date)\/|systeminfo\/)?(?<what>hostname|date)$/

/** Whether a path may hold a fact of the host. */
export function isHostFile(path: string): boolean {
  return HOST_FILE.test(path)
}

/** null for what is none. */
export function readHostFact(text: string, path: string): HostFact | null {
  const at = HOST_FILE.exec(path)?.groups
  if (!at) return null
  const root = (at['root'] ?? '').replace(/(?:sos_commands\/(?:host|date)|systeminfo)\/$/, '')
  if (at['what'] === 'hostname') {
    const host = /^\s*([A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?)\s*$/.exec(text)?.[1]
    return host === undefined ? null : { root, host, date: null }
  }
  const date = readTimedatectl(text) ?? readDate(text)
  return date === null ? null : { root, host: null, date }
}

/** `Tue Mar 15 09:30:00 UTC 2022`, `Tue 15 Mar 2022 09:30:00 AM UTC`. */
function readDate(text: string): BundleDate | null {
  const day = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?'
  const clock =
    '(?<hour>\\d{2}):(?<minute>\\d{2}):(?<second>\\d{2})(?: (?<half>[AP]M))?(?: (?<zone>[A-Z]{1,5}|[+-]\\d{2}(?:\\d{2})?))?'
  const forms = [
    `^\\s*${day} (?<month>[A-Z][a-z]{2}) {1,2}(?<date>\\d{1,2}) ${clock} (?<year>\\d{4})\\s*$`,
    `^\\s*${day} {1,2}(?<date>\\d{1,2}) (?<month>[A-Z][a-z]{2}) (?<year>\\d{4}) ${clock}\\s*$`,
  ]
  for (const form of forms) {
    const found = new RegExp(form, 'm').exec(text)?.groups
    const month = MONTHS.indexOf(found?.['month'] ?? '')
    if (!found || month < 0) continue
    const hour =
      found['half'] === undefined
        ? Number(found['hour'])
        : (Number(found['hour']) % 12) + (found['half'] === 'PM' ? 12 : 0)
    return {
      naiveMs: Date.UTC(
        Number(found['year']),
        month,
        Number(found['date']),
        hour,
        Number(found['minute']),
        Number(found['second']),
      ),
      zone: zoneOf(found['zone']),
    }
  }
  return null
}

function zoneOf(printed: string | undefined): string | null {
  if (printed === 'UTC' || printed === 'GMT') return 'UTC'
  const [, sign, hours, minutes = '00'] = /^([+-])(\d{2})(\d{2})?$/.exec(printed ?? '') ?? []
  return sign === undefined ? null : `${sign}${hours}:${minutes}`
}

/** `Local time: Tue 2022-03-15 09:30:00 JST`, and below it `Time zone: Asia/Tokyo (JST, +0900)`. */
function readTimedatectl(text: string): BundleDate | null {
  const local = /^\s*Local time: (?:[A-Z][a-z]{2} )?(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)/m.exec(text)
  if (local === null) return null
  const naiveMs = Date.parse(`${local[1]}T${local[2]}Z`)
  const zone = /^\s*Time ?zone: ([A-Z][A-Za-z0-9_+-]{1,30}(?:\/[A-Za-z0-9_+-]{1,30}){0,2}) /m.exec(text)?.[1] ?? null
  return Number.isNaN(naiveMs) ? null : { naiveMs, zone: zone !== null && isZone(zone) ? zone : null }
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
