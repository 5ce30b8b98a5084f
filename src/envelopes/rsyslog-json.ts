import { type Envelope, parsed } from './envelope.ts'
import { parseJsonLine, stampOf, textOf } from './json-text.ts'
import { readTag } from './sender.ts'

/** `{"message":"…","fromhost":"…","facility":"kern","priority":"warning","timereported":"…","timegenerated":"…"}`. */
export const rsyslogJson: Envelope = {
  name: 'rsyslog-json',
  source: 'rsyslog RSYSLOG_StdJSONFmt',
  samples: [
    {
      line: '{"message":" Mem-Info:","fromhost":"node1","facility":"kern","priority":"warning","timereported":"2022-03-15T09:22:41.553168+09:00"}',
      expect: {
        stamp: { kind: 'full', ms: 1647303761553.168, iso: '2022-03-15T09:22:41.553168+09:00' },
        stampFrom: 'syslog',
        host: 'node1',
        ident: 'kernel',
        message: 'Mem-Info:',
        escapes: 'syslog',
      },
    },
    {
      line: '{"message":"x","fromhost":"node1","facility":"daemon","syslogtag":"containerd[12]:","timereported":"2022-03-15T00:22:41Z"}',
      expect: { ident: 'containerd', pid: 12, message: 'x' },
    },
  ],
  parse: text => {
    if (!text.includes('"timereported"')) return null
    const object = parseJsonLine(text)
    const message = object === null ? null : (textOf(object['message']) ?? textOf(object['msg']))
    if (object === null || message === null) return null
    const tag = readTag(textOf(object['syslogtag']) ?? '', 0)
    const isKernel = object['facility'] === 'kern' || object['facility'] === '0'
    return parsed({
      stamp: stampOf(object['timereported']) ?? stampOf(object['timegenerated']),
      host: textOf(object['hostname']) ?? textOf(object['fromhost']),
      ident: isKernel ? 'kernel' : (tag?.ident ?? textOf(object['programname'])),
      pid: tag?.pid ?? null,
      // The blank after the tag's colon belongs to the message in rsyslog.
      message: message.startsWith(' ') ? message.slice(1) : message,
      escapes: 'syslog',
      nested: !isKernel && tag === null,
    })
  },
}
