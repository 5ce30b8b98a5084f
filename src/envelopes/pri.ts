import type { Envelope, Parsed } from './envelope.ts'
import { parseRfc3164 } from './rfc3164.ts'
import { parseRsyslogIso } from './rsyslog-iso.ts'
import { readPri } from './sender.ts'

const FIRST_OF_USER = 8

/** `<4>Mar  5 09:22:41 node1 kernel: text`, also with an ISO stamp: what syslog sends over the network. */
export const pri: Envelope = {
  name: 'syslog-forwarded',
  source: 'RFC 3164 4.1; rsyslog RSYSLOG_TraditionalForwardFormat, RSYSLOG_ForwardFormat',
  samples: [
    {
      line: '<4>Mar  5 09:22:41 node1 kernel: Mem-Info:',
      expect: { host: 'node1', ident: 'kernel', message: 'Mem-Info:' },
    },
    {
      line: '<30>2022-03-15T09:22:41.553168+09:00 node1 containerd[1190]: x',
      expect: { host: 'node1', ident: 'containerd', pid: 1190, message: 'x' },
    },
    {
      line: '<4>Mar  5 09:22:41 node1 -- MARK --',
      expect: { host: 'node1', ident: 'kernel', message: '-- MARK --' },
    },
  ],
  parse: text => {
    const read = readPri(text)
    if (read === null) return null
    const inner = parseRfc3164(text, read.end) ?? parseRsyslogIso(text, read.end)
    return inner === null ? null : withFacility(inner, read.pri)
  },
}

function withFacility(inner: Parsed, number: number): Parsed {
  return inner.ident === null && number < FIRST_OF_USER ? { ...inner, ident: 'kernel' } : inner
}
