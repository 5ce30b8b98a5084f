/** The end of the text report: what was read, and what went wrong, in short. */
import type { Summary, Warning } from '../model/report.ts'
import { warningPlace } from './assumed.ts'
import { formatBytes, formatCount, formatTimeRange, plural } from './format.ts'
import { flow, indent, type Page, paint, wrap } from './layout.ts'

const maxPerCode = 3

/** What was read, in short. */
export function readLines(summary: Summary, page: Page): string[] {
  const [none, facts] = [nothingWords(summary.stats), readWords(summary)]
  const lines = [...flow(facts, page.columns, ', '), ...(none === null ? [] : wrap(none, page.columns))]
  return lines.map(line => paint(page, 'faint', line))
}

/** `Read 1 file`, `12,345 lines`, `1.2 MiB`, the formats, the span of time. */
export function readWords({ sources, stats }: Summary): string[] {
  const times = sources.flatMap(({ firstTime, lastTime }) => [firstTime, lastTime]).filter(time => time !== null)
  times.sort((a, b) => Date.parse(a) - Date.parse(b) || 0)
  const formats = [...new Set(sources.map(source => source.format).filter(format => format !== null))]
  return [
    `Read ${plural(stats.files, 'file')}`,
    plural(stats.lines, 'line'),
    stats.bytes === 0 ? '0 B' : formatBytes(stats.bytes),
    ...(formats.length === 0 ? [] : [`format ${formats.join(', ')}`]),
    ...(times.length === 0 ? [] : [formatTimeRange(times[0] ?? null, times.at(-1) ?? null)]),
  ]
}

/** Why "none" can be believed, or not; `null` when there are incidents. */
export function nothingWords({ incidents, linesKept, lines }: Summary['stats']): string | null {
  if (incidents > 0) return null
  if (lines === 0) return 'Nothing was read, so this says nothing about the node.'
  if (linesKept === 0) return "No line speaks of the kernel's OOM killer, a TaskOOM event or an eviction."
  return `${plural(linesKept, 'line')} looked at closer; none reports an OOM kill.`
}

export function warningLines(warnings: readonly Warning[], page: Page): string[] {
  const byCode = new Map<string, Warning[]>()
  for (const warning of warnings) byCode.set(warning.code, [...(byCode.get(warning.code) ?? []), warning])
  const lines: string[] = []
  for (const [code, same] of byCode) {
    for (const warning of same.slice(0, maxPerCode)) {
      const [first, ...more] = wrap(`Warning: ${placeOf(warning)}${warning.message}`, page.columns - 2)
      lines.push(first ?? '', ...indent(more, 2))
    }
    if (same.length > maxPerCode)
      lines.push(`Warning: ${formatCount(same.length - maxPerCode)} more of the kind ${code}`.slice(0, page.columns))
  }
  return lines.map(line => paint(page, 'caution', line))
}

function placeOf(warning: Warning): string {
  const place = warningPlace(warning)
  return place === null ? '' : `${place}: `
}
