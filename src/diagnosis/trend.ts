/** What a series of sizes does: stays, grows evenly, or jumps once. Anything else is said to be nothing. */

export interface Trend {
  readonly shape: 'flat' | 'growing' | 'spike'
  readonly first: number
  readonly last: number
  /** The lowest before the peak, and the peak. */
  readonly low: number
  readonly peak: number
  /** Of the fitted line, bytes per second; per reading where there is no clock. */
  readonly slope: number
}

const mebibyte = 1024 * 1024

/**
 * @param values at least two sizes, oldest first
 * @param seconds the clock of each; null where there is none
 * @param mayJump false where only an even slope counts
 */
export const trendOf = (values: readonly number[], seconds: readonly number[] | null, mayJump = true): Trend | null => {
  const first = values[0]
  const last = values.at(-1)
  if (first === undefined || last === undefined || values.length < 2) return null
  const peak = Math.max(...values)
  const peakAt = values.indexOf(peak)
  const before = values.slice(0, peakAt + 1)
  const low = Math.min(...before)
  const axis = seconds ?? values.map((_, index) => index)
  const { slope, fit } = lineOf(axis, values)
  const trend = (shape: Trend['shape']): Trend => ({ shape, first, last, low, peak, slope })
  if (mayJump && isSpike(values, seconds, { low, peak, peakAt })) return trend('spike')
  if (values.length < 5) return null
  const steps = values.slice(1).map((value, index) => value - (values[index] ?? value))
  const falling = steps.filter(step => step < 0).length / steps.length
  if (slope > 0 && fit >= 0.8 && falling <= 0.4 && last - first >= Math.max(0.1 * first, 8 * mebibyte))
    return trend('growing')
  return peak - Math.min(...values) <= Math.max(0.05 * peak, 4 * mebibyte) ? trend('flat') : null
}

interface Peak {
  readonly low: number
  readonly peak: number
  readonly peakAt: number
}

/**
 * One excursion, not a slope: tenfold within an hour (without a clock: within ten readings), or threefold where a quarter
 * of the steps makes most of the rise or where it falls back, and only once.
 */
const isSpike = (
  values: readonly number[],
  seconds: readonly number[] | null,
  { low, peak, peakAt }: Peak,
): boolean => {
  const rise = peak - low
  if (rise < 64 * mebibyte || peak < 3 * low || runsAbove(values, low + rise / 2) > 1) return false
  const lowAt = values.lastIndexOf(low, peakAt)
  const isQuick = seconds ? (seconds[peakAt] ?? 0) - (seconds[lowAt] ?? 0) <= 3600 : peakAt - lowAt < 10
  if (peak >= 10 * low && rise >= 256 * mebibyte && isQuick) return true
  if (values.length < 5) return false
  const rises = values
    .slice(1, peakAt + 1)
    .map((value, index) => Math.max(0, value - (values[index] ?? value)))
    .sort((a, b) => b - a)
  const few = rises.slice(0, Math.max(1, Math.floor((values.length - 1) / 4))).reduce((sum, each) => sum + each, 0)
  const hasFallen = (values.at(-1) ?? peak) <= low + 0.3 * rise
  return few >= 0.8 * rise || (hasFallen && peakAt > 0)
}

/** How often the series goes above a line. */
const runsAbove = (values: readonly number[], line: number): number =>
  values.filter((value, index) => value > line && !((values[index - 1] ?? 0) > line)).length

/** Least squares; `fit` is R². */
const lineOf = (x: readonly number[], y: readonly number[]): { slope: number; fit: number } => {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [meanX, meanY] = [mean(x), mean(y)]
  let [xx, xy, yy] = [0, 0, 0]
  for (const [index, value] of y.entries()) {
    const [dx, dy] = [(x[index] ?? 0) - meanX, value - meanY]
    xx += dx * dx
    xy += dx * dy
    yy += dy * dy
  }
  return xx === 0 || yy === 0 ? { slope: 0, fit: 0 } : { slope: xy / xx, fit: (xy * xy) / (xx * yy) }
}
