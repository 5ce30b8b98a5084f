/** Which incidents are told together: restarts of one workload, the kills of one node. Panics always stand alone, and first. */

import { median } from '../basics/median.ts'
import { put } from '../basics/put.ts'
import type { Incident, Workload } from '../model/report.ts'
import { isAskedFor, isPanic } from './words.ts'

export interface Group {
  /** By time, at least one. */
  readonly incidents: readonly Incident[]
  /** The one told in full: the last complete one, else the last. */
  readonly shown: Incident
  readonly workload: Workload | null
}

/** Most important first: panics, then the node's, then all others; within each by the time of the one shown. */
export function groupIncidents(incidents: readonly Incident[], workloads: readonly Workload[]): Group[] {
  const workloadOf = new Map<string, Workload>()
  for (const workload of workloads) for (const id of workload.containerIds) workloadOf.set(id, workload)
  const members = new Map<string, Incident[]>()
  for (const incident of incidents) {
    put(members, keyOf(incident, workloadOf), incident)
  }
  const groups = [...members.values()].map(group => ({
    incidents: group,
    shown: group.findLast(incident => incident.complete) ?? (group.at(-1) as Incident), // a group is never empty
    workload: workloadOf.get(group[0]?.container?.id ?? '') ?? null,
  }))
  // Sorting is stable: what has no time stays in the order of the report.
  return groups.sort((a, b) => rankOf(a.shown) - rankOf(b.shown) || compareTimes(a.shown.time, b.shown.time))
}

function keyOf(incident: Incident, workloadOf: ReadonlyMap<string, Workload>): string {
  const { host, scope, kind, constraint, container, cgroup } = incident
  if (isPanic(incident) || isAskedFor(incident)) return JSON.stringify(['alone', incident.id, incident.time])
  if (scope === 'node') return JSON.stringify(['node', kind, host, constraint])
  if (container !== null) return JSON.stringify(['container', workloadOf.get(container.id)?.key ?? container.id])
  const path = cgroup?.unit ?? cgroup?.taskPath ?? null
  return path === null ? JSON.stringify(['alone', incident.id, incident.time]) : JSON.stringify(['cgroup', host, path])
}

function rankOf(incident: Incident): number {
  if (isPanic(incident)) return 0
  return incident.scope === 'node' && !isAskedFor(incident) ? 1 : 2
}

function compareTimes(a: string | null, b: string | null): number {
  const [x, y] = [instantOf(a), instantOf(b)]
  return x === y ? 0 : x - y
}

/** Epoch ms; what has no time comes last. */
function instantOf(time: string | null): number {
  const instant = time === null ? Number.NaN : Date.parse(time)
  return Number.isNaN(instant) ? Number.POSITIVE_INFINITY : instant
}

/** Seconds between neighbours that have a time; `null` for fewer than two of them. */
export function medianInterval(group: Group): number | null {
  const times = group.incidents
    .map(({ time }) => (time === null ? Number.NaN : Date.parse(time)))
    .filter(Number.isFinite)
  return median(times.slice(1).map((time, i) => (time - (times[i] ?? time)) / 1000))
}
