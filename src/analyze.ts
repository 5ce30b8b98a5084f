/**
 * Logs in, report out: wires the rooms.
 *
 *   sources ─► sieve ─► envelopes ─► recognisers ─► incidents ─► diagnosis ─► writers
 *
 * `read-log.ts` takes one log as far as its events; here they become incidents over all logs.
 */
import { diagnose, diagnoseWorkload } from './diagnosis/index.ts'
import { envelopeNeedles } from './envelopes/index.ts'
import { createCorrelator } from './incidents/correlate.ts'
import { type Finished, finishIncident } from './incidents/finish-incident.ts'
import type { Group } from './incidents/group.ts'
import { createIdentities } from './incidents/identities.ts'
import { groupWorkloads, workloadKey } from './incidents/workloads.ts'
import type { Incident, Source, Stats, Warning, Workload } from './model/report.ts'
import { readLog } from './read-log.ts'
import { programs } from './recognisers/index.ts'
import { createRecogniser, needlesOf } from './recognisers/recognise.ts'
import { createSieve, type SieveOptions } from './sieve/sieve.ts'
import type { Log, SourceError } from './sources/source.ts'

export interface AnalyzeOptions {
  /** `--window`, seconds. */
  readonly windowSeconds: number
  readonly year: number | null
  /** `--timezone`. */
  readonly zone: string | null
  /** This machine's zone, IANA. */
  readonly localZone: string
  /** Now, epoch ms. */
  readonly nowMs: number
  /** Keep the text of the evidence. */
  readonly raw: boolean
  /** Which incidents to keep. `newestMs`: time of the newest line of the logs, null where none has a time. */
  readonly wants: (incident: Finished, newestMs: number | null) => boolean
  /** Hand incidents on as they close: only where there is one log. */
  readonly streaming: boolean
  readonly onIncident: (incident: Incident) => void | Promise<void>
  readonly onError: (error: SourceError) => void
  readonly onWarning: (warning: Warning) => void
  readonly signal: AbortSignal
  /** For tests and benchmarks: how the sieve works. */
  readonly sieve?: Pick<SieveOptions, 'engine' | 'keepEverything'>
}

/** A report but for its head, and for its incidents where they were handed on. */
export interface Analysis {
  readonly sources: Source[]
  readonly workloads: Workload[]
  readonly warnings: Warning[]
  readonly stats: Omit<Stats, 'elapsedMs'>
}

/** Warnings kept in the report; more are counted. */
const WARNINGS = 200
/** Earlier incidents of a workload that a diagnosis looks at. */
const EARLIER = 100
const AROUND_MS = 600_000

export async function analyze(logs: readonly Log[], options: AnalyzeOptions): Promise<Analysis> {
  const sources: Source[] = []
  const warnings = createWarnings(options.onWarning)
  const identities = createIdentities()
  const keepText = options.raw
  const correlator = createCorrelator(identities, { windowMs: options.windowSeconds * 1000, keepText })
  const recogniser = createRecogniser(programs)
  const needles = needlesOf(programs)
  const everyLineNeedles = envelopeNeedles.map(({ text }) => text)
  const streaming = options.streaming && logs.length <= 1
  const told: Finished[] = []
  const byWorkload = new Map<string, Finished[]>()
  const stats = emptyStats()
  let newestMs: number | null = null
  let closed: Group[] = []

  const finish = (group: Group): Finished =>
    finishIncident(group, identities, { sourceOf: index => sources[index] ?? { path: '', member: null } })

  /** In order of time, each told with those of its batch after it and all told before it. */
  async function tell(batch: readonly Finished[]): Promise<void> {
    for (const [at, one] of batch.entries()) {
      const { incident } = one
      const key = workloadKey(incident)
      const earlier: Finished[] = key === null ? [] : (byWorkload.get(key) ?? [])
      incident.diagnosis = diagnose({
        incident,
        containerStartedMs: one.containerStartedMs,
        earlier: earlier.slice(-EARLIER).map(other => other.incident),
        around: [...around(told, told.length - 1, -1, one), ...around(batch, at + 1, 1, one)],
      })
      for (const warning of one.warnings) warnings.add(warning)
      count(stats, incident)
      const kept = streaming ? withoutBulk(one) : one
      told.push(kept)
      earlier.push(kept)
      if (key !== null) byWorkload.set(key, earlier)
      await options.onIncident(incident)
    }
  }

  const ready = (groups: readonly Group[]): Finished[] =>
    groups
      .map(finish)
      .filter(one => options.wants(one, newestMs))
      .sort(byTime)

  for (const [index, log] of logs.entries()) {
    if (options.signal.aborted) break
    const counts = await readLog(log, index, {
      ...options,
      keepText,
      recogniser,
      correlator,
      createSieve: () => createSieve({ needles, everyLineNeedles, ...options.sieve }),
      addSource: source => sources.push(source) - 1,
      warn: warnings.add,
      fail: options.onError,
      reached: ms => {
        if (streaming) closed.push(...correlator.closeBefore(ms))
      },
      flush: () => {
        if (closed.length === 0) return null
        const groups = closed
        closed = []
        return tell(ready(groups))
      },
    })
    stats.linesKept += counts.linesKept
    stats.suppressedReports += counts.suppressedReports
    if (counts.newestMs !== null) newestMs = Math.max(newestMs ?? counts.newestMs, counts.newestMs)
  }
  await tell(ready([...closed, ...correlator.end()]))
  if (identities.forgot()) {
    warnings.add({
      code: 'identities-bounded',
      message: 'more than 100000 containers in the logs; the oldest names were forgotten',
      source: null,
      line: null,
    })
  }
  for (const source of sources) {
    stats.bytes += source.bytes
    stats.lines += source.lines
    stats.files++
  }
  const workloads = groupWorkloads(told)
  for (const workload of workloads) {
    const incidents = (byWorkload.get(workload.key) ?? []).map(({ incident }) => incident)
    workload.diagnosis = diagnoseWorkload(workload, incidents, newestMs)
  }
  return { sources, workloads, warnings: warnings.all(), stats }
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

function count(stats: Omit<Stats, 'elapsedMs'>, incident: Incident): void {
  stats.incidents++
  stats.kernelReports += incident.kernelReports.length
  stats.runtimeEvents += incident.runtimeEvents.length
}

function emptyStats(): Omit<Stats, 'elapsedMs'> {
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

function createWarnings(onWarning: (warning: Warning) => void) {
  const kept: Warning[] = []
  let more = 0
  return {
    add: (warning: Warning): void => {
      if (kept.length >= WARNINGS) {
        more++
        return
      }
      kept.push(warning)
      onWarning(warning)
    },
    all: (): Warning[] =>
      more === 0
        ? kept
        : [
            ...kept,
            { code: 'more-warnings', message: `${more} more warnings were left out`, source: null, line: null },
          ],
  }
}
