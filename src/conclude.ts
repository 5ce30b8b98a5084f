/**
 * From closed groups to told incidents: finished, selected, diagnosed, handed on; at the end the workloads over all of
 * them. Shared by a report over whole logs (`analyze.ts`) and the following of growing ones (`follow-logs.ts`).
 */
import { put } from './basics/put.ts'
import type { OfWhom } from './diagnosis/diagnose.ts'
import type { Case } from './diagnosis/rule.ts'
import type { Finished } from './incidents/finish-incident.ts'
import type { Group } from './incidents/group.ts'
import type { Identities } from './incidents/identities.ts'
import { timesOf } from './incidents/incident-time.ts'
import { leftOutAgain } from './incidents/left-out.ts'
import { memberOf, toWorkload, workloadKey } from './incidents/workloads.ts'
import type { Incident, Source, Stats, Warning, Workload } from './model/report.ts'
import type { Told } from './model/told.ts'

export type Counts = Omit<Stats, 'elapsedMs'>

export interface ConcludeOptions {
  readonly identities: Identities
  readonly sources: readonly Source[]
  /** What was saved beside the logs; for the diagnosis. */
  readonly saved: NonNullable<Case['saved']> | null
  readonly wants: (incident: Finished, newestMs: number | null) => boolean
  readonly onIncident: (incident: Incident) => void | Promise<void>
  readonly warn: (warning: Warning) => void
}

export interface Conclusions {
  /** Groups that nothing can join any more, in one batch; `newestMs` is the time of the newest line so far. */
  readonly tell: (groups: readonly Group[], newestMs: number | null) => Promise<void>
  /** Whose the told incidents are; kept only where something was saved that may be of somebody else. */
  readonly told: () => readonly OfWhom[]
  readonly workloads: (newestMs: number | null) => Workload[]
  readonly counts: Counts
}

/** Earlier incidents of a workload, and incidents around, that a diagnosis looks at. */
const EARLIER = 100
const AROUND_MS = 600_000

/** Incidents that workloads are told by. The oldest are forgotten, a tenth at a time. */
const INCIDENTS = 100_000

export function createConclusions(options: ConcludeOptions, limit = INCIDENTS): Conclusions {
  const { identities, sources, saved } = options
  const told: OfWhom[] = []
  /** Those that are near the newest, by host. */
  const recent = new Map<string | null, Told[]>()
  let newestToldMs: number | null = null
  const byWorkload = new Map<string, Told[]>()
  /** Whose list each of them is in, in the order in which they were told. */
  const order: Told[][] = []
  let forgot = false
  const counts = emptyCounts()
  const sourceOf = (index: number) => sources[index] ?? { path: '', member: null }
  /** A third of the program, and most logs need none of it: loaded with the first incident. */
  let diagnosis: typeof import('./diagnosis/diagnose.ts') | null = null
  let finishing: typeof import('./incidents/finish-incident.ts') | null = null

  function forgetOldest(): void {
    if (order.length <= limit) return
    const gone = new Map<Told[], number>()
    for (const list of order.splice(0, Math.ceil(limit / 10))) gone.set(list, (gone.get(list) ?? 0) + 1)
    for (const [list, count] of gone) list.splice(0, count)
    for (const [key, list] of byWorkload) if (list.length === 0) byWorkload.delete(key)
    if (forgot) return
    forgot = true
    const message = `more than ${limit} incidents: workloads are told by the newest of them`
    options.warn({ code: 'incidents-bounded', message, source: null, member: null, line: null })
  }

  /** A fault of ours costs one incident, not the report. */
  function orFault<T>(work: () => T): T | null {
    try {
      return work()
    } catch (error) {
      const message = `oomlens failed at an incident: ${error instanceof Error ? error.message : String(error)}`
      options.warn({ code: 'internal', message, source: null, member: null, line: null })
      return null
    }
  }

  return {
    counts,
    told: () => told,
    /** In order of time, each told with those of its batch after it and all told before it. */
    tell: async (groups, newestMs) => {
      if (groups.length === 0) return
      diagnosis ??= await import('./diagnosis/diagnose.ts')
      const { diagnose, toldOf } = diagnosis
      finishing ??= await import('./incidents/finish-incident.ts')
      const { finishIncident } = finishing
      for (const { suppressedItems, notices } of groups) {
        counts.suppressedReports -= leftOutAgain(suppressedItems, notices)
      }
      const inOrder = groups
        .map(group => orFault(() => ({ group, timeMs: timesOf(group).time?.ms ?? null })))
        .filter(one => one !== null)
        .sort(byTime)
      const coming = createComing(inOrder, ({ group }) => {
        const one = orFault(() => finishIncident(group, identities, { sourceOf }))
        if (one === null || !options.wants(one, newestMs)) return null
        return { finished: one, told: toldOf(one.incident, memberOf(one.incident, one.timeMs)) }
      })
      for (let next = coming.next(); next !== null; next = coming.next()) {
        const { incident, containerStartedMs, bereaved, warnings } = next.finished
        const one = next.told
        const key = workloadKey(incident)
        const known = key === null ? undefined : byWorkload.get(key)
        const earlier = known?.slice(-EARLIER) ?? []
        incident.diagnosis = diagnose({
          incident,
          containerStartedMs,
          bereaved,
          earlier,
          story: [...earlier, one],
          ...(saved === null ? {} : { saved }),
          around: [...around(recent.get(one.host) ?? [], -1, one), ...around(coming.after(one), 1, one)],
        })
        for (const warning of warnings) options.warn(warning)
        counts.incidents++
        counts.kernelReports += incident.kernelReports.length
        counts.runtimeEvents += incident.runtimeEvents.length
        put(recent, one.host, one)
        newestToldMs = one.timeMs
        if (key === null) one.figures = null
        else if (known) {
          known.push(one)
          order.push(known)
          const old = known.at(-1 - EARLIER)
          if (old) old.figures = null
        } else {
          // most are the only one: an array made by push would have room for 17
          const list = [one]
          byWorkload.set(key, list)
          order.push(list)
        }
        if (saved !== null && told.length < limit)
          told.push({ container: incident.container, pod: incident.pod, victims: incident.victims })
        await options.onIncident(incident)
      }
      forgetFar(recent, newestToldMs)
      forgetOldest()
    },
    workloads: newestMs =>
      [...byWorkload].map(([key, incidents]) => {
        const workload = toWorkload(key, incidents)
        return { ...workload, diagnosis: diagnosis?.diagnoseWorkload(workload, incidents, newestMs) ?? [] }
      }),
  }
}

interface Timed {
  readonly timeMs: number | null
}

interface Coming {
  readonly finished: Finished
  readonly told: Told
}

/**
 * What is told next, and what comes around it after that. Each is made when it is first looked at: of thousands of
 * incidents only those of ten minutes are held.
 *
 * @param make null for what is not wanted
 */
function createComing<T extends Timed>(inOrder: readonly T[], make: (one: T) => Coming | null) {
  const made: Coming[] = []
  const byHost = new Map<string | null, Told[]>()
  let at = 0

  function makeOne(): void {
    const one = make(inOrder[at]!)
    at++
    if (one === null) return
    made.push(one)
    put(byHost, one.told.host, one.told)
  }

  return {
    next: (): Coming | null => {
      while (made.length === 0 && at < inOrder.length) makeOne()
      const one = made.shift() ?? null
      if (one) byHost.get(one.told.host)?.shift()
      return one
    },
    /** Of the same host, of the ten minutes after it at least. */
    after: (one: Told): readonly Told[] => {
      while (at < inOrder.length && isAround(one, inOrder[at]!)) makeOne()
      return byHost.get(one.host) ?? []
    },
  }
}

function isAround(a: Timed, b: Timed): boolean {
  return a.timeMs !== null && b.timeMs !== null && Math.abs(a.timeMs - b.timeMs) <= AROUND_MS
}

function byTime(a: Timed, b: Timed): number {
  if (a.timeMs === null || b.timeMs === null) return a.timeMs === b.timeMs ? 0 : a.timeMs === null ? 1 : -1
  return a.timeMs - b.timeMs
}

/** Of incidents of one host, in order of time, those within ten minutes of another: from its end of the list on. */
function around(list: readonly Told[], step: 1 | -1, one: Told): Told[] {
  const found: Told[] = []
  for (let at = step === 1 ? 0 : list.length - 1; at >= 0 && at < list.length && found.length < EARLIER; at += step) {
    if (!isAround(one, list[at]!)) break
    found.push(list[at]!)
  }
  return found
}

/** Drops what no later incident has around it: none is near the newest and near what is twice as far from that. */
function forgetFar(recent: Map<string | null, Told[]>, newest: number | null): void {
  for (const [host, list] of recent) {
    const far = list.findLastIndex(
      ({ timeMs }) => newest === null || timeMs === null || Math.abs(newest - timeMs) > 2 * AROUND_MS,
    )
    list.splice(0, far + 1)
    if (list.length === 0) recent.delete(host)
  }
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
