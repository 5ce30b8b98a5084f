import { type Envelope, type Parsed, parsed } from './envelope.ts'
import { type IsoRead, readIso } from './iso-stamp.ts'
import { readSender } from './sender.ts'
import { parsedOf } from './short.ts'

/**
 * `2022-03-15T09:22:41.553168+09:00 node1 kernel: text`: rsyslog's own format, syslog-ng's `ts-format(iso)`, and
 * journalctl's short-iso forms since v255, which cannot be told from them.
 *
 * A shipper may put such a stamp before a line of another form (`… Mar 15 09:22:41 node1 kernel: …`, `…,[ 12.3] …`):
 * then the rest is unwrapped in its turn.
 */
export const rsyslogIso: Envelope = {
  name: 'rsyslog-iso',
  source: 'rsyslog RSYSLOG_FileFormat; syslog-ng ts-format(iso); systemd v255+ journalctl -o short-iso[-precise]',
  after: ['vmware-guest'],
  samples: [
    {
      line: '2022-03-15T09:22:41.553168+09:00 node1 kernel: [    0.000000][    T0] Linux version 5.15.0',
      expect: {
        stamp: { kind: 'full', ms: 1647303761553.168, iso: '2022-03-15T09:22:41.553168+09:00' },
        stampFrom: 'syslog',
        host: 'node1',
        ident: 'kernel',
        message: '[    0.000000][    T0] Linux version 5.15.0',
      },
    },
    {
      line: '2022-03-15T00:22:41Z node1 containerd[1190]: time="2022-03-15T09:22:41.553168162+09:00" level=info msg="x"',
      expect: {
        stamp: { kind: 'full', ms: 1647303761000, iso: '2022-03-15T00:22:41Z' },
        ident: 'containerd',
        pid: 1190,
      },
    },
    {
      line: '2022-03-15T00:22:41.553Z Mar 15 09:22:41 node1 kernel: Mem-Info:',
      expect: { host: null, ident: null, nested: true, message: 'Mar 15 09:22:41 node1 kernel: Mem-Info:' },
    },
    {
      line: '2022-03-15T00:22:41.553Z,[ 12.345678] Mem-Info:',
      expect: { host: null, ident: null, nested: true, message: '[ 12.345678] Mem-Info:' },
    },
    {
      line: '2022-03-15T00:22:41.553Z Memory cgroup out of memory: Killed process 1 (x) total-vm:4kB',
      expect: { host: null, ident: null, message: 'Memory cgroup out of memory: Killed process 1 (x) total-vm:4kB' },
    },
    {
      // docker compose logs -t, kubectl logs --timestamps
      line: '2022-03-15T00:22:41.553Z [86400.340112] memory: usage 4kB, limit 4kB, failcnt 3',
      expect: {
        host: null,
        ident: null,
        nested: true,
        message: '[86400.340112] memory: usage 4kB, limit 4kB, failcnt 3',
      },
    },
    {
      line: '2022-03-15T00:22:41.553Z {host="node1", job="journal"} oom_reaper: reaped process 1 (x)',
      expect: { host: 'node1', ident: null, nested: true, message: 'oom_reaper: reaped process 1 (x)' },
    },
    {
      line: '2022-03-15T00:22:41.553000+00:00 i-0abc Mar 15 09:22:41 node1 kernel: Mem-Info:',
      expect: { host: null, nested: true, message: 'Mar 15 09:22:41 node1 kernel: Mem-Info:' },
    },
    {
      line: '2022-03-15T00:22:41.553Z\tsystem.kernel\t{"host":"node1","ident":"kernel","message":"Mem-Info:"}',
      expect: { nested: true, message: '{"host":"node1","ident":"kernel","message":"Mem-Info:"}' },
    },
    {
      // what Graylog and Splunk download, its first quotation mark taken off
      line: '2022-03-15T00:22:41.553Z","node1","node1 kernel: Mem-Info:"',
      expect: { nested: true, message: 'node1 kernel: Mem-Info:' },
    },
  ],
  parse: text => parseRsyslogIso(text, 0),
}

/** Reads the form from `at`, where a prefix of another form ends. */
export function parseRsyslogIso(text: string, at: number): Parsed | null {
  const read = readIso(text, at)
  if (read === null || read.offset === null || read.offset === '+0900' || read.fractionMark === ',') return null
  return parseAfterIso(text, at, read, 'syslog')
}

/** What follows an ISO stamp: host and tag, or a line of another form, or bare text. */
export function parseAfterIso(text: string, at: number, read: IsoRead, stampFrom: Parsed['stampFrom']): Parsed | null {
  const end = at + read.width
  const mark = text.charCodeAt(end)
  let textAt = end + 1
  let host: string | null = null
  if (mark === 32) {
    const sender = readSender(text, end)
    if (sender === null || isCriStream(text, end + 1)) return null
    if (sender.ident !== null) return parsedOf(text, read.stamp, stampFrom, sender)
    // `… STREAM Mar 15 09:22:41 node1 kernel: …`, as `aws logs tail` prints it
    if (sender.stampAt !== null) textAt = sender.stampAt
    const labels = text.charCodeAt(textAt) === 123 ? labelsAt(text, textAt) : null
    if (labels !== null) {
      textAt = labels.textAt
      host = labels.host
    }
  } else if (mark !== 34 && mark !== 44 && mark !== 9) return null
  const rest = text.slice(textAt)
  const message = mark === 32 ? rest : mark === 9 ? withoutTag(rest) : cellOf(rest)
  return parsed({ stamp: read.stamp, stampFrom, host, message, width: textAt, escapes: 'syslog', nested: true })
}

/** Loki's labels, as logcli prints them before a line. */
const LABELS = /\{(?:[A-Za-z_]\w{0,63}="(?:[^"\\]|\\.){0,1024}"(?:, ?)?){0,64}\} +/y
const HOST_LABEL = /[{ ,](?:host|hostname|node|node_name|nodename|instance)="([\w.-]{1,255})"/

function labelsAt(text: string, at: number): { readonly textAt: number; readonly host: string | null } | null {
  LABELS.lastIndex = at
  const found = LABELS.exec(text)
  if (found === null) return null
  return { textAt: at + found[0].length, host: HOST_LABEL.exec(found[0])?.[1] ?? null }
}

/** fluentd's file: stamp, tag and JSON, with tabs between. */
function withoutTag(text: string): string {
  return text.replace(/^[\w.*-]{1,100}\t(?=\{)/, '')
}

/** The line in a row of a table of comma-separated values, behind a cell or two of names. */
function cellOf(rest: string): string {
  const text = rest.replace(/^,?(?:"[\w.:-]{1,100}",|[\w.:-]{1,100},(?="))*/, '')
  if (text.charCodeAt(0) !== 34) return text
  // counted from its end: a pattern would begin anew at each mark
  let end = text.length
  if (text.charCodeAt(end - 1) === 13) end--
  if (text.charCodeAt(end - 1) === 44) end--
  const last = end
  while (end > 0 && text.charCodeAt(end - 1) === 34) end--
  const cell = end === last ? text : text.slice(0, end)
  return cell.replace(/^"+/, '').replaceAll('""', '"')
}

/** `stdout F `, `stderr P `: the line is a container's. */
export function isCriStream(text: string, at: number): boolean {
  if (!text.startsWith('std', at)) return false
  return /^std(?:out|err) [FP](?:[: ]|$)/.test(text.slice(at, at + 10))
}
