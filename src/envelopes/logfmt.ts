import { type Envelope, parsed } from './envelope.ts'
import { readIso } from './iso-stamp.ts'

const HEAD = 'time="'
const NANOSECONDS = 9

/** `time="2022-03-15T09:22:41.553168162+09:00" level=info msg=…`: containerd's own file. The text stays whole. */
export const logfmt: Envelope = {
  name: 'containerd',
  source: 'sirupsen/logrus text_formatter.go, as containerd and dockerd set it up',
  samples: [
    {
      line: 'time="2022-03-15T09:22:41.553168162+09:00" level=info msg="TaskOOM event container_id:\\"a\\""',
      expect: {
        stamp: { kind: 'full', ms: 1647303761553.1682, iso: '2022-03-15T09:22:41.553168162+09:00' },
        stampFrom: 'containerd',
        ident: null,
        message: 'time="2022-03-15T09:22:41.553168162+09:00" level=info msg="TaskOOM event container_id:\\"a\\""',
      },
    },
    { line: 'time="2018-12-11T10:48:08-06:00" level=info msg=x', expect: { stampFrom: 'syslog', ident: null } },
  ],
  parse: text => {
    if (!text.startsWith(HEAD)) return null
    const read = readIso(text, HEAD.length)
    if (read === null) return null
    const end = HEAD.length + read.width
    if (!text.startsWith('" ', end)) return null
    const isContainerd = read.fractionDigits === NANOSECONDS && text.startsWith('level=', end + 2)
    return parsed({ stamp: read.stamp, stampFrom: isContainerd ? 'containerd' : 'syslog', message: text })
  },
}

/** `INFO[2022-03-15T09:22:41.553168162+09:00] msg   key=value`: the same when it writes to a terminal. */
export const logrusTerminal: Envelope = {
  name: 'containerd-terminal',
  source: 'sirupsen/logrus text_formatter.go printColored()',
  samples: [
    {
      line: 'INFO[2022-03-15T09:22:41.553168162+09:00] TaskOOM event container_id:"a"',
      expect: {
        stamp: { kind: 'full', ms: 1647303761553.1682, iso: '2022-03-15T09:22:41.553168162+09:00' },
        stampFrom: 'containerd',
        message: 'INFO[2022-03-15T09:22:41.553168162+09:00] TaskOOM event container_id:"a"',
      },
    },
    { line: 'WARN[0012] x', expect: { stamp: null, message: 'WARN[0012] x' } },
  ],
  parse: text => {
    const head = /^(?:TRAC|DEBU|INFO|WARN|ERRO|FATA|PANI)\[/.exec(text)
    if (head === null) return null
    const at = head[0].length
    const read = readIso(text, at)
    if (read !== null && text[at + read.width] === ']') {
      const isContainerd = read.fractionDigits === NANOSECONDS
      return parsed({ stamp: read.stamp, stampFrom: isContainerd ? 'containerd' : 'syslog', message: text })
    }
    return /^\d{4,}\]/.test(text.slice(at, at + 20)) ? parsed({ message: text }) : null
  },
}
