import type { Stamp } from '../model/record.ts'
import { paddedDigits, skipBlanks, skipDigits, twoDigits } from './digits.ts'
import { kernelText } from './dmesg.ts'
import type { Envelope, EnvelopeReader, Parsed } from './envelope.ts'
import { endOfSeconds, readCaller } from './printk.ts'
import { monthAt } from './yearless.ts'

/** `[ 8523.340112 <    0.000012>] text`: seconds since boot and since the line before. */
export const dmesgDelta: Envelope = {
  name: 'dmesg-delta',
  source: 'util-linux dmesg -d',
  samples: [
    {
      line: '[ 8523.340112 <    0.000012>] Mem-Info:',
      expect: { stampFrom: 'kernel', ident: 'kernel', uptimeSeconds: 8523.340112, message: 'Mem-Info:' },
    },
  ],
  parse: text => {
    if (text.charCodeAt(0) !== 91) return null
    const start = skipBlanks(text, 1)
    const end = endOfSeconds(text, start)
    if (end < 0 || !text.startsWith(' <', end)) return null
    const delta = skipBlanks(text, end + 2)
    const close = skipDigits(text, skipDigits(text, delta) + 1)
    if (!text.startsWith('>]', close)) return null
    const caller = readCaller(text, close + 2)
    return kernelText(
      text,
      caller?.end ?? skipOne(text, close + 2),
      Number(text.slice(start, end)),
      caller?.name ?? null,
    )
  },
}

/**
 * `[Mar15 09:22] text`, then `[  +0.000012] text` until the minute changes.
 *
 * The head names a minute, so its stamp and those counted from it may be up to a minute early; their distances are right.
 */
export const dmesgReltime: Envelope = {
  name: 'dmesg-reltime',
  source: 'util-linux dmesg -e, -H',
  samples: [
    {
      line: '[Mar15 09:22] Mem-Info:',
      expect: {
        stamp: { kind: 'yearless', month: 3, day: 15, hour: 9, minute: 22, second: 0, fraction: '' },
        stampFrom: 'kernel',
        ident: 'kernel',
        uptimeSeconds: null,
        message: 'Mem-Info:',
      },
    },
    { line: '[  +0.000012] Mem-Info:', expect: { stamp: null, ident: 'kernel', message: 'Mem-Info:' } },
    {
      line: '[Mar15 09:22] a\n[  +1.200000] b\n[  +0.900000] c',
      expect: {
        stamp: { kind: 'yearless', month: 3, day: 15, hour: 9, minute: 22, second: 2, fraction: '' },
        message: 'c',
      },
    },
  ],
  open: openReltime,
}

function openReltime(): EnvelopeReader {
  let minute: { month: number; day: number; hour: number; minute: number } | null = null
  let seconds = 0

  function read(text: string): Parsed | null {
    if (text.charCodeAt(0) !== 91) return null
    const head = readMinute(text)
    if (head !== null) {
      minute = head
      seconds = 0
      return { ...kernelText(text, skipOne(text, 13), null, null), stamp: stampNow() }
    }
    const plus = skipBlanks(text, 1)
    if (text.charCodeAt(plus) !== 43) return null
    const close = endOfSeconds(text, plus + 1)
    if (close < 0 || text.charCodeAt(close) !== 93) return null
    seconds += Number(text.slice(plus + 1, close))
    const caller = readCaller(text, close + 1)
    const at = caller?.end ?? skipOne(text, close + 1)
    return { ...kernelText(text, at, null, caller?.name ?? null), stamp: stampNow() }
  }

  function stampNow(): Stamp | null {
    return minute === null
      ? null
      : { kind: 'yearless', ...minute, second: Math.min(59, Math.floor(seconds)), fraction: '' }
  }

  return {
    feed: (text, line) => {
      const parsed = read(text)
      return parsed === null ? null : [{ parsed, line }]
    },
    end: () => [],
  }
}

/** `[Mar15 09:22]` */
function readMinute(text: string): { month: number; day: number; hour: number; minute: number } | null {
  const month = monthAt(text, 1)
  if (month === 0 || text.charCodeAt(6) !== 32 || text.charCodeAt(9) !== 58 || text.charCodeAt(12) !== 93) return null
  const day = paddedDigits(text, 4)
  const hour = twoDigits(text, 7)
  const minute = twoDigits(text, 10)
  return day < 1 || hour < 0 || minute < 0 ? null : { month, day, hour, minute }
}

function skipOne(text: string, at: number): number {
  return text.charCodeAt(at) === 32 ? at + 1 : at
}
