import type { Envelope, Parsed } from './envelope.ts'
import { parsedOf, readShort } from './short.ts'

/** Digits of a fraction that only `journalctl -o short-precise` writes. */
const JOURNAL_DIGITS = 6

/**
 * `Mar  5 09:22:41 node1 containerd[1190]: text`: traditional syslog files, and `journalctl -o short`, which cannot be
 * told from them. Also without a host, and with a relay's stamp before.
 */
export const rfc3164: Envelope = {
  name: 'rfc3164',
  source: 'rsyslog RSYSLOG_TraditionalFileFormat; syslog-ng; BusyBox syslogd -S; systemd journalctl -o short',
  samples: [
    {
      line: 'Mar  5 09:22:41 node1 containerd[1190]: time="2022-03-05T09:22:41.553168162+09:00" level=info msg="x"',
      expect: {
        stamp: { kind: 'yearless', month: 3, day: 5, hour: 9, minute: 22, second: 41, fraction: '' },
        stampFrom: 'syslog',
        host: 'node1',
        ident: 'containerd',
        pid: 1190,
        message: 'time="2022-03-05T09:22:41.553168162+09:00" level=info msg="x"',
      },
    },
    {
      line: 'Mar 05 09:22:41 node1 kernel: VM Thread invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=984',
      expect: {
        host: 'node1',
        ident: 'kernel',
        pid: null,
        message: 'VM Thread invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=984',
      },
    },
    {
      // journalctl in another language
      line: 'апр 28 01:23:30 node1 kernel: Mem-Info:',
      expect: {
        stamp: { kind: 'yearless', month: 4, day: 28, hour: 1, minute: 23, second: 30, fraction: '' },
        host: 'node1',
        ident: 'kernel',
        message: 'Mem-Info:',
      },
    },
    {
      line: 'févr. 03 21:08:50 node1 earlyoom[1460]: mem total: 15881 MiB',
      expect: {
        stamp: { kind: 'yearless', month: 2, day: 3, hour: 21, minute: 8, second: 50, fraction: '' },
        host: 'node1',
        ident: 'earlyoom',
        pid: 1460,
      },
    },
    {
      line: '10月 05 09:22:41 node1 kernel: Mem-Info:',
      expect: { stamp: { kind: 'yearless', month: 10, day: 5, hour: 9, minute: 22, second: 41, fraction: '' } },
    },
    {
      line: 'Aug 19 00:32:04 kernel: [ 9610.328503] java invoked oom-killer: gfp_mask=0xd0',
      expect: { host: null, ident: 'kernel', message: '[ 9610.328503] java invoked oom-killer: gfp_mask=0xd0' },
    },
    {
      line: 'Feb 18 17:34:47  kernel:  dump_stack+0x63/0x8b',
      expect: { host: null, ident: 'kernel', message: ' dump_stack+0x63/0x8b' },
    },
    {
      line: 'Feb 03 19:57:08 ** kernel: memory: usage 524288kB, limit 524288kB, failcnt 3',
      expect: { host: null, ident: 'kernel', message: 'memory: usage 524288kB, limit 524288kB, failcnt 3' },
    },
    {
      line: 'Mar 15 09:22:41 relay Mar 15 09:22:40 node1 kernel: Mem-Info:',
      expect: {
        stamp: { kind: 'yearless', month: 3, day: 15, hour: 9, minute: 22, second: 40, fraction: '' },
        host: 'node1',
        ident: 'kernel',
        message: 'Mem-Info:',
      },
    },
    {
      line: 'Mar 15 09:22:41 relay node1 kernel: Mem-Info:',
      expect: { host: 'node1', ident: 'kernel', message: 'Mem-Info:' },
    },
    {
      // SONiC
      line: 'Mar 15 09:22:41 leaf1 WARNING kernel: Mem-Info:',
      expect: { host: 'leaf1', ident: 'kernel', message: 'Mem-Info:' },
    },
    {
      line: 'Mar 15 09:22:41 java invoked oom-killer: gfp_mask=0xd0, order=0',
      expect: { host: null, ident: null, message: 'java invoked oom-killer: gfp_mask=0xd0, order=0' },
    },
    {
      line: 'Mar 15 09:22:41: sending SIGTERM to process 1234 "java": badness 984, VmRSS 4096 MiB',
      expect: {
        host: null,
        ident: null,
        message: 'sending SIGTERM to process 1234 "java": badness 984, VmRSS 4096 MiB',
      },
    },
    {
      // the year behind, as appliances write it
      line: 'Mar 15 09:22:41 2022 kernel: Mem-Info:',
      expect: {
        stamp: { kind: 'local', year: 2022, month: 3, day: 15, hour: 9, minute: 22, second: 41, fraction: '' },
        host: null,
        ident: 'kernel',
        message: 'Mem-Info:',
      },
    },
    {
      // a console's stamps before the kernel's own
      line: 'Mar 15 09:22:41 [86400.340112] CPU: 3 PID: 1234 Comm: java Not tainted 5.15.0',
      expect: {
        host: null,
        ident: null,
        nested: true,
        message: '[86400.340112] CPU: 3 PID: 1234 Comm: java Not tainted 5.15.0',
      },
    },
    {
      line: 'Mar 15 2022 09:22:41 node1 kernel: Mem-Info:',
      expect: {
        stamp: { kind: 'local', year: 2022, month: 3, day: 15, hour: 9, minute: 22, second: 41, fraction: '' },
        host: 'node1',
        ident: 'kernel',
        message: 'Mem-Info:',
      },
    },
    {
      line: 'Mar 15 09:22:41 CET 2022 node1 kernel: Mem-Info:',
      expect: {
        stamp: { kind: 'local', year: 2022, month: 3, day: 15, hour: 9, minute: 22, second: 41, fraction: '' },
        host: 'node1',
        message: 'Mem-Info:',
      },
    },
    {
      line: 'Mar 15 09:22:41 fe80::1 kernel:[  12.345678] Mem-Info:',
      expect: { host: 'fe80::1', ident: 'kernel', message: '[  12.345678] Mem-Info:' },
    },
  ],
  parse: text => parseRfc3164(text, 0),
}

/** Reads the form from `at`, where a prefix of another form ends. */
export function parseRfc3164(text: string, at: number): Parsed | null {
  const short = readShort(text, at)
  if (short === null || short.sender.level !== null || short.read.fractionDigits === JOURNAL_DIGITS) return null
  return parsedOf(text, short.read.stamp, 'syslog', short.sender)
}
