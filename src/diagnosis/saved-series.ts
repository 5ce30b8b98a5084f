/** Readings that were saved beside the log (`crictl stats`, `kubectl top`, `free`), put together by whose they are. */
import type { Incident } from '../model/report.ts'
import type { Reading, Saved, SavedIn, SavedState } from '../model/saved.ts'
import { type Proof, proof, proofs } from './finding.ts'
import { type Trend, trendOf } from './trend.ts'
import { bytes, many, span } from './words.ts'

type SavedReading = Reading & SavedIn

export interface Whose {
  readonly containerId: string | null
  readonly container: string | null
  readonly podName: string | null
  readonly namespace: string | null
  readonly image: string | null
}

export interface Series extends SavedIn {
  readonly of: Reading['of']
  /** By the reading itself, and by a listing that knows its container id. */
  readonly whose: Whose
  readonly node: string | null
  readonly readings: readonly SavedReading[]
}

const cache = new WeakMap<Saved, readonly Series[]>()

/** The series of all that was saved; of one file and command each. */
export const seriesOf = (saved: Saved): readonly Series[] => {
  const known = cache.get(saved)
  if (known) return known
  const byKey = new Map<string, SavedReading[]>()
  for (const reading of saved.readings) {
    const { source, format, of, containerId, container, podName, namespace, node } = reading
    const key = JSON.stringify([source, format, of, containerId ?? [container, podName, namespace, node]])
    const same = byKey.get(key)
    if (same) same.push(reading)
    else byKey.set(key, [reading])
  }
  const series = [...byKey.values()].flatMap(readings => {
    const [first] = readings
    if (!first) return []
    const { source, format, of, node } = first
    return [{ source, format, of, node, whose: whoseOf(first, saved), readings }]
  })
  cache.set(saved, series)
  return series
}

const whoseOf = ({ containerId, container, podName, namespace }: Reading, saved: Saved): Whose => {
  const listed = containerId === null ? [] : saved.containers.filter(({ id }) => isSameId(id, containerId))
  const told = <K extends 'name' | 'podName' | 'namespace' | 'image'>(key: K) =>
    listed.find(each => each[key] !== null)?.[key] ?? null
  return {
    containerId,
    container: container ?? told('name'),
    podName: podName ?? told('podName'),
    namespace: namespace ?? told('namespace'),
    image: told('image'),
  }
}

/** One of them begins with the other; 12 digits at least. */
const isSameId = (a: string, b: string): boolean =>
  Math.min(a.length, b.length) >= 12 && (a.startsWith(b) || b.startsWith(a))

/** As much of an incident as tells whose it is. */
export type OfWhom = Pick<Incident, 'container' | 'pod' | 'victims'>

/** Names agree, and namespaces as far as both are told. */
const isSamePod = (incident: OfWhom, { podName, namespace }: Pick<Whose, 'podName' | 'namespace'>): boolean =>
  podName !== null &&
  incident.pod?.name === podName &&
  (namespace === null || incident.pod.namespace === null || incident.pod.namespace === namespace)

/** Whether a series is of the container of an incident, in this life or another one, or of its pod. */
export const isOf = (incident: OfWhom, { of, whose }: Series): boolean => {
  if (of === 'node') return false
  const { containerId } = whose
  if (containerId !== null) {
    const ids = [incident.container?.id, ...incident.victims.map(victim => victim.containerId)]
    if (ids.some(id => id != null && isSameId(id, containerId))) return true
  }
  if (!isSamePod(incident, whose)) return false
  return of === 'pod' || (whose.container !== null && whose.container === incident.container?.name)
}

/** The longest series of an incident's container, else of its pod. */
export const seriesFor = (incident: Incident, saved: Saved | undefined): Series | null => {
  if (!saved) return null
  const own = seriesOf(saved).filter(series => isOf(incident, series))
  const best = (of: Reading['of']) =>
    own.filter(series => series.of === of).sort((a, b) => b.readings.length - a.readings.length)[0]
  return best('container') ?? best('pod') ?? null
}

/** States of an incident's container, else of its pod. */
export const statesFor = (incident: OfWhom, saved: Saved | undefined): readonly (SavedState & SavedIn)[] => {
  const ofPod = saved?.states.filter(state => isSamePod(incident, state)) ?? []
  const name = incident.container?.name ?? null
  return [
    ...ofPod.filter(({ container }) => container !== null && container === name),
    ...ofPod.filter(({ container }) => container === null),
  ]
}

/**
 * The limit that a container's use runs against: the kernel's, else that of the spec, else the one docker prints.
 * Of a pod only the kernel's.
 */
export const limitFor = (
  series: Series,
  incident: Incident | null,
  saved: Saved,
): { field: string; value: number } | null => {
  const kernel = incident?.cgroup?.limitBytes ?? null
  if (kernel !== null && incident?.scope === series.of) return { field: 'cgroup.limitBytes', value: kernel }
  if (series.of === 'pod') return null
  const { podName, container } = series.whose
  const namespace = series.whose.namespace ?? null
  const state = saved.states.find(
    each =>
      each.limitBytes !== null &&
      each.podName === podName &&
      each.container === container &&
      (each.namespace === null || namespace === null || each.namespace === namespace),
  )
  if (state?.limitBytes != null) return { field: `${state.source}: limits.memory`, value: state.limitBytes }
  const printed = series.readings.at(-1)?.limitBytes ?? null
  return printed === null || series.of === 'node' ? null : { field: `${series.source}: LIMIT`, value: printed }
}

export interface SeenTrend {
  readonly trend: Trend
  /** `in 20 readings over 10 min` */
  readonly words: string
  /** `, 28 MiB a minute`; empty without a clock. */
  readonly rate: string
  readonly seconds: number | null
  readonly evidence: readonly Proof[]
}

/** The trend of what is used, or of what is left, with its words and proofs. */
export const trendIn = (series: Series, of: 'usedBytes' | 'availableBytes', sign: 1 | -1 = 1): SeenTrend | null => {
  const readings = series.readings.filter(reading => reading[of] !== null)
  // what falls is looked at upside down, from the highest
  const top = sign === 1 ? 0 : Math.max(...readings.map(reading => reading[of] ?? 0))
  const values = readings.map(reading => top + sign * (reading[of] ?? 0))
  const times = readings.map(reading => reading.atSeconds)
  const clock = times.every((time, index) => time !== null && (index === 0 || time > (times[index - 1] ?? time)))
    ? times.map(time => time ?? 0)
    : null
  const trend = trendOf(values, clock, sign === 1)
  if (!trend) return null
  const seconds = clock ? (clock.at(-1) ?? 0) - (clock[0] ?? 0) : null
  const perMinute = clock ? Math.abs(trend.slope) * 60 : null
  const named = (what: string): string => `${series.source}: ${columnOf(series, of)}, ${what}`
  return {
    trend,
    seconds,
    words: `in ${many(readings.length, 'reading')}${seconds === null ? '' : ` over ${span(seconds)}`}`,
    rate: perMinute === null ? '' : `, ${bytes(perMinute)} a minute`,
    evidence: [
      proof('file', series.source),
      proof(named('readings'), readings.length),
      proof(named('first'), readings[0]?.[of]),
      proof(named('last'), readings.at(-1)?.[of]),
      ...(trend.shape === 'spike' ? [proof(named('lowest'), trend.low), proof(named('highest'), trend.peak)] : []),
      ...proofs([
        [named('seconds'), seconds],
        [named('bytes per minute, fitted'), perMinute],
      ]),
    ],
  }
}

const columns: Readonly<Record<string, string>> = {
  'crictl-stats': 'MEM',
  'docker-stats': 'MEM USAGE',
  'kubectl-top-pod': 'MEMORY(bytes)',
  'kubectl-top-node': 'MEMORY(bytes)',
  free: 'available',
  vmstat: 'free + buff + cache',
  sar: 'kbavail',
}

export const columnOf = ({ format }: SavedIn, of: 'usedBytes' | 'availableBytes'): string => columns[format] ?? of

/** `crictl stats`, of the format's name. */
export const commandOf = ({ format }: SavedIn): string =>
  format.startsWith('kubectl-get-pods') ? 'kubectl get pods' : format === 'sar' ? 'sar -r' : format.replaceAll('-', ' ')
