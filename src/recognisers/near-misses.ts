import type { LogRecord } from '../model/record.ts'
import type { Source, Warning } from '../model/report.ts'

/** Lines that have a needle and fit no wording are news: next year's kernel. One warning for each needle, counted. */
export function createMissCounter(warn: (warning: Warning) => void) {
  const misses = new Map<string, { count: number; source: Source; line: number; text: string }>()
  return {
    look: (record: LogRecord, needle: string | null, source: Source): void => {
      if (needle === null) return
      const known = misses.get(needle)
      if (known) known.count++
      else {
        const text = record.message.slice(0, 120)
        misses.set(needle, { count: 1, source, line: record.line.lineNumber, text })
      }
    },
    end: (): void => {
      for (const [needle, { count, source, line, text }] of misses) {
        const often = count === 1 ? '' : ` (${count} such lines)`
        const message = `a line with '${needle}' in no wording known: ${JSON.stringify(text)}${often}`
        warn({ code: 'near-miss', message, source: source.path, member: source.member, line })
      }
    },
  }
}
