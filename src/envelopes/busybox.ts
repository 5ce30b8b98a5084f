import type { Envelope } from './envelope.ts'
import { parsedOf, readShort } from './short.ts'

/** `Mar  5 09:22:41 node1 kern.warn kernel: text`; newer builds can put milliseconds behind the stamp. */
export const busybox: Envelope = {
  name: 'busybox',
  source: 'BusyBox sysklogd/syslogd.c, timestamp_and_log()',
  samples: [
    {
      line: 'Mar  5 09:22:41 node1 kern.warn kernel: [ 8523.340112] java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL)',
      expect: {
        stampFrom: 'syslog',
        host: 'node1',
        ident: 'kernel',
        message: '[ 8523.340112] java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL)',
      },
    },
    {
      line: 'Mar  5 09:22:41.123 node1 daemon.info containerd[12]: time="2022-03-05T09:22:41Z"',
      expect: {
        stamp: { kind: 'yearless', month: 3, day: 5, hour: 9, minute: 22, second: 41, fraction: '123' },
        host: 'node1',
        ident: 'containerd',
        pid: 12,
      },
    },
    {
      line: 'Mar  5 09:22:41 kern.warn kernel: Mem-Info:',
      expect: { host: null, ident: 'kernel', message: 'Mem-Info:' },
    },
  ],
  parse: text => {
    const short = readShort(text, 0)
    if (short === null || short.sender.level === null) return null
    return parsedOf(text, short.read.stamp, 'syslog', short.sender)
  },
}
