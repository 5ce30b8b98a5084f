/** What the container uses by a saved reading, against the limit that it was killed at. */
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'
import { columnOf, commandOf, limitFor, seriesFor } from './saved-series.ts'
import { bytes, share } from './words.ts'

export const currentUse: Rule = {
  code: 'current-use',
  examine: ({ incident, saved }) => {
    const series = seriesFor(incident, saved)
    // A longer series is told by its shape.
    if (!series || !saved || series.readings.length >= 5) return null
    const used = series.readings.at(-1)?.usedBytes ?? null
    const limit = limitFor(series, incident, saved)
    if (used === null || !limit || used > limit.value) return null
    const isNear = used >= 0.9 * limit.value
    return found({
      title: isNear ? 'Close to its limit when it was looked at' : 'Use when it was looked at',
      severity: isNear ? 'warning' : 'info',
      confidence: 'stated',
      explanation: `By ${commandOf(series)}, this ${series.of} had ${bytes(used)} in use, ${share(used, limit.value)} of its limit of ${bytes(limit.value)}.`,
      evidence: [
        proof('file', series.source),
        proof(`${series.source}: ${columnOf(series, 'usedBytes')}`, used),
        proof(limit.field, limit.value),
      ],
    })
  },
}
