/**
 * The forms that begin with `Mar  5 09:22:41 HOST TAG:`. Several programs write them with small differences; this file
 * reads them all, and the envelopes beside it each take their own.
 */
import type { Stamp, StampFrom } from '../model/record.ts'
import { fourDigits } from './digits.ts'
import type { Parsed } from './envelope.ts'
import { readSender, type Sender } from './sender.ts'
import { monthAt, readYearless, type StampRead } from './yearless.ts'

export interface Short {
  readonly read: StampRead
  readonly sender: Sender
}

/** Reads the form from `at`; with a relay's stamp before the sender's own, the sender's. */
export function readShort(text: string, at: number): Short | null {
  const yearless = readYearless(text, at) ?? readYearBefore(text, at)
  if (yearless === null) return null
  const read = withYear(text, at, yearless)
  const sender = readSender(text, at + read.width)
  if (sender === null) return null
  const inner = sender.stampAt === null ? null : readShort(text, sender.stampAt)
  return inner ?? { read, sender }
}

/** `Mar 15 2022 09:22:41`, of switches and some templates. */
function readYearBefore(text: string, at: number): StampRead | null {
  if (monthAt(text, at) === 0 || text.charCodeAt(at + 7) !== 50 || text.charCodeAt(at + 11) !== 32) return null
  const year = fourDigits(text, at + 7)
  const read = year < 0 ? null : readYearless(text.slice(at, at + 7) + text.slice(at + 12, at + 36), 0)
  if (read === null || read.stamp.kind !== 'yearless') return null
  return { ...read, stamp: { ...read.stamp, kind: 'local', year }, width: read.width + 5 }
}

/** `Mar 15 09:22:41 2022`, of appliances: the stamp with the year behind it, where that is no host's name but four digits. */
function withYear(text: string, at: number, read: StampRead): StampRead {
  const zone = zoneNameAt(text, at + read.width + 1)
  const yearAt = at + read.width + 1 + zone
  // a test that costs nothing, for all the lines whose host does not begin like this century
  if (text.charCodeAt(yearAt) !== 50 || text.charCodeAt(yearAt + 1) !== 48 || text.charCodeAt(yearAt + 4) !== 32)
    return read
  const year = fourDigits(text, yearAt)
  if (year < 0 || read.stamp.kind !== 'yearless') return read
  return { ...read, stamp: { ...read.stamp, kind: 'local', year }, width: read.width + zone + 5 }
}

/** Width of the `UTC ` in `Mar 15 09:22:41 UTC 2022`, as `date` prints it; mostly 0. */
function zoneNameAt(text: string, at: number): number {
  // no host is in capitals, has three or four of them, and this century behind it
  const code = text.charCodeAt(at)
  if (code < 65 || code > 90) return 0
  return /^[A-Z]{3,4} (?=20\d\d )/.exec(text.slice(at, at + 11))?.[0].length ?? 0
}

/** The record of a syslog-like line. */
export function parsedOf(text: string, stamp: Stamp | null, stampFrom: StampFrom, sender: Sender): Parsed {
  return {
    stamp,
    stampFrom,
    host: sender.host,
    ident: sender.ident,
    pid: sender.pid,
    uptimeSeconds: null,
    caller: null,
    bootId: null,
    message: text.slice(sender.textAt),
    width: sender.textAt,
    escapes: 'syslog',
    nested: sender.ident === null,
    partOf: null,
  }
}
