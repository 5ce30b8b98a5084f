import type { Envelope, Parsed } from './envelope.ts'
import { parsedOf, readShort } from './short.ts'

/** Longest weekday, with its point. */
const LONGEST_DAY = 8

/** `Tue Mar 15 09:22:41 2022 kern.warn kernel: text`: OpenWrt's ring log; the stamp is what `ctime` and `date` print. */
export const logread: Envelope = {
  name: 'logread',
  source: 'openwrt/ubox log/logread.c log_notify()',
  samples: [
    {
      line: 'Tue Mar 15 09:22:41 2022 kern.warn kernel: [ 8523.340112] web invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL)',
      expect: {
        stamp: { kind: 'local', year: 2022, month: 3, day: 15, hour: 9, minute: 22, second: 41, fraction: '' },
        stampFrom: 'syslog',
        host: null,
        ident: 'kernel',
        message: '[ 8523.340112] web invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL)',
      },
    },
    {
      line: 'Sat Mar  5 09:22:41 2022 daemon.info dnsmasq[4723]: started',
      expect: { ident: 'dnsmasq', pid: 4723, message: 'started' },
    },
    {
      line: 'Sat Mar  5 09:22:41 2022 node1 kernel: Mem-Info:',
      expect: { host: 'node1', ident: 'kernel', message: 'Mem-Info:' },
    },
  ],
  parse: parseLogread,
}

function parseLogread(text: string): Parsed | null {
  const month = text.indexOf(' ') + 1
  if (month < 3 || month > LONGEST_DAY + 1) return null
  const short = readShort(text, month)
  return short?.read.stamp.kind === 'local' ? parsedOf(text, short.read.stamp, 'syslog', short.sender) : null
}
