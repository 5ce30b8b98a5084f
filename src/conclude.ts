/**
 * From closed groups to told incidents: finished, selected, diagnosed, handed on; at the end the workloads over all of
 * them. Shared by a report over whole logs (`analyze.ts`) and the following of growing ones (`follow-logs.ts`).
 */
import type { Case } from './diagnosis/rule.ts'
import { type Finished, finishIncident } from './incidents/finish-incident.ts'
import type { Group } from './incidents/group.ts'
import type { Identities } from './incidents/identities.ts'
import { groupWorkloads, workloadKey } from './incidents/workloads.ts'
import type { Incident, Source, Stats, Warning, Workload } from './model/report.ts'

export type Counts = Omit<Stats, 'elapsedMs'>

export interface ConcludeOptions {
  readonly identities: Identities
  readonly sources: readonly Source[]
  /** What was saved beside the logs; for the diagnosis. */
  readonly saved: NonNullable<Case['saved']> | null
  /** True: an incident is forgotten once it was handed on, but for what later diagnoses need. */
  readonly streaming: boolean
  readonly wants: (incident: Finished, newestMs: number | null) => boolean
  readonly onIncident: (incident: Incident) => void | Promise<void>
  readonly warn: (warning: Warning) => void
}

export interface Conclusions {
  /** Groups that nothing can join any more, in one batch; `newestMs` is the time of the newest line so far. */
  readonly tell: (groups: readonly Group[], newestMs: number | null) => Promise<void>
  readonly told: () => readonly Incident[]
  readonly workloads: (newestMs: number | null) => Workload[]
  readonly counts: Counts
}

/** Earlier incidents of a workload, and incidents around, that a diagnosis looks at. */
const EARLIER = 100
const AROUND_MS = 600_000

export function createConclusions(options: ConcludeOptions): Conclusions {
  const { identities, sources, saved } = options
  const told: Finished[] = []
  const byWorkload = new Map<string, Finished[]>()
  const counts = emptyCounts()
  /** A quarter of the program, and most logs need none of it: loaded with the first incident. */
  let diagnosis: typeof import('./diagnosis/index.ts') | null = null

  const finish = (group: Group): Finished =>
    finishIncident(group, identities, { sourceOf: index => sources[index] ?? { path: '', member: null } })

  return {
    counts,
    told: () => told.map(({ incident }) => incident),
    /** In order of time, each told with those of its batch after it and all told before it. */
    tell: async (groups, newestMs) => {
      if (groups.length === 0) return
      diagnosis ??= await import('./diagnosis/index.ts')
      const batch = groups
        .map(finish)
        .filter(one => options.wants(one, newestMs))
        .sort(byTime)
      for (const [at, one] of batch.entries()) {
        const { incident } = one
        const key = workloadKey(incident)
        const earlier: Finished[] = key === null ? [] : (byWorkload.get(key) ?? [])
        incident.diagnosis = diagnosis.diagnose({
          incident,
          containerStartedMs: one.containerStartedMs,
          bereaved: one.bereaved,
          earlier: earlier.slice(-EARLIER).map(other => other.incident),
          ...(saved === null ? {} : { saved }),
          around: [...around(told, told.length - 1, -1, one), ...around(batch, at + 1, 1, one)],
        })
        for (const warning of one.warnings) options.warn(warning)
        counts.incidents++
        counts.kernelReports += incident.kernelReports.length
        counts.runtimeEvents += incident.runtimeEvents.length
        const kept = options.streaming ? withoutBulk(one) : one
        told.push(kept)
        earlier.push(kept)
        if (key !== null) byWorkload.set(key, earlier)
        await options.onIncident(incident)
      }
    },
    workloads: newestMs => {
      const workloads = groupWorkloads(told)
      for (const workload of workloads) {
        const incidents = (byWorkload.get(workload.key) ?? []).map(({ incident }) => incident)
        workload.diagnosis = diagnosis?.diagnoseWorkload(workload, incidents, newestMs) ?? []
      }
      return workloads
    },
  }
}

function byTime(a: Finished, b: Finished): number {
  if (a.timeMs === null || b.timeMs === null) return a.timeMs === b.timeMs ? 0 : a.timeMs === null ? 1 : -1
  return a.timeMs - b.timeMs
}

/** Incidents of the same host within ten minutes, walking from one place in a list that is in order of time. */
function around(list: readonly Finished[], from: number, step: 1 | -1, { incident, timeMs }: Finished): Incident[] {
  const found: Incident[] = []
  for (let at = from; at >= 0 && at < list.length && found.length < EARLIER; at += step) {
    const other = list[at]!
    if (timeMs === null || other.timeMs === null || Math.abs(other.timeMs - timeMs) > AROUND_MS) break
    if (other.incident.host === incident.host) found.push(other.incident)
  }
  return found
}

/** What later diagnoses and the workloads need of an incident that was handed on: not its tables, nor its evidence. */
function withoutBulk(finished: Finished): Finished {
  const { incident } = finished
  const kernelReports = incident.kernelReports.map(report => ({ ...report, processes: [], callTrace: [], node: null }))
  return { ...finished, incident: { ...incident, kernelReports, evidence: [], diagnosis: [] } }
}

function emptyCounts(): Counts {
  return {
    bytes: 0,
    lines: 0,
    linesKept: 0,
    files: 0,
    incidents: 0,
    kernelReports: 0,
    runtimeEvents: 0,
    suppressedReports: 0,
  }
}
