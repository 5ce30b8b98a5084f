import { skipBlanks, skipDigits, twoDigits } from './digits.ts'
import { type Envelope, parsed } from './envelope.ts'
import { readClock, readFraction } from './yearless.ts'

/** `I0315 09:22:41.553168    1234 kubelet.go:2421] text`: no year, no zone. The text stays whole. */
export const klog: Envelope = {
  name: 'klog',
  source: 'kubernetes/klog formatHeader()',
  samples: [
    {
      line: 'E0315 09:22:41.553168    1234 pod_workers.go:965] "Error syncing pod, skipping" pod="shop/web-0"',
      expect: {
        stamp: { kind: 'yearless', month: 3, day: 15, hour: 9, minute: 22, second: 41, fraction: '553168' },
        stampFrom: 'syslog',
        ident: null,
        message: 'E0315 09:22:41.553168    1234 pod_workers.go:965] "Error syncing pod, skipping" pod="shop/web-0"',
      },
    },
  ],
  parse: text => {
    const level = text[0]
    if (level !== 'I' && level !== 'W' && level !== 'E' && level !== 'F') return null
    const month = twoDigits(text, 1)
    const day = twoDigits(text, 3)
    const time = readClock(text, 6)
    if (month < 1 || month > 12 || day < 1 || day > 31 || text[5] !== ' ' || time === null) return null
    const end = readFraction(text, 14)
    const thread = skipBlanks(text, end)
    const threadEnd = skipDigits(text, thread)
    if (end === 14 || threadEnd === thread || text[threadEnd] !== ' ') return null
    const stamp = { kind: 'yearless', month, day, ...time, fraction: text.slice(15, end) } as const
    return parsed({ stamp, message: text })
  },
}
