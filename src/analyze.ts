/**
 * Logs in, report out: wires the rooms.
 *
 *   sources ─► sieve ─► envelopes ─► recognisers ─► incidents ─► diagnosis ─► writers
 *
 * `read-log.ts` takes one log as far as its events; here they become incidents over all logs.
 */
import { type Conclusions, createConclusions } from './conclude.ts'
import type { LogCounts } from './hear-log.ts'
import type { Finished } from './incidents/finish-incident.ts'
import type { Group } from './incidents/group.ts'
import { IDENTITIES } from './incidents/identities.ts'
import { readLogName } from './listings/log-name.ts'
import { newestOf, settleZone } from './log-zone.ts'
import type { Finding, Incident, Source, Stats, Warning, Workload } from './model/report.ts'
import type { Saved } from './model/saved.ts'
import { prepare, sourceOfListing } from './prepare.ts'
import { readLog } from './read-log.ts'
import { findListings, isName, isSaved } from './read-saved.ts'
import type { Readers } from './read-thread.ts'
import type { RangePool } from './sieve/range-pool.ts'
import { createSieve, type SieveOptions } from './sieve/sieve.ts'
import { type Log, type Piece, type SourceError, storedBytes } from './sources/source.ts'

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
  /** A source begins. */
  readonly onSource?: (path: string) => void
  readonly onWarning: (warning: Warning) => void
  readonly signal: AbortSignal
  /** Files that may be listings and are no logs: the metadata of a bundle. */
  readonly metadata?: readonly Piece[]
  /** Paths of containers' own logs, which are not read: `pod_namespace_container-id.log` says who is who. */
  readonly containerLogs?: readonly string[]
  /** Threads beside this one, and the program that they run; null or none: all is done in this one. */
  readonly threads?: { readonly count: number; readonly entry: URL; readonly readWorker: URL } | null
  /** For tests and benchmarks: how the sieve works. */
  readonly sieve?: Pick<SieveOptions, 'engine' | 'keepEverything'>
}

/** A report but for its head, and for its incidents where they were handed on. */
export interface Analysis {
  readonly sources: Source[]
  readonly workloads: Workload[]
  /** What listings tell that belongs to no incident. */
  readonly findings: Finding[]
  readonly warnings: Warning[]
  readonly stats: Omit<Stats, 'elapsedMs'>
}

export async function analyze(logs: readonly Log[], options: AnalyzeOptions): Promise<Analysis> {
  const sources: Source[] = []
  const { of: listings, facts, saved, hostOf } = await findListings(logs, options.metadata ?? [], options.signal)
  const { warnings, identities, correlator, recogniser, sieveOptions } = prepare(facts, options)
  for (const name of options.containerLogs ?? []) {
    const fact = readLogName(name)
    if (fact !== null) identities.learnListed(fact)
  }
  const threads = options.threads ? createThreads(options.threads, sieveOptions, storedBytes(logs)) : null
  const streaming =
    options.streaming && logs.filter(({ pieces }) => !pieces.every(piece => listings.has(piece))).length <= 1
  const conclusions = createConclusions({
    ...options,
    identities,
    sources,
    saved: isSaved(saved) ? saved : null,
    warn: warnings.add,
  })
  const stats = conclusions.counts
  let closed: Group[] = []
  const heard: { readonly index: number; readonly counts: LogCounts }[] = []
  let isAnyTold = false

  for (const piece of options.metadata ?? []) {
    const found = listings.get(piece)
    if (found !== undefined && !isName(found)) sources.push(sourceOfListing(piece, found))
  }
  try {
    for (const [index, log] of logs.entries()) {
      if (options.signal.aborted) break
      for (const piece of log.pieces) {
        const found = listings.get(piece)
        if (found !== undefined && !isName(found)) sources.push(sourceOfListing(piece, found))
      }
      const pieces = log.pieces.filter(piece => !listings.has(piece))
      if (pieces.length === 0) continue
      const counts = await readLog({ ...log, pieces }, index, {
        ...options,
        keepText: options.raw,
        recogniser,
        correlator,
        hostOf,
        createSieve: () => createSieve(sieveOptions),
        threads,
        addSource: source => {
          options.onSource?.(source.path)
          return sources.push(source) - 1
        },
        warn: warnings.add,
        fail: options.onError,
        reached: ms => {
          if (streaming) closed.push(...correlator.closeBefore(ms))
        },
        flush: () => {
          if (closed.length === 0) return null
          const groups = closed
          closed = []
          isAnyTold = true
          // the one log is not over
          return conclusions.tell(groups, null)
        },
      })
      heard.push({ index, counts })
      stats.linesKept += counts.linesKept
      stats.suppressedReports += counts.suppressedReports
    }
  } finally {
    await threads?.close()
  }
  const last = [...closed, ...correlator.end()]
  let newestMs: number | null = null
  for (const { index, counts } of heard) {
    const learnedMinutes = correlator.learnedZones().get(index)
    settleZone(counts.sources, learnedMinutes, warnings.add)
    const newestOfLog = newestOf(counts, learnedMinutes)
    if (newestOfLog !== null) newestMs = Math.max(newestMs ?? newestOfLog, newestOfLog)
  }
  await conclusions.tell(last, newestMs)
  const unitKill =
    isAnyTold || last.length > 0 ? null : heard.find(({ counts }) => counts.unitKill !== null)?.counts.unitKill
  if (unitKill) {
    const { text, source, line } = unitKill
    const message = `systemd tells of an OOM kill (${JSON.stringify(text)}), but no line of the kernel does: give the kernel's log, too`
    warnings.add({ code: 'kill-untold', message, source: source.path, member: source.member, line })
  }
  if (identities.forgot()) {
    warnings.add({
      code: 'identities-bounded',
      message: `names of more than ${2 * IDENTITIES} containers, sandboxes or pods in the logs; the oldest were forgotten`,
      source: null,
      member: null,
      line: null,
    })
  }
  for (const source of sources) {
    stats.bytes += source.bytes
    stats.lines += source.lines
    stats.files++
  }
  const findings = await findingsOf(saved, conclusions)
  return { sources, workloads: conclusions.workloads(newestMs), findings, warnings: warnings.all(), stats }
}

/** Threads are loaded and started with the first file that is big enough for them. */
function createThreads(
  { entry, readWorker, count }: NonNullable<AnalyzeOptions['threads']>,
  sieve: SieveOptions,
  bytesInAll: number,
) {
  let pool: RangePool | null = null
  let reading: Readers | null = null
  return {
    sieve,
    count,
    bytesInAll,
    load: async (): Promise<RangePool> => {
      const { createRangePool } = await import('./sieve/range-pool.ts')
      pool ??= createRangePool(entry, count, sieve)
      return pool
    },
    readers: async (): Promise<Readers> => {
      const { createReaders } = await import('./read-thread.ts')
      reading ??= createReaders(readWorker)
      return reading
    },
    close: async (): Promise<void> => {
      await pool?.close()
      await reading?.close()
    },
  }
}

/** What listings tell that belongs to no incident. */
export async function findingsOf(saved: Saved, { told }: Conclusions): Promise<Finding[]> {
  return isSaved(saved) ? (await import('./diagnosis/diagnose.ts')).diagnoseSaved(saved, told()) : []
}
