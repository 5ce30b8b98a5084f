import type { Bereaved } from '../model/bereaved.ts'
import type { Incident, Workload } from '../model/report.ts'
import { workloadName } from './workload-name.ts'

/** An incident with its time as a number. */
export interface TimedIncident {
  readonly incident: Incident
  /** Epoch ms; null where the log has no wall time. */
  readonly timeMs: number | null
  /** Every container that lost a process; absent where only a report is at hand, which does not name them. */
  readonly bereaved?: readonly Bereaved[]
}

/**
 * `namespace/workload/container` of an incident, or null where its pod has no name. By uid where only that is known:
 * restarts of one pod's container are still one workload.
 */
export function workloadKey(incident: Incident): string | null {
  const { pod, container, cgroup } = incident
  if (pod?.name) return [pod.namespace ?? '', workloadName(pod.name).workload, container?.name ?? ''].join('/')
  if (pod?.uid) return ['', `pod:${pod.uid}`, container?.name ?? ''].join('/')
  if (container) return ['', `container:${container.id}`, ''].join('/')
  return cgroup?.unit ? ['', cgroup.unit, ''].join('/') : null
}

/** Incidents grouped over restarts, by first time. */
export function groupWorkloads(incidents: readonly TimedIncident[]): Workload[] {
  const byKey = new Map<string, TimedIncident[]>()
  for (const timed of incidents) {
    const key = workloadKey(timed.incident)
    if (key === null) continue
    const group = byKey.get(key)
    if (group) group.push(timed)
    else byKey.set(key, [timed])
  }
  return [...byKey].map(([key, group]) => toWorkload(key, group))
}

function toWorkload(key: string, group: readonly TimedIncident[]): Workload {
  const incidents = group.map(({ incident }) => incident)
  const podNames = new Set(incidents.map(({ pod }) => pod?.name ?? null))
  const [podName] = podNames
  const timed = group.filter(({ timeMs }) => timeMs !== null).sort((a, b) => a.timeMs! - b.timeMs!)
  const last = incidents.findLast(({ cgroup }) => cgroup?.limitBytes != null)
  return {
    key,
    namespace: incidents.find(({ pod }) => pod?.namespace)?.pod?.namespace ?? null,
    podName: podNames.size === 1 ? (podName ?? null) : null,
    workload: podName ? workloadName(podName).workload : null,
    container: incidents.find(({ container }) => container?.name)?.container?.name ?? null,
    hosts: distinct(incidents.map(({ host }) => host)),
    containerIds: distinct(incidents.map(({ container }) => container?.id ?? null)),
    incidents: incidents.length,
    firstTime: timed[0]?.incident.time ?? null,
    lastTime: timed.at(-1)?.incident.time ?? null,
    medianIntervalSeconds: medianInterval(timed.map(({ timeMs }) => timeMs!)),
    limitBytes: last?.cgroup?.limitBytes ?? null,
    peakRssBytes: peakRss(incidents),
    diagnosis: [],
  }
}

function distinct(values: readonly (string | null)[]): string[] {
  return [...new Set(values.filter(value => value !== null))]
}

function medianInterval(times: readonly number[]): number | null {
  const gaps = times.slice(1).map((time, index) => (time - times[index]!) / 1000)
  if (gaps.length === 0) return null
  gaps.sort((a, b) => a - b)
  const middle = gaps.length >> 1
  const median = gaps.length % 2 === 1 ? gaps[middle]! : (gaps[middle - 1]! + gaps[middle]!) / 2
  return Math.round(median * 1000) / 1000
}

function peakRss(incidents: readonly Incident[]): number | null {
  let peak: number | null = null
  for (const { victims } of incidents) {
    for (const { anonRssBytes, fileRssBytes, shmemRssBytes } of victims) {
      if (anonRssBytes === null) continue
      peak = Math.max(peak ?? 0, anonRssBytes + (fileRssBytes ?? 0) + (shmemRssBytes ?? 0))
    }
  }
  return peak
}
