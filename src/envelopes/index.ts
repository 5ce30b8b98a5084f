import { bare } from './bare.ts'
import { busybox } from './busybox.ts'
import { cloudYaml } from './cloud-yaml.ts'
import { collectorJson } from './collector-json.ts'
import { cri } from './cri.ts'
import { csv } from './csv.ts'
import { dateTime } from './date-time.ts'
import { dmesg, procKmsg } from './dmesg.ts'
import { dmesgDecoded } from './dmesg-decoded.ts'
import { dmesgDelta, dmesgReltime } from './dmesg-delta.ts'
import { dmesgIso } from './dmesg-iso.ts'
import { dmesgTime } from './dmesg-time.ts'
import { dockerJson } from './docker-json.ts'
import type { Envelope } from './envelope.ts'
import { fluentBit } from './fluent-bit.ts'
import { journalExport } from './journal-export.ts'
import { journalJson } from './journal-json.ts'
import { journalShortFull } from './journal-short-full.ts'
import { journalShortIso } from './journal-short-iso.ts'
import { journalShortDelta, journalShortMonotonic } from './journal-short-monotonic.ts'
import { journalShortPrecise } from './journal-short-precise.ts'
import { journalShortUnix } from './journal-short-unix.ts'
import { journalVerbose } from './journal-verbose.ts'
import { jsonArray } from './json-array.ts'
import { jsonPretty } from './json-pretty.ts'
import { klog } from './klog.ts'
import { kmsg } from './kmsg.ts'
import { kubeEvents } from './kube-events.ts'
import { logfmt, logrusTerminal } from './logfmt.ts'
import { logread } from './logread.ts'
import { lokiJson } from './loki-json.ts'
import { otlpJson } from './otlp-json.ts'
import { pri } from './pri.ts'
import { rfc3164 } from './rfc3164.ts'
import { rfc5424 } from './rfc5424.ts'
import { rsyslogIso } from './rsyslog-iso.ts'
import { rsyslogJson } from './rsyslog-json.ts'
import { tagOnly } from './tag-only.ts'
import { talos } from './talos.ts'
import { type Unwrapper, unwrapperOver } from './unwrapper.ts'
import { vmConsole } from './vm-console.ts'
import { vmwareGuest } from './vmware-guest.ts'

export { isCsvHeader } from './csv.ts'
export type { Envelope, EnvelopeSample, Parsed } from './envelope.ts'
export type { Unwrapper } from './unwrapper.ts'

/**
 * The table, in order of trial: what node logs mostly are comes first; a narrow form stands before one that would take
 * its lines too (each says so in `after`); `bare` fits everything and must be last.
 *
 * Prefixes that stand before a whole line (grep's names and numbers, `> `, pod names, a shipper's ISO stamp) are no
 * entries: `peel.ts` takes them off when no entry fits, and an entry's `nested` says where another may stand inside.
 */
export const envelopes: readonly Envelope[] = [
  rfc3164,
  vmwareGuest,
  rsyslogIso,
  journalShortMonotonic,
  dmesg,
  dmesgTime,
  journalShortPrecise,
  journalShortIso,
  busybox,
  logread,
  cri,
  dmesgIso,
  kmsg,
  logfmt,
  klog,
  rfc5424,
  pri,
  procKmsg,
  journalVerbose,
  journalShortFull,
  journalShortUnix,
  journalShortDelta,
  dmesgDelta,
  dmesgReltime,
  dmesgDecoded,
  talos,
  vmConsole,
  dateTime,
  logrusTerminal,
  journalJson,
  dockerJson,
  rsyslogJson,
  collectorJson,
  fluentBit,
  otlpJson,
  lokiJson,
  jsonArray,
  jsonPretty,
  journalExport,
  csv,
  cloudYaml,
  kubeEvents,
  tagOnly,
  bare,
]

/**
 * Formats whose records span lines, by a text that stands at the beginning of a record or of the file: from a line with
 * one of these on the sieve must keep every line.
 */
export const envelopeNeedles: readonly string[] = [
  // journalctl -o verbose: the head of every record.
  ' [s=',
  // -o export: the first field of every record.
  '__CURSOR=s=',
  // -o json-pretty: fields come in any order, and most records begin with one of these.
  '\t"_',
  '\t"MESSAGE" : ',
  '\t"SYSLOG_',
  '\t"PRIORITY" : ',
  // dmesg -J, and exports of clouds.
  '"dmesg": [',
  '"events": [',
  '"field": "@message"',
  '    "insertId": "',
  'insertId: ',
]

/** One per log. Sticks to the envelope that fitted last, and tries the table where it does not. */
export function createUnwrapper(): Unwrapper {
  return unwrapperOver(envelopes)
}
