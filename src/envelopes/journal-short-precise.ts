import type { Envelope } from './envelope.ts'
import { parsedOf, readShort } from './short.ts'

/** `Mar 15 09:22:41.553168 node1 kernel: text`: microseconds tell it from syslog. */
export const journalShortPrecise: Envelope = {
  name: 'journal-short-precise',
  source: 'systemd journalctl -o short-precise; kubelet node log query',
  samples: [
    {
      line: 'Mar 15 09:22:41.553168 node1 kernel: VM Thread invoked oom-killer: gfp_mask=0xd0, order=0',
      expect: {
        stamp: { kind: 'yearless', month: 3, day: 15, hour: 9, minute: 22, second: 41, fraction: '553168' },
        stampFrom: 'journal',
        host: 'node1',
        ident: 'kernel',
        message: 'VM Thread invoked oom-killer: gfp_mask=0xd0, order=0',
      },
    },
    {
      line: 'Aug 30 06:58:55.050705 ... kernel: Mem-Info:',
      expect: { host: null, ident: 'kernel', message: 'Mem-Info:' },
    },
  ],
  parse: text => {
    const short = readShort(text, 0)
    if (short === null || short.sender.level !== null || short.read.fractionDigits !== 6) return null
    return parsedOf(text, short.read.stamp, 'journal', short.sender)
  },
}
