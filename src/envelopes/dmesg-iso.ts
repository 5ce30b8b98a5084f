import { kernelText } from './dmesg.ts'
import type { Envelope, Parsed } from './envelope.ts'
import { readIso } from './iso-stamp.ts'
import { readCaller } from './printk.ts'

/** `2022-03-15T09:22:41,553168+09:00 text`: a comma before the fraction, no host, no tag. */
export const dmesgIso: Envelope = {
  name: 'dmesg-iso',
  source: 'util-linux dmesg --time-format iso',
  samples: [
    {
      line: '2022-03-15T09:22:41,553168+09:00 Mem-Info:',
      expect: {
        stamp: { kind: 'full', ms: 1647303761553.168, iso: '2022-03-15T09:22:41.553168+09:00' },
        stampFrom: 'kernel',
        host: null,
        ident: 'kernel',
        message: 'Mem-Info:',
        escapes: 'dmesg',
      },
    },
    { line: '2022-03-15T09:22:41,553168+0900  <TASK>', expect: { message: ' <TASK>' } },
  ],
  parse: text => parseDmesgIso(text, 0),
}

/** Reads the form from `at`, where a prefix of another form ends. */
export function parseDmesgIso(text: string, at: number): Parsed | null {
  const read = readIso(text, at)
  if (read === null || read.fractionMark !== ',' || read.offset === null) return null
  const end = at + read.width
  if (end < text.length && text.charCodeAt(end) !== 32) return null
  const caller = readCaller(text, end)
  return { ...kernelText(text, caller?.end ?? end + 1, null, caller?.name ?? null), stamp: read.stamp }
}
