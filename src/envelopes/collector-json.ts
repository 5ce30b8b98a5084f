import { type Envelope, type Parsed, parsed } from './envelope.ts'
import { COLLECTOR_TIMES, isJournal } from './journal-fields.ts'
import { isObject, type JsonObject, numberOf, parseJsonLine, stampOf, textOf } from './json-text.ts'
import { identOfUnit } from './sender.ts'

/** Keys of the log line, likelier first; Graylog's short message may be the beginning of the full one. */
export const MESSAGES = [
  'MESSAGE',
  'message',
  'log',
  'msg',
  'textPayload',
  '@message',
  'body',
  '_raw',
  'line',
  'Line',
  'full_message',
  'short_message',
  '_msg',
]
const INNER = ['jsonPayload', 'fields', '_source', 'event', 'body', 'attributes', 'data', '_msg']
const TIMES = ['_SOURCE_REALTIME_TIMESTAMP', '__REALTIME_TIMESTAMP', ...COLLECTOR_TIMES, 'ISODATE', 'DATE']
const HOSTS = [
  '_HOSTNAME',
  'hostname',
  'host',
  'HOSTNAME',
  'node',
  'nodeName',
  'node_name',
  'host_name',
  'fromhost',
  'HOST',
]
const IDENTS = [
  'SYSLOG_IDENTIFIER',
  'ident',
  'program',
  'PROGRAM',
  'programname',
  'appname',
  'app_name',
  'syslogtag',
  '_COMM',
  'stream',
]
const UNITS = ['_SYSTEMD_UNIT', 'systemd_unit', 'unit']

/**
 * Whatever a collector made of a line: an object with the line under one of many keys. The keys are tried in order and
 * the first that is there counts; a payload one level down is looked into.
 */
export const collectorJson: Envelope = {
  name: 'json',
  source:
    'fluent-bit, fluentd, Vector, CloudWatch, Cloud Logging, Loki, Graylog, VictoriaLogs; containerd and klog with JSON output',
  after: ['journal-json', 'docker-json', 'rsyslog-json'],
  samples: [
    {
      line: '{"@timestamp":"2022-03-15T00:22:41.553Z","log":"[ 12.345678] Mem-Info:","host":"node1"}',
      expect: {
        stamp: { kind: 'full', ms: 1647303761553, iso: '2022-03-15T00:22:41.553Z' },
        stampFrom: 'syslog',
        host: 'node1',
        ident: null,
        nested: true,
        message: '[ 12.345678] Mem-Info:',
      },
    },
    {
      line: '{"insertId":"a","jsonPayload":{"MESSAGE":"x","_TRANSPORT":"kernel","_HOSTNAME":"n"},"timestamp":"2022-03-15T00:22:41Z"}',
      expect: { host: 'n', ident: 'kernel', nested: false, message: 'x' },
    },
    {
      line: '{"level":"info","msg":"TaskOOM event container_id:\\"a\\"","time":"2022-03-15T00:22:41.553168162Z"}',
      expect: { stampFrom: 'containerd', message: 'TaskOOM event container_id:"a"' },
    },
    {
      line: '{"timestamp":1647303761553,"message":"Mar 15 00:22:41 n kernel: x","ingestionTime":1647303762000},',
      expect: { stamp: { kind: 'full', ms: 1647303761553, iso: '2022-03-15T00:22:41.553000Z' }, nested: true },
    },
    {
      line: '{"systemd_unit":"containerd.service","message":"x"}',
      expect: { stamp: null, ident: 'containerd', message: 'x' },
    },
    {
      // an event of node-problem-detector, as eventrouter writes it
      line: '{"verb":"ADDED","event":{"reason":"OOMKilling","message":"x","source":{"component":"kernel-monitor","host":"n"},"lastTimestamp":"2022-03-15T00:22:41Z"}}',
      expect: {
        stamp: { kind: 'full', ms: 1647303761000, iso: '2022-03-15T00:22:41Z' },
        host: 'n',
        nested: true,
        message: 'x',
      },
    },
    { line: '{"ts":1647303761553.168,"caller":"a.go:1","msg":"x","v":2}', expect: { message: 'x' } },
    {
      line: '{"version":"1.1","host":"node1","short_message":"Mem-","full_message":"Mem-Info:","timestamp":1647303761.553}',
      expect: {
        stamp: { kind: 'full', ms: 1647303761553, iso: '2022-03-15T00:22:41.553000Z' },
        host: 'node1',
        message: 'Mem-Info:',
      },
    },
    {
      // syslog-ng's $(format-json --scope selected-macros)
      line: '{"PROGRAM":"containerd","PID":"12","MESSAGE":"x","HOST":"node1","FACILITY":"daemon","DATE":"Mar 15 09:22:41"}',
      expect: {
        stamp: { kind: 'yearless', month: 3, day: 15, hour: 9, minute: 22, second: 41, fraction: '' },
        host: 'node1',
        ident: 'containerd',
        message: 'x',
      },
    },
    { line: '{"_msg":"Mem-Info:","_time":"2022-03-15T00:22:41Z","host":"node1"}', expect: { message: 'Mem-Info:' } },
  ],
  parse: text => {
    const object = parseJsonLine(text)
    return object === null || isJournal(object) ? null : parsedOfCollector(object)
  },
}

/** A record from any object that holds a log line; null where none of the known keys is in it. */
export function parsedOfCollector(object: JsonObject): Parsed | null {
  const payload = INNER.map(key => object[key]).find(value => isObject(value) && messageOf(value) !== null)
  const inner = isObject(payload) ? payload : {}
  const message = messageOf(inner) ?? messageOf(object)
  if (message === null) return null
  const fields = { ...object, ...inner }
  const time = pick(fields, TIMES)
  const stamp = stampOf(time)
  const ident = identOf(fields)
  return parsed({
    stamp,
    stampFrom: isContainerd(object, time) ? 'containerd' : 'syslog',
    host: hostOf(fields),
    ident,
    pid: numberOf(fields['_PID'] ?? fields['pid']),
    message: message.replace(/\r?\n$/, ''),
    nested: ident === null || ident === 'stdout' || ident === 'stderr',
  })
}

function messageOf(object: JsonObject): string | null {
  for (const key of MESSAGES) {
    const value = object[key]
    const text = isObject(value) ? textOf(value['stringValue']) : textOf(value)
    if (text !== null) return text
  }
  return null
}

function identOf(fields: JsonObject): string | null {
  if (fields['_TRANSPORT'] === 'kernel' || fields['facility'] === 'kern' || fields['FACILITY'] === 'kern')
    return 'kernel'
  const ident = pickText(fields, IDENTS)
  if (ident !== null) return ident.replace(/(?:\[\d*\])?:$/, '')
  const unit = pickText(fields, UNITS)
  return unit === null ? null : identOfUnit(unit)
}

function hostOf(fields: JsonObject): string | null {
  const host = pickText(fields, HOSTS)
  if (host !== null) return host
  const nested = fields['host']
  if (isObject(nested)) return pickText(nested, ['name', 'hostname'])
  const kubernetes = fields['kubernetes']
  if (isObject(kubernetes)) return pickText(kubernetes, ['host', 'node_name'])
  const source = fields['source']
  return isObject(source) && 'component' in source ? pickText(source, ['host']) : null
}

/** containerd's and dockerd's own JSON: three flat keys, nine digits. */
function isContainerd(object: JsonObject, time: unknown): boolean {
  return 'level' in object && 'msg' in object && typeof time === 'string' && /\.\d{9}(?:Z|[+-])/.test(time)
}

function pick(fields: JsonObject, keys: readonly string[]): unknown {
  for (const key of keys) if (stampOf(fields[key]) !== null) return fields[key]
  return undefined
}

function pickText(fields: JsonObject, keys: readonly string[]): string | null {
  for (const key of keys) {
    const value = fields[key]
    if (typeof value === 'string' && value !== '') return value
  }
  return null
}
