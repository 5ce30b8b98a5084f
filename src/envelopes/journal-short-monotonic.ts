import { skipBlanks, skipDigits } from './digits.ts'
import type { Envelope, Parsed } from './envelope.ts'
import { endOfSeconds } from './printk.ts'
import { readSender, type Sender } from './sender.ts'
import { parsedOf } from './short.ts'

/**
 * `[ 8523.340112] node1 kernel: text`: a bracket like the kernel's, but host and tag follow. So that a driver's own
 * `usb 1-1: …` in dmesg is not taken for them, the tag must be `kernel:` or have a pid.
 */
export const journalShortMonotonic: Envelope = {
  name: 'journal-short-monotonic',
  source: 'systemd journalctl -o short-monotonic',
  samples: [
    {
      line: '[ 8523.340112] node1 kernel: Mem-Info:',
      expect: {
        stamp: null,
        stampFrom: 'journal',
        host: 'node1',
        ident: 'kernel',
        uptimeSeconds: 8523.340112,
        message: 'Mem-Info:',
      },
    },
    {
      line: '[   25.382421] node1 containerd[158]: time="x"',
      expect: { ident: 'containerd', pid: 158, uptimeSeconds: 25.382421 },
    },
  ],
  parse: text => {
    if (text.charCodeAt(0) !== 91) return null
    const start = skipBlanks(text, 1)
    const close = endOfSeconds(text, start)
    if (close < 0 || text.charCodeAt(close) !== 93) return null
    return afterUptime(text, close + 1, Number(text.slice(start, close)))
  },
}

/** `[ 8523.340112 <    0.000012 >] node1 kernel: text`. */
export const journalShortDelta: Envelope = {
  name: 'journal-short-delta',
  source: 'systemd v252+ journalctl -o short-delta',
  samples: [
    {
      line: '[ 8523.340112 <    0.000012 >] node1 kernel: Mem-Info:',
      expect: {
        stampFrom: 'journal',
        host: 'node1',
        ident: 'kernel',
        uptimeSeconds: 8523.340112,
        message: 'Mem-Info:',
      },
    },
    {
      line: '[ 8523.340112                ] node1 kernel: Mem-Info:',
      expect: { host: 'node1', ident: 'kernel', uptimeSeconds: 8523.340112, message: 'Mem-Info:' },
    },
  ],
  parse: text => {
    if (text.charCodeAt(0) !== 91) return null
    const start = skipBlanks(text, 1)
    const end = endOfSeconds(text, start)
    if (end < 0 || text.charCodeAt(end) !== 32) return null
    const close = endOfDelta(text, end)
    return close < 0 ? null : afterUptime(text, close, Number(text.slice(start, end)))
  },
}

/** Index after ` <    0.000012 >]` or, on the first line, after blanks and `]`; -1 for another form. */
function endOfDelta(text: string, at: number): number {
  const mark = skipBlanks(text, at)
  if (text.charCodeAt(mark) === 93) return mark + 1
  if (text.charCodeAt(mark) !== 60) return -1
  const number = skipBlanks(text, mark + 1)
  const end = skipDigits(text, skipDigits(text, number) + 1)
  return text.startsWith(' >]', end) ? end + 3 : -1
}

function afterUptime(text: string, at: number, uptimeSeconds: number): Parsed | null {
  const sender = readSender(text, at)
  if (sender === null || !isTelling(sender)) return null
  return { ...parsedOf(text, null, 'journal', sender), uptimeSeconds }
}

function isTelling(sender: Sender): boolean {
  return sender.host !== null && (sender.ident === 'kernel' || sender.pid !== null)
}
