/**
 * The forms that begin with `Mar  5 09:22:41 HOST TAG:`. Several programs write them with small differences; this file
 * reads them all, and the envelopes beside it each take their own.
 */
import type { Stamp, StampFrom } from '../model/record.ts'
import type { Parsed } from './envelope.ts'
import { readSender, type Sender } from './sender.ts'
import { readYearless, type StampRead } from './yearless.ts'

export interface Short {
  readonly read: StampRead
  readonly sender: Sender
}

/** Reads the form from `at`; with a relay's stamp before the sender's own, the sender's. */
export function readShort(text: string, at: number): Short | null {
  const read = readYearless(text, at)
  if (read === null) return null
  const sender = readSender(text, at + read.width)
  if (sender === null) return null
  const inner = sender.stampAt === null ? null : readShort(text, sender.stampAt)
  return inner ?? { read, sender }
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
