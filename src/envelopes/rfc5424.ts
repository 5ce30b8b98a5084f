import { skipDigits } from './digits.ts'
import { type Envelope, parsed } from './envelope.ts'
import { readIso } from './iso-stamp.ts'
import { readPri } from './sender.ts'

/** `<PRI>1 TS HOST APP PROCID MSGID SD MSG`; any of them may be `-`. */
export const rfc5424: Envelope = {
  name: 'rfc5424',
  source: 'RFC 5424 6; rsyslog RSYSLOG_SyslogProtocol23Format; syslog-ng syslog()',
  samples: [
    {
      line: '<4>1 2022-03-15T09:22:41.553168+09:00 node1 kernel - - - [ 12.345678]  <TASK>',
      expect: {
        stamp: { kind: 'full', ms: 1647303761553.168, iso: '2022-03-15T09:22:41.553168+09:00' },
        stampFrom: 'syslog',
        host: 'node1',
        ident: 'kernel',
        pid: null,
        message: '[ 12.345678]  <TASK>',
      },
    },
    {
      line: '<30>1 2022-03-15T09:22:41Z node1 containerd 1190 ID47 [a@1 k="v \\] w"][b@1] time="x"',
      expect: { ident: 'containerd', pid: 1190, message: 'time="x"' },
    },
    {
      line: '<6>1 - - - - - - Mem-Info:',
      expect: { stamp: null, host: null, ident: 'kernel', message: 'Mem-Info:' },
    },
  ],
  parse: text => {
    const read = readPri(text)
    if (read === null) return null
    const version = skipDigits(text, read.end)
    if (version === read.end || version > read.end + 2 || text[version] !== ' ') return null
    return parseHeader(text, version + 1, read.pri)
  },
}

function parseHeader(text: string, at: number, pri: number): ReturnType<NonNullable<Envelope['parse']>> {
  const words: string[] = []
  let i = at
  while (words.length < 5) {
    const end = text.indexOf(' ', i)
    if (end < 0) return null
    words.push(text.slice(i, end))
    i = end + 1
  }
  const [time, host, app, process] = words as [string, string, string, string]
  const stamp = time === '-' ? null : (readIso(time, 0)?.stamp ?? null)
  if (stamp === null && time !== '-') return null
  const textAt = endOfData(text, i)
  if (textAt === null) return null
  return parsed({
    stamp,
    host: host === '-' ? null : host,
    ident: app !== '-' ? app : pri < 8 ? 'kernel' : null,
    pid: /^\d{1,10}$/.test(process) ? Number(process) : null,
    message: text.slice(text.charCodeAt(textAt) === 0xfeff ? textAt + 1 : textAt),
    width: textAt,
    escapes: 'syslog',
  })
}

/** Index of the text after `- ` or `[id k="v"][id2] `; null where neither stands here. */
function endOfData(text: string, at: number): number | null {
  if (text[at] === '-') return text[at + 1] === ' ' ? at + 2 : at + 1 === text.length ? at + 1 : null
  if (text[at] !== '[') return null
  let quoted = false
  for (let i = at; i < text.length; i++) {
    const c = text[i]
    if (quoted && c === '\\') i++
    else if (c === '"') quoted = !quoted
    else if (!quoted && c === ']' && text[i + 1] !== '[') return text[i + 1] === ' ' ? i + 2 : i + 1
  }
  return null
}
