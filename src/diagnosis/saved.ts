/**
 * What the listings beside the logs tell that belongs to no incident: a node that runs full, a container that grows, a pod
 * that Kubernetes calls OOMKilled. Worth a line also where nothing has died yet.
 */
import type { Finding } from '../model/report.ts'
import type { Saved, SavedIn, SavedState } from '../model/saved.ts'
import { bySeverity, type Found, found, proof } from './finding.ts'
import { knownLeakOf } from './known-leak.ts'
import { isOomKilled, restartsOf } from './pod-restarts.ts'
import { columnOf, commandOf, isOf, type OfWhom, type Series, seriesOf, statesFor, trendIn } from './saved-series.ts'
import { growthOf } from './saved-series-growth.ts'
import { spikeOf } from './saved-series-spike.ts'
import { bytes, share, span } from './words.ts'

/** Findings of one code; more of a kind do not help. */
const ofOneKind = 10

export const diagnoseSaved = (saved: Saved, incidents: readonly OfWhom[]): Finding[] => {
  const series = seriesOf(saved)
  const loose = series.filter(each => each.of !== 'node' && !incidents.some(incident => isOf(incident, each)))
  const nodes = series.filter(({ of }) => of === 'node')
  const findings: Finding[] = [
    ...coded('node-memory-falling', nodes.map(falling)),
    ...coded('node-memory-low', nodes.filter(each => !falling(each)).map(low)),
    ...coded('pod-restarts', looseStates(saved, incidents)),
    ...coded(
      'saved-series-growth',
      loose.map(each => growthOf(each, nameOf(each), null, saved)),
    ),
    ...coded('saved-series-spike', loose.map(spike)),
  ]
  return findings.sort(bySeverity)
}

const coded = (code: string, all: readonly (Found | null)[]): Finding[] =>
  all
    .filter(each => each !== null)
    .slice(0, ofOneKind)
    .map(each => ({ code, ...each }))

const nameOf = ({ of, whose }: Series): string => {
  const pod =
    whose.podName === null ? null : `pod ${whose.namespace === null ? '' : `${whose.namespace}/`}${whose.podName}`
  if (of === 'pod') return pod ?? 'a pod'
  const container = `container ${whose.container ?? whose.containerId ?? '?'}`
  return pod === null ? container : `${container} of ${pod}`
}

const nodeOf = ({ node }: Series): string => (node === null ? 'the machine' : node)

const named = (series: Series, seen: Found): Found => ({
  ...seen,
  evidence: [...seen.evidence, proof('name', series.node ?? nameOf(series))],
})

const falling = (series: Series): Found | null => {
  const seen = trendIn(series, 'availableBytes', -1)
  const [first, last] = [series.readings[0]?.availableBytes ?? null, series.readings.at(-1)?.availableBytes ?? null]
  if (seen?.trend.shape !== 'growing' || first === null || last === null || first - last < 0.1 * first) return null
  const left = seen.seconds === null ? null : last / seen.trend.slope
  return named(
    series,
    found({
      title: "The node's free memory falls steadily",
      severity: 'warning',
      confidence: 'computed',
      explanation: `By ${commandOf(series)}, ${nodeOf(series)} had ${bytes(first)} available at first and ${bytes(last)} at the end, ${seen.words}${seen.rate}${left === null ? '' : `; at that rate nothing is left in ${span(left)}`}.`,
      evidence: [...seen.evidence, ...(left === null ? [] : [proof('seconds until nothing is left', left)])],
      advice: 'Find what grows: kubectl top pod -A --sort-by=memory',
    }),
  )
}

/** The last reading leaves a twentieth at most. */
const low = (series: Series): Found | null => {
  const last = series.readings.at(-1)
  const total = last?.limitBytes ?? null
  const available = last?.availableBytes ?? (total === null || last?.usedBytes == null ? null : total - last.usedBytes)
  if (total === null || available === null || available > 0.05 * total) return null
  const used = total - available
  // kubectl prints a share of what is allocatable, not the whole.
  const whole = series.format === 'kubectl-top-node' ? '' : ` of ${bytes(total)}`
  const percent = `${share(used, total)}${whole === '' ? ' of what pods may use' : ''}`
  return named(
    series,
    found({
      title: 'The node has hardly any memory left',
      severity: 'warning',
      confidence: 'stated',
      explanation: `By ${commandOf(series)}, ${nodeOf(series)} had ${bytes(used)}${whole} in use, ${percent}.`,
      evidence: [
        proof('file', series.source),
        proof(`${series.source}: ${columnOf(series, 'availableBytes')}, in use`, used),
        whole === '' ? proof(`${series.source}: MEMORY%`, percent) : proof(`${series.source}: total`, total),
      ],
      advice: 'Find what uses it: kubectl top pod -A --sort-by=memory',
    }),
  )
}

const spike = (series: Series): Found | null => {
  const seen = spikeOf(series, nameOf(series))
  if (!seen) return null
  const { image, container, podName } = series.whose
  const leak = knownLeakOf({ image, container, pod: podName, comm: null })
  if (!leak) return seen
  return {
    ...seen,
    explanation: `${seen.explanation} ${leak.told}`,
    advice: leak.advice,
    evidence: [...seen.evidence, proof(`${series.source}: ${leak.field}`, leak.value)],
    references: [...seen.references, leak.reference],
  }
}

/** Pods that the listing calls OOMKilled and that no incident is of, those that restarted most first. */
const looseStates = (saved: Saved, incidents: readonly OfWhom[]): Found[] => {
  const seen = new Map<string, SavedState & SavedIn>()
  for (const state of saved.states) {
    if (!isOomKilled(state)) continue
    if (incidents.some(incident => statesFor(incident, { ...saved, states: [state] }).length > 0)) continue
    // One line a pod: what is told of its container says more.
    const known = seen.get(state.podName)
    if (!known || (known.container === null && state.container !== null)) seen.set(state.podName, state)
  }
  return [...seen.values()]
    .sort((a, b) => (b.restarts ?? 0) - (a.restarts ?? 0))
    .map(state => {
      const pod = `pod ${state.namespace === null ? '' : `${state.namespace}/`}${state.podName}`
      const who = state.container === null ? pod : `container ${state.container} of ${pod}`
      return restartsOf(state, who, '; no incident of this report is of it')
    })
}
