import { skipDigits } from './digits.ts'
import type { Envelope } from './envelope.ts'
import { stampOfMicroseconds } from './iso-stamp.ts'
import { readSender } from './sender.ts'
import { parsedOf } from './short.ts'

/** `1647303761.553168 node1 kernel: text`. */
export const journalShortUnix: Envelope = {
  name: 'journal-short-unix',
  source: 'systemd journalctl -o short-unix',
  samples: [
    {
      line: '1647303761.553168 node1 kernel: Mem-Info:',
      expect: {
        stamp: { kind: 'full', ms: 1647303761553.168, iso: '2022-03-15T00:22:41.553168Z' },
        stampFrom: 'journal',
        host: 'node1',
        ident: 'kernel',
        message: 'Mem-Info:',
      },
    },
  ],
  parse: text => {
    const point = skipDigits(text, 0)
    if (point < 9 || point > 11 || text.charCodeAt(point) !== 46) return null
    const end = skipDigits(text, point + 1)
    if (end !== point + 7) return null
    const sender = readSender(text, end)
    if (sender === null || sender.ident === null) return null
    const microseconds = Number(text.slice(0, point)) * 1e6 + Number(text.slice(point + 1, end))
    return parsedOf(text, stampOfMicroseconds(microseconds), 'journal', sender)
  },
}
