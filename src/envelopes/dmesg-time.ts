import type { Stamp } from '../model/record.ts'
import { fourDigits } from './digits.ts'
import { kernelText } from './dmesg.ts'
import type { Envelope, Parsed } from './envelope.ts'
import { monthNamed } from './month-names.ts'
import { readCaller } from './printk.ts'
import { readClock } from './yearless.ts'

/** Longest bracket that could be a date in any language. */
const LONGEST = 48

/** `[Tue Mar 15 09:22:41 2022] text`; weekday and month are words of whatever language dmesg ran in. */
export const dmesgTime: Envelope = {
  name: 'dmesg-time',
  source: 'util-linux dmesg -T, strftime("%a %b %e %H:%M:%S %Y")',
  samples: [
    {
      line: '[Tue Mar 15 09:22:41 2022] Mem-Info:',
      expect: {
        stamp: { kind: 'local', year: 2022, month: 3, day: 15, hour: 9, minute: 22, second: 41, fraction: '' },
        stampFrom: 'kernel',
        host: null,
        ident: 'kernel',
        uptimeSeconds: null,
        message: 'Mem-Info:',
        width: 27,
        escapes: 'dmesg',
      },
    },
    {
      line: '[四 4月 17 18:48:52 2025] Mem-Info:',
      expect: {
        stamp: { kind: 'local', year: 2025, month: 4, day: 17, hour: 18, minute: 48, second: 52, fraction: '' },
        message: 'Mem-Info:',
      },
    },
    {
      line: '[二 9月  3 05:57:48 2024][ T12] x',
      expect: {
        stamp: { kind: 'local', year: 2024, month: 9, day: 3, hour: 5, minute: 57, second: 48, fraction: '' },
        caller: 'T12',
        message: 'x',
      },
    },
    {
      line: '[jeu. févr.  3 05:57:48 2022] x',
      expect: { stamp: { kind: 'local', year: 2022, month: 2, day: 3, hour: 5, minute: 57, second: 48, fraction: '' } },
    },
    {
      line: '[Do Mär  3 05:57:48 2022] x',
      expect: { stamp: { kind: 'local', year: 2022, month: 3, day: 3, hour: 5, minute: 57, second: 48, fraction: '' } },
    },
    {
      line: '[dim. 19 avril 18:03:30 2026] x',
      expect: {
        stamp: { kind: 'local', year: 2026, month: 4, day: 19, hour: 18, minute: 3, second: 30, fraction: '' },
      },
    },
    { line: '[xx yyy  3 05:57:48 2022] x', expect: { stamp: null, ident: 'kernel', message: 'x' } },
  ],
  parse: text => parseDmesgTime(text, 0),
}

let last: { text: string; stamp: Stamp | null } | null = null

/** Reads the form from `at`, where a prefix of another form ends. */
export function parseDmesgTime(text: string, at: number): Parsed | null {
  if (text.charCodeAt(at) !== 91) return null
  const close = text.indexOf(']', at)
  if (close < at + 20 || close > at + LONGEST) return null
  if (last === null || last.text.length !== close - at || !text.startsWith(last.text, at)) {
    const stamp = readDate(text, at + 1, close)
    if (stamp === undefined) return null
    last = { text: text.slice(at, close), stamp }
  }
  const caller = readCaller(text, close + 1)
  const textAt = caller?.end ?? (text.charCodeAt(close + 1) === 32 ? close + 2 : close + 1)
  const record = kernelText(text, textAt, null, caller?.name ?? null)
  return { ...record, stamp: last.stamp }
}

/** undefined: no date stands here; null: a date whose month is a word that we do not know. */
function readDate(text: string, at: number, close: number): Stamp | null | undefined {
  const year = fourDigits(text, close - 4)
  const time = readClock(text, close - 13)
  if (year < 0 || time === null || text[close - 5] !== ' ' || text[close - 14] !== ' ') return undefined
  const words = text
    .slice(at, close - 14)
    .split(' ')
    .filter(word => word !== '')
  // French and others have the day before the month
  if (/^\d{1,2}\.?$/.test(words.at(-2) ?? '') && !/^\d/.test(words.at(-1)!))
    words.push(...words.splice(-2, 2).reverse())
  const day = Number(words.pop()?.replace(/\.$/, ''))
  const name = words.pop()
  if (!(day >= 1 && day <= 31) || name === undefined || words.length > 2) return undefined
  const month = monthNamed(name)
  return month === null ? null : { kind: 'local', year, month, day, ...time, fraction: '' }
}
