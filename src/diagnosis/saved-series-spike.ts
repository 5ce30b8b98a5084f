/** Saved readings of the container jump once: the peak of one job, no slow leak. */
import { type Found, found } from './finding.ts'
import type { Rule } from './rule.ts'
import { commandOf, type Series, seriesFor, trendIn } from './saved-series.ts'
import { bytes } from './words.ts'

/** @param who `this container`, `container app of pod shop/web-0` */
export const spikeOf = (series: Series, who: string): Found | null => {
  const seen = trendIn(series, 'usedBytes')
  if (seen?.trend.shape !== 'spike') return null
  const { low, peak } = seen.trend
  return found({
    title: 'Saved readings show a spike',
    severity: 'warning',
    confidence: 'likely',
    explanation: `By ${commandOf(series)}, ${who} went from ${bytes(low)} to ${bytes(peak)} ${seen.words}: the peak of one job, not a slow leak.`,
    evidence: seen.evidence,
    advice:
      'Find the job that ran then (a build, an import, a report): bound what it takes at once, or size the limit by its peak.',
  })
}

export const savedSeriesSpike: Rule = {
  code: 'saved-series-spike',
  examine: ({ incident, saved }) => {
    const series = seriesFor(incident, saved)
    return series ? spikeOf(series, `this ${series.of}`) : null
  },
}
