import { median } from '../basics/median.ts'
import { workloadName } from '../basics/pod-owner.ts'
import type { Bereaved } from '../model/bereaved.ts'
import type { Incident, Workload } from '../model/report.ts'
import type { Member } from '../model/told.ts'
import { detached } from './seen.ts'

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
  if (pod?.name) return [pod.namespace ?? '', workloadName(pod.name), container?.name ?? ''].join('/')
  if (pod?.uid) return ['', `pod:${pod.uid}`, container?.name ?? ''].join('/')
  if (container) return ['', `container:${container.id}`, ''].join('/')
  return cgroup?.unit ? ['', cgroup.unit, ''].join('/') : null
}

export function memberOf(incident: Incident, timeMs: number | null): Member {
  return {
    time: detached(incident.time),
    timeMs,
    host: incident.host,
    podName: incident.pod?.name ?? null,
    namespace: incident.pod?.namespace ?? null,
    podUid: detached(incident.pod?.uid ?? null),
    containerId: detached(incident.container?.id ?? null),
    container: incident.container?.name ?? null,
    limitBytes: incident.cgroup?.limitBytes ?? null,
    peakRssBytes: peakRss(incident),
  }
}

/** What the incidents of one workload tell together, in the order in which they were told; no finding yet. */
export function toWorkload(key: string, members: readonly Member[]): Workload {
  const podNames = new Set(members.map(({ podName }) => podName))
  const [podName] = podNames
  const timed = members.filter(({ timeMs }) => timeMs !== null).sort((a, b) => a.timeMs! - b.timeMs!)
  return {
    key,
    namespace: members.find(({ namespace }) => namespace)?.namespace ?? null,
    podName: podNames.size === 1 ? (podName ?? null) : null,
    workload: podName ? workloadName(podName) : null,
    container: members.find(({ container }) => container)?.container ?? null,
    hosts: distinct(members.map(({ host }) => host)),
    containerIds: distinct(members.map(({ containerId }) => containerId)),
    incidents: members.length,
    firstTime: timed[0]?.time ?? null,
    lastTime: timed.at(-1)?.time ?? null,
    medianIntervalSeconds: medianInterval(timed.map(({ timeMs }) => timeMs!)),
    limitBytes: members.findLast(({ limitBytes }) => limitBytes !== null)?.limitBytes ?? null,
    peakRssBytes: members.reduce<number | null>(
      (peak, { peakRssBytes }) => (peakRssBytes === null ? peak : Math.max(peak ?? 0, peakRssBytes)),
      null,
    ),
    diagnosis: [],
  }
}

function distinct(values: readonly (string | null)[]): string[] {
  return [...new Set(values.filter(value => value !== null))]
}

function medianInterval(times: readonly number[]): number | null {
  const seconds = median(times.slice(1).map((time, index) => (time - times[index]!) / 1000))
  return seconds === null ? null : Math.round(seconds * 1000) / 1000
}

function peakRss({ victims }: Incident): number | null {
  let peak: number | null = null
  for (const { anonRssBytes, fileRssBytes, shmemRssBytes } of victims) {
    if (anonRssBytes === null) continue
    peak = Math.max(peak ?? 0, anonRssBytes + (fileRssBytes ?? 0) + (shmemRssBytes ?? 0))
  }
  return peak
}
