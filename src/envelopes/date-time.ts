import type { Stamp } from '../model/record.ts'
import { type Envelope, type Parsed, parsed } from './envelope.ts'
import { type IsoRead, readIso } from './iso-stamp.ts'
import { parseAfterIso } from './rsyslog-iso.ts'

/**
 * `2022-03-15 09:22:41 node1 kernel: text`, `[2022-03-15 09:22:41] [ 12.345678] text`: what templates of syslog daemons,
 * `ts` and recorders of consoles put before a line. In brackets also with a `T`, behind it also `UTC` or an offset.
 */
export const dateTime: Envelope = {
  name: 'date-time',
  source: 'rsyslog and syslog-ng templates; moreutils ts "[%Y-%m-%d %H:%M:%S]"; minicom, conserver; fluentd',
  after: ['vm-console'],
  samples: [
    {
      line: '2022-03-15 09:22:41 node1 kernel: Mem-Info:',
      expect: {
        stamp: { kind: 'local', year: 2022, month: 3, day: 15, hour: 9, minute: 22, second: 41, fraction: '' },
        stampFrom: 'syslog',
        host: 'node1',
        ident: 'kernel',
        message: 'Mem-Info:',
      },
    },
    {
      line: '[2022-03-15 09:22:41] [86400.345678] CPU: 3 PID: 1 Comm: a',
      expect: { host: null, ident: null, nested: true, message: '[86400.345678] CPU: 3 PID: 1 Comm: a' },
    },
    {
      line: '[2022-03-15 00:22:41.553 UTC] kernel: Mem-Info:',
      expect: { stamp: { kind: 'full', ms: 1647303761553, iso: '2022-03-15T00:22:41.553Z' }, ident: 'kernel' },
    },
    {
      line: '2022-03-15 00:22:41 +0000 system.kernel: {"message":"Mem-Info:"}',
      expect: { stamp: { kind: 'full', ms: 1647303761000, iso: '2022-03-15T00:22:41+00:00' } },
    },
    {
      line: '[2022-03-15T00:22:41.553Z] oom_reaper: reaped process 1 (a)',
      expect: { ident: null, nested: true, message: 'oom_reaper: reaped process 1 (a)' },
    },
    {
      // a time of Go, as ctr and podman print it
      line: '2022-03-15 09:22:41.553168162 +0900 KST m=+6440.240178709 k8s.io /tasks/oom {"container_id":"a"}',
      expect: {
        stamp: { kind: 'full', ms: 1647303761553.1682, iso: '2022-03-15T09:22:41.553168162+09:00' },
        host: null,
        message: 'k8s.io /tasks/oom {"container_id":"a"}',
      },
    },
    { line: '2022-03-15 09:22:41 WARN kernel: Mem-Info:', expect: { host: null, ident: 'kernel' } },
    {
      // Elixir's Logger, as of Nerves
      line: '2022-03-15 09:22:41.553 [warn]  Mem-Info:',
      expect: { host: null, ident: null, message: 'Mem-Info:' },
    },
  ],
  parse: text => {
    const open = text.charCodeAt(0) === 91 ? 1 : 0
    // a test that costs nothing: the stamp begins like this century
    if (text.charCodeAt(open) !== 50 || text.charCodeAt(open + 4) !== 45) return null
    const read = readIso(text, open, ' ') ?? (open === 1 ? readIso(text, open) : null)
    return read === null ? null : parseDate(text, open, read)
  },
}

/** Go's has the offset, then a name or the offset once more, then what its other clock says. */
const ZONE =
  /^ (UTC|GMT|Z|[+-]\d\d:?\d\d)(?:(?<=\d) (?:UTC|GMT|[A-Z]{2,4}T|[+-]\d\d(?:\d\d)?)(?: m=[+-][\d.]{1,20})?)?(?=[\] ])/
const LONGEST_ZONE = 40
/** As the Logger of Elixir puts it behind the time. */
const BRACKETED_LEVEL = /^ \[(?:debug|info|notice|warn|warning|error|critical|alert|emergency)\] {1,2}/

const LEVEL = /^(?:trace|debug|info|notice|warn|warning|err|error|crit|critical|fatal|alert|emerg)$/i

function parseDate(text: string, open: number, read: IsoRead): Parsed | null {
  let end = open + read.width
  let stamp = read.stamp
  if (read.offset === null) {
    const zone = ZONE.exec(text.slice(end, end + LONGEST_ZONE))
    if (zone !== null) stamp = inZone(text.slice(open, end), zone[1]!) ?? stamp
    end += zone?.[0].length ?? 0
  }
  if (open === 1) {
    if (text.charCodeAt(end) !== 93) return null
    end++
  }
  const level = BRACKETED_LEVEL.exec(text.slice(end, end + 16))?.[0]
  if (level !== undefined) {
    const width = end + level.length
    return parsed({ stamp, message: text.slice(width), width, escapes: 'syslog', nested: true })
  }
  const found = parseAfterIso(text, 0, { ...read, stamp, width: end }, 'syslog')
  if (found === null) return null
  // fluentd's tag and JSON
  if (found.message.startsWith('{"')) return { ...found, ident: null, nested: true }
  return found.host !== null && LEVEL.test(found.host) ? { ...found, host: null } : found
}

function inZone(date: string, zone: string): Stamp | null {
  const offset = /^[+-]/.test(zone) ? zone : 'Z'
  return readIso(`${date.slice(0, 10)}T${date.slice(11)}${offset}`, 0)?.stamp ?? null
}
