import type { Envelope } from './envelope.ts'
import { readIso } from './iso-stamp.ts'
import { parseAfterIso } from './rsyslog-iso.ts'

/** `2022-03-15T09:22:41+0900 node1 kernel: text`: an offset without a colon is the journal's, up to systemd v254. */
export const journalShortIso: Envelope = {
  name: 'journal-short-iso',
  source: 'systemd up to v254 journalctl -o short-iso, short-iso-precise',
  samples: [
    {
      line: '2022-03-15T09:22:41+0900 node1 kernel: Mem-Info:',
      expect: {
        stamp: { kind: 'full', ms: 1647303761000, iso: '2022-03-15T09:22:41+09:00' },
        stampFrom: 'syslog',
        host: 'node1',
        ident: 'kernel',
        message: 'Mem-Info:',
      },
    },
    {
      line: '2022-03-15T09:22:41.553168+0900 node1 systemd[1]: Started x.',
      expect: {
        stamp: { kind: 'full', ms: 1647303761553.168, iso: '2022-03-15T09:22:41.553168+09:00' },
        stampFrom: 'journal',
        ident: 'systemd',
        pid: 1,
      },
    },
  ],
  parse: text => {
    const read = readIso(text, 0)
    if (read === null || read.offset !== '+0900' || read.fractionMark === ',') return null
    // Whole seconds are no better than syslog's.
    return parseAfterIso(text, 0, read, read.fractionDigits > 0 ? 'journal' : 'syslog')
  },
}
