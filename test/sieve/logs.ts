import fc from 'fast-check'
import type { NaiveOptions } from './naive-sieve.ts'

export const needles = [
  { text: 'OPEN', opens: true },
  { text: 'OPE', opens: false },
  { text: 'Killed', opens: false },
]
export const small: Omit<NaiveOptions, 'startsInSection'> = {
  needles,
  everyLineNeedles: ['VERBOSE'],
  sectionBytes: 60,
  sectionBytesInAll: 150,
  lineBytes: 40,
}

/** Pieces of lines that make all rules of the sieve meet each other. */
const part = fc.oneof(
  fc.constantFrom(
    'OPEN',
    'OP',
    'Killed',
    'VERBOSE',
    ' host kernel: ',
    'kernel',
    'kernel: OPEN',
    '] kernel: OPEN',
    ': ',
  ),
  fc.constantFrom('OPOPEN', 'OPE', 'Kill', 'kerne', '\t', ' ', '\r', '\0', 'é', 'x'.repeat(45), 'x'.repeat(38)),
  fc.string({ maxLength: 6 }),
)
const line = fc.array(part, { maxLength: 4 }).map(parts => Buffer.from(parts.join('').replaceAll('\n', '')))
/** Lines as reports and what stands between them have them, so that several sections come one after the other. */
const wholeLine = fc
  .constantFrom('n kernel: OPEN', 'n kernel: anon 5', 'n kernel: ] 1', `n kubelet: ${'x'.repeat(25)}`)
  .map(text => Buffer.from(text))
const rawLine = fc.oneof(
  line,
  line,
  line,
  fc.uint8Array({ maxLength: 8 }).map(bytes => Buffer.from(bytes)),
)
export const logs = fc
  .tuple(fc.oneof(fc.array(rawLine, { maxLength: 30 }), fc.array(wholeLine, { maxLength: 40 })), fc.boolean())
  .map(([lines, ends]) =>
    Buffer.concat(lines.flatMap((l, i) => (i < lines.length - 1 || ends ? [l, Buffer.of(10)] : [l]))),
  )
