/** Saved readings of the container do not grow: what killed it came at another time. */
import { found } from './finding.ts'
import type { Rule } from './rule.ts'
import { commandOf, seriesFor, trendIn } from './saved-series.ts'
import { bytes } from './words.ts'

export const savedSeriesFlat: Rule = {
  code: 'saved-series-flat',
  examine: ({ incident, saved }) => {
    const series = seriesFor(incident, saved)
    const seen = series ? trendIn(series, 'usedBytes') : null
    if (!series || seen?.trend.shape !== 'flat') return null
    return found({
      title: 'Saved readings are flat',
      severity: 'info',
      confidence: 'computed',
      explanation: `By ${commandOf(series)}, this ${series.of} stayed near ${bytes(seen.trend.last)} ${seen.words}: they do not show the growth that led to a kill.`,
      evidence: seen.evidence,
    })
  },
}
