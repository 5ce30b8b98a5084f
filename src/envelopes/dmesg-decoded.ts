import { parseDmesg } from './dmesg.ts'
import { parseDmesgIso } from './dmesg-iso.ts'
import { parseDmesgTime } from './dmesg-time.ts'
import type { Envelope } from './envelope.ts'
import { readTag } from './sender.ts'

const HEAD = /^(kern|user|mail|daemon|auth|syslog|lpr|news|uucp|cron|authpriv|ftp|res[0-9]+|local[0-7]) *: ?[a-z]+ *: /

/** `kern  :warn  : [ 8523.340112] text`: facility and level in words before any of dmesg's stamps. */
export const dmesgDecoded: Envelope = {
  name: 'dmesg-decoded',
  source: 'util-linux dmesg -x',
  samples: [
    {
      line: 'kern  :warn  : [ 8523.340112] Mem-Info:',
      expect: { stampFrom: 'kernel', ident: 'kernel', uptimeSeconds: 8523.340112, message: 'Mem-Info:', width: 30 },
    },
    {
      line: 'kern  :info  : [Tue Mar 15 09:22:41 2022] anon 4096',
      expect: {
        stamp: { kind: 'local', year: 2022, month: 3, day: 15, hour: 9, minute: 22, second: 41, fraction: '' },
        message: 'anon 4096',
      },
    },
    {
      line: 'daemon:info  : [    3.123456] systemd[1]: Started x.',
      expect: { ident: 'systemd', pid: 1, uptimeSeconds: 3.123456, message: 'Started x.' },
    },
    { line: 'user  :notice: [    3.123456] Killed process 1 (x)', expect: { ident: 'user' } },
  ],
  parse: text => {
    const head = HEAD.exec(text)
    if (head === null) return null
    const at = head[0].length
    const inner = parseDmesg(text, at) ?? parseDmesgTime(text, at) ?? parseDmesgIso(text, at)
    if (inner === null || head[1] === 'kern') return inner
    return spokenBy(inner, head[1]!)
  },
}

/** Text that a program wrote to /dev/kmsg: its tag stands in the text; the kernel did not say it. */
export function spokenBy<
  P extends { readonly ident: string | null; readonly pid: number | null; readonly message: string },
>(record: P, facility: string): P {
  const tag = readTag(record.message, 0)
  if (tag === null || tag.ident === 'kernel') return { ...record, ident: facility }
  return { ...record, ident: tag.ident, pid: tag.pid, message: record.message.slice(tag.textAt) }
}
