import { type Parsed, parsed } from './envelope.ts'
import { stampOfMicroseconds } from './iso-stamp.ts'
import { firstStamp, type JsonObject, numberOf, textOf } from './json-text.ts'
import { identOfUnit } from './sender.ts'

/** Where collectors put the time; what fluent-bit reads of the journal has no other for the kernel's lines. */
export const COLLECTOR_TIMES = [
  '@timestamp',
  'timestamp',
  'time',
  'ts',
  'timeUnixNano',
  '_time',
  'datetime',
  'date',
  'ingestionTime',
  'lastTimestamp',
]

/**
 * A record of the journal's own fields, in whatever form they were printed; null where it has no message.
 *
 * @see systemd systemd.journal-fields(7)
 */
export function parsedOfJournal(fields: JsonObject): Parsed | null {
  const message = textOf(fields['MESSAGE'])
  if (message === null) return null
  const isKernel = fields['_TRANSPORT'] === 'kernel'
  const monotonic = isKernel ? numberOf(textOf(fields['_SOURCE_MONOTONIC_TIMESTAMP'])) : null
  const time = numberOf(textOf(fields['_SOURCE_REALTIME_TIMESTAMP']) ?? textOf(fields['__REALTIME_TIMESTAMP']))
  const unit = textOf(fields['_SYSTEMD_UNIT'])
  return parsed({
    stamp: time === null ? firstStamp(fields, COLLECTOR_TIMES) : stampOfMicroseconds(time),
    stampFrom: 'journal',
    host: textOf(fields['_HOSTNAME']),
    ident: isKernel
      ? 'kernel'
      : (textOf(fields['SYSLOG_IDENTIFIER']) ?? textOf(fields['_COMM']) ?? (unit === null ? null : identOfUnit(unit))),
    pid: numberOf(textOf(fields['SYSLOG_PID']) ?? textOf(fields['_PID'])),
    uptimeSeconds: monotonic === null ? null : monotonic / 1e6,
    bootId: textOf(fields['_BOOT_ID']),
    message,
  })
}

/** Whether these fields are the journal's. */
export function isJournal(fields: JsonObject): boolean {
  return 'MESSAGE' in fields && ('__REALTIME_TIMESTAMP' in fields || '__CURSOR' in fields || '_TRANSPORT' in fields)
}
