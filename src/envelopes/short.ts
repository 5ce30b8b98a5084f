/**
 * The forms that begin with `Mar  5 09:22:41 HOST TAG:`. Several programs write them with small differences; this file
 * reads them all, and the envelopes beside it each take their own.
 */
import type { Stamp, StampFrom } from '../model/record.ts'
import { fourDigits } from './digits.ts'
import type { Parsed } from './envelope.ts'
import { readSender, type Sender } from './sender.ts'
import { readYearless, type StampRead } from './yearless.ts'

export interface Short {
  readonly read: StampRead
  readonly sender: Sender
}

/** Reads the form from `at`; with a relay's stamp before the sender's own, the sender's. */
export function readShort(text: string, at: number): Short | null {
  const yearless = readYearless(text, at)
  if (yearless === null) return null
  const read = withYear(text, at, yearless)
  const sender = readSender(text, at + read.width)
  if (sender === null) return null
  const inner = sender.stampAt === null ? null : readShort(text, sender.stampAt)
  return inner ?? { read, sender }
}

/** `Mar 15 09:22:41 2022`, of appliances: the stamp with the year behind it, where that is no host's name but four digits. */
function withYear(text: string, at: number, read: StampRead): StampRead {
  const yearAt = at + read.width + 1
  // a test that costs nothing, for all the lines whose host does not begin like this century
  if (text.charCodeAt(yearAt) !== 50 || text.charCodeAt(yearAt + 1) !== 48 || text.charCodeAt(yearAt + 4) !== 32)
    return read
  const year = fourDigits(text, yearAt)
  if (year < 0 || read.stamp.kind !== 'yearless') return read
  return { ...read, stamp: { ...read.stamp, kind: 'local', year }, width: read.width + 5 }
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
