import type { Line } from '../../src/model/line.ts'
import { namesKernel } from '../../src/sieve/kernel-tag.ts'
import { START_BYTES } from '../../src/sieve/rules.ts'
import type { CutLine, SieveOptions } from '../../src/sieve/sieve.ts'

export type NaiveOptions = Required<Omit<SieveOptions, 'engine' | 'keepEverything'>>

/** The sieve's rules over a whole log at once, as simply as they can be written. */
export const naiveSieve = (log: Buffer, options: NaiveOptions) => {
  const { needles, everyLineNeedles, sectionBytes, sectionBytesInAll, lineBytes, startsInSection } = options
  const startBytes = Math.min(START_BYTES, sectionBytes)
  const closed = { until: -1, limit: -1, reach: 0 }
  const opened = (at: number, reach: number) => ({ until: at + reach, limit: at + sectionBytesInAll, reach })
  let kernel = startsInSection ? opened(0, sectionBytes) : closed
  let every = startsInSection ? opened(0, startBytes) : closed
  const isIn = (section: typeof closed, at: number) => at < section.until && at < section.limit

  const lines: Line[] = []
  const cutLines: CutLine[] = []
  const all = log.toString('latin1').split('\n')
  if (all.at(-1) === '') all.pop()
  let byteOffset = 0
  let keptBefore = false
  for (const [index, whole] of all.entries()) {
    const lineNumber = index + 1
    const line = whole.slice(0, lineBytes)
    const end = Math.min(byteOffset + whole.length + 1, log.length)
    const wasIn = { kernel: isIn(kernel, byteOffset), every: isIn(every, byteOffset) }
    if (line !== whole) cutLines.push({ lineNumber, byteOffset })

    const needle = [...needles.map(n => n.text), ...everyLineNeedles].some(text => line.includes(text))
    const ofKernel = wasIn.kernel && line.includes('kernel')
    const kept: boolean = needle || ofKernel || wasIn.every || (keptBefore && /^[ \t]/.test(line))

    const isRow = /\] +[0-9]/.test(line)
    if (ofKernel && isRow) kernel.until = end + kernel.reach
    if (wasIn.every && isRow) every.until = end + every.reach
    const openers = needles.filter(n => n.opens && line.includes(n.text)).map(n => line.indexOf(n.text))
    const tagged = openers.length > 0 && namesKernel(Buffer.from(line, 'latin1'), 0, Math.min(...openers))
    if (tagged) kernel = opened(end, sectionBytes)
    if ((openers.length > 0 && !tagged) || everyLineNeedles.some(text => line.includes(text))) {
      every = opened(end, sectionBytes)
    }
    if (kept) lines.push({ text: textOf(line), lineNumber, byteOffset, source: 0 })
    keptBefore = kept
    byteOffset = end
  }
  return { lines, counts: { lines: all.length, bytes: log.length, linesKept: lines.length, cutLines } }
}

const character = new RegExp(
  [
    '[\\x00-\\x7f]',
    '[\\xc2-\\xdf][\\x80-\\xbf]',
    '\\xe0[\\xa0-\\xbf][\\x80-\\xbf]',
    '[\\xe1-\\xec\\xee\\xef][\\x80-\\xbf]{2}',
    '\\xed[\\x80-\\x9f][\\x80-\\xbf]',
    '\\xf0[\\x90-\\xbf][\\x80-\\xbf]{2}',
    '[\\xf1-\\xf3][\\x80-\\xbf]{3}',
    '\\xf4[\\x80-\\x8f][\\x80-\\xbf]{2}',
    '[^]',
  ].join('|'),
  'g',
)

/** Text of a line given as latin1. */
const textOf = (line: string): string =>
  line
    .replace(/\r$/, '')
    .replace(character, c =>
      c.length > 1 || c < '\x80' ? Buffer.from(c, 'latin1').toString() : `\\x${c.charCodeAt(0).toString(16)}`,
    )
