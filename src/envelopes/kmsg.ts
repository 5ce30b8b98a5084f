import { skipDigits } from './digits.ts'
import { spokenBy } from './dmesg-decoded.ts'
import { type Envelope, type EnvelopeReader, type Parsed, parsed } from './envelope.ts'

const COMMA = 44
const FIRST_OF_USER = 8

/**
 * `4,1234,8523340112,-,caller=T123;text`: priority, sequence, microseconds since boot, flag. Lines ` KEY=value` after it
 * belong to it and say nothing that is used here.
 *
 * @see torvalds/linux Documentation/ABI/testing/dev-kmsg
 */
export const kmsg: Envelope = {
  name: 'kmsg',
  source: 'torvalds/linux kernel/printk/printk.c devkmsg_read(), v3.5+',
  samples: [
    {
      line: '4,1234,8523340112,-;VM Thread invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL)',
      expect: {
        stamp: null,
        stampFrom: 'kernel',
        host: null,
        ident: 'kernel',
        uptimeSeconds: 8523.340112,
        caller: null,
        message: 'VM Thread invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL)',
        escapes: 'kmsg',
      },
    },
    { line: '6,1235,8523340113,c,caller=T123; <TASK>', expect: { caller: 'T123', message: ' <TASK>' } },
    { line: '30,12,3123456,-;systemd[1]: Started x.', expect: { ident: 'systemd', pid: 1, message: 'Started x.' } },
    { line: '12,12,3123456,-;Killed process 1 (x)', expect: { ident: 'user', message: 'Killed process 1 (x)' } },
  ],
  parse: parseKmsg,
  open: openKmsg,
}

/** A property of the record above: ` SUBSYSTEM=pci`. */
const PROPERTY = /^ [A-Z_]{1,64}=/

function openKmsg(): EnvelopeReader {
  let hasRecord = false
  return {
    feed: (text, line) => {
      if (hasRecord && PROPERTY.test(text)) return []
      const parsed = parseKmsg(text)
      if (parsed === null) return null
      hasRecord = true
      return [{ parsed, line }]
    },
    end: () => {
      hasRecord = false
      return []
    },
  }
}

function parseKmsg(text: string): Parsed | null {
  const sequence = skipDigits(text, 0) + 1
  if (sequence < 2 || sequence > 5 || text.charCodeAt(sequence - 1) !== COMMA) return null
  const time = skipDigits(text, sequence) + 1
  if (time === sequence + 1 || text.charCodeAt(time - 1) !== COMMA) return null
  const flag = skipDigits(text, time) + 1
  if (flag === time + 1 || text.charCodeAt(flag - 1) !== COMMA) return null
  const end = text.indexOf(';', flag)
  if (end < 0 || end > flag + 200) return null
  const record = readRecord(text, Number(text.slice(time, flag - 1)), text.slice(flag, end), end + 1)
  return Number(text.slice(0, sequence - 1)) < FIRST_OF_USER ? record : spokenBy(record, 'user')
}

function readRecord(text: string, microseconds: number, flags: string, at: number): Parsed {
  return parsed({
    stampFrom: 'kernel',
    ident: 'kernel',
    uptimeSeconds: microseconds / 1e6,
    caller: /,caller=([TC]\d+)/.exec(flags)?.[1] ?? null,
    message: text.slice(at),
    escapes: 'kmsg',
  })
}
