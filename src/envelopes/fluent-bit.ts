import { parsedOfCollector } from './collector-json.ts'
import { type Envelope, type Parsed, parsed } from './envelope.ts'
import { numberOf } from './json-text.ts'

/** Number, tag and time; since 2.1 the time is in a pair with metadata. */
const HEAD = /^\[\d{1,6}\] [^\s[\]]{1,300}: \[\[?(\d{9,10}(?:\.\d{1,9})?)(?:, \{[^{}]{0,500}\}\])?, (?=\{)/
const KEY = /(?:^|, |\{)"([\w.@/ -]{1,64})"=>/g

/**
 * `[0] kmsg.0: [1647303761.553168000, {"priority"=>4, "msg"=>"text"}]`: what fluent-bit shows of its records. Strings stand
 * between quotation marks as they are, so one ends where the next key begins.
 */
export const fluentBit: Envelope = {
  name: 'fluent-bit',
  source: 'fluent-bit plugins/out_stdout/stdout.c, Format msgpack; plugins/in_kmsg, in_systemd, in_tail',
  samples: [
    {
      line: '[7] kmsg.0: [1647303761.553168000, {"priority"=>4, "sequence"=>1207, "sec"=>8523, "usec"=>340112, "msg"=>"Mem-Info:"}]',
      expect: {
        stamp: { kind: 'full', ms: 1647303761553.168, iso: '2022-03-15T00:22:41.553168Z' },
        ident: 'kernel',
        uptimeSeconds: 8523.340112,
        nested: false,
        message: 'Mem-Info:',
      },
    },
    {
      line: '[0] node: [[1647303761.553168000, {}], {"log"=>"Mar 15 09:22:41 node1 kernel: Mem-Info:", "kubernetes"=>{"host"=>"node2"}}]',
      expect: { host: 'node2', nested: true, message: 'Mar 15 09:22:41 node1 kernel: Mem-Info:' },
    },
    {
      line: '[0] containerd: [1647303761.5, {"_HOSTNAME"=>"node1", "SYSLOG_IDENTIFIER"=>"containerd", "MESSAGE"=>"time="x" level=info msg="a""}]',
      expect: { host: 'node1', ident: 'containerd', message: 'time="x" level=info msg="a"' },
    },
  ],
  parse: text => {
    if (text.charCodeAt(0) !== 91 || !text.includes('"=>')) return null
    const head = HEAD.exec(text)
    if (head === null) return null
    const fields = fieldsOf(text.slice(head[0].length))
    fields['date'] = head[1]!
    const found = parsedOfCollector(fields)
    return found !== null && 'sequence' in fields && 'usec' in fields ? ofKernel(found, fields) : found
  },
}

/** A record of `/dev/kmsg`. */
function ofKernel({ stamp, message }: Parsed, fields: Record<string, string>): Parsed {
  const [seconds, microseconds] = [numberOf(fields['sec']), numberOf(fields['usec'])]
  const uptimeSeconds = seconds === null || microseconds === null ? null : seconds + microseconds / 1e6
  return parsed({ stamp, ident: 'kernel', uptimeSeconds, message, escapes: 'kmsg' })
}

/** Values by their keys, those of inner maps, too; the first of each. */
function fieldsOf(text: string): Record<string, string> {
  const fields: Record<string, string> = Object.create(null)
  const keys = [...text.matchAll(KEY)]
  for (const [i, key] of keys.entries()) {
    const value = text.slice(key.index + key[0].length, keys[i + 1]?.index ?? text.length)
    fields[key[1]!] ??= textOf(value.trimEnd())
  }
  return fields
}

/** Without the quotation marks and the ends of maps and lists behind; by hand, as a pattern takes long for many of them. */
function textOf(value: string): string {
  let end = value.length
  while (end > 0 && (value[end - 1] === '}' || value[end - 1] === ']')) end--
  const isQuoted = value.startsWith('"')
  const isWhole = isQuoted && end > 1 && value[end - 1] === '"'
  return value.slice(isQuoted ? 1 : 0, isWhole ? end - 1 : end)
}
