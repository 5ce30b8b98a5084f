/** Where the lines of an incident stand, as `file:line` ranges that an editor understands. */
import { put } from '../basics/put.ts'
import type { Evidence } from '../model/report.ts'
import { sourceName } from './assumed.ts'

/** More ranges than this and only the span is told, with the number of lines in it. */
const maxRanges = 6

/** One text a source: `messages:12-60,65`; of the source that is understood, `lines 12-60,65`. */
export function evidenceRanges(evidence: readonly Evidence[], understood: string | null = null): string[] {
  const lines = new Map<string, number[]>()
  for (const { source, member, line } of evidence) {
    put(lines, sourceName(source, member), line)
  }
  return [...lines].map(([name, numbers]) => {
    const ranges = rangesOf([...new Set(numbers)].sort((a, b) => a - b))
    return name === understood ? `lines ${ranges}` : `${name}:${ranges}`
  })
}

function rangesOf(sorted: readonly number[]): string {
  const ranges: [number, number][] = []
  for (const line of sorted) {
    const last = ranges.at(-1)
    if (last !== undefined && line === last[1] + 1) last[1] = line
    else ranges.push([line, line])
  }
  const first = sorted[0] ?? 0
  const end = sorted.at(-1) ?? 0
  if (ranges.length > maxRanges) return `${first}-${end} (${sorted.length} of these lines)`
  return ranges.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(',')
}
