/** Saved readings of the container grow evenly: how fast, and when the limit is reached. */
import type { Incident } from '../model/report.ts'
import type { Saved } from '../model/saved.ts'
import { type Found, found, proof } from './finding.ts'
import type { Rule } from './rule.ts'
import { commandOf, limitFor, type Series, seriesFor, trendIn } from './saved-series.ts'
import { bytes, share, span } from './words.ts'

/** @param who `this container`, `container app of pod shop/web-0` */
export const growthOf = (series: Series, who: string, incident: Incident | null, saved: Saved): Found | null => {
  const seen = trendIn(series, 'usedBytes')
  if (seen?.trend.shape !== 'growing') return null
  const { first, last, slope } = seen.trend
  const limit = limitFor(series, incident, saved)
  const left = limit && seen.seconds !== null && limit.value > last ? (limit.value - last) / slope : null
  const until =
    left !== null && limit
      ? `; at that rate it reaches the limit of ${bytes(limit.value)} in ${span(left)}`
      : limit && limit.value >= last
        ? `, ${share(last, limit.value)} of its limit of ${bytes(limit.value)}`
        : ''
  return found({
    title: 'Saved readings grow steadily',
    // Without a limit and without a kill it may as well be a program that warms up.
    severity: incident || limit ? 'warning' : 'info',
    confidence: 'computed',
    explanation: `By ${commandOf(series)}, ${who} grew from ${bytes(first)} to ${bytes(last)} ${seen.words}${seen.rate}${until}.`,
    evidence: [
      ...seen.evidence,
      ...(until === '' || !limit ? [] : [proof(limit.field, limit.value)]),
      ...(left === null ? [] : [proof('seconds to the limit', left)]),
    ],
    advice:
      'Even growth without an end is a leak or a cache without a bound: a higher limit only puts the kill off. Take a heap profile while it is high.',
  })
}

export const savedSeriesGrowth: Rule = {
  code: 'saved-series-growth',
  examine: ({ incident, saved }) => {
    const series = seriesFor(incident, saved)
    return series && saved ? growthOf(series, `this ${series.of}`, incident, saved) : null
  },
}
