/** Growing logs in, incidents out as they close: `analyze.ts` for `-f`. */
import type { Analysis, AnalyzeOptions } from './analyze.ts'
import { findingsOf } from './analyze.ts'
import { createConclusions } from './conclude.ts'
import { followLog, type Growing } from './follow-log.ts'
import type { Group } from './incidents/group.ts'
import { settleZone } from './log-zone.ts'
import type { Source } from './model/report.ts'
import { prepare, sourceOfListing } from './prepare.ts'
import { type FoundListings, isName, isSaved } from './read-saved.ts'
import { createSieve } from './sieve/sieve.ts'
import type { Piece } from './sources/source.ts'

/** A log to follow. */
export interface GrowingLog {
  readonly piece: Piece
  readonly bytes: Growing
}

export interface FollowOptions extends AnalyzeOptions {
  /** A clock that nobody sets, ms since whenever. */
  readonly steadyMs: () => number
}

/** How often what has gone quiet is looked for. */
const TICK_MS = 250
/** A line that may go on, and a clock without a witness, are waited for so long. */
const QUIET_MS = 1_000
/** Of several logs, one may be this much later than another to be looked at. */
const LATE_TICKS = QUIET_MS / TICK_MS
/** Incidents remembered, so that the second copy of a log tells none of them again. */
const TOLD_IDS = 10_000

/**
 * Resolves when every log has ended, or the signal was given. Rejects with the first failure of whoever takes the incidents;
 * that the logs then are read no further is the caller's to see to, by the signal.
 */
export async function followLogs(
  growing: readonly GrowingLog[],
  { of: listings, facts, saved }: FoundListings,
  options: FollowOptions,
): Promise<Analysis> {
  const sources: Source[] = []
  const { warnings, identities, correlator, recogniser, sieveOptions } = prepare(facts, options)
  const windowMs = options.windowSeconds * 1000
  for (const [piece, found] of listings) if (!isName(found)) sources.push(sourceOfListing(piece, found))
  const conclusions = createConclusions({
    ...options,
    identities,
    sources,
    saved: isSaved(saved) ? saved : null,
    wants: (one, newestMs) => isNew(one.incident.id) && options.wants(one, newestMs),
    warn: warnings.add,
  })
  const toldIds = new Set<string>()
  /** False for what was told already. */
  function isNew(id: string): boolean {
    if (toldIds.has(id)) return false
    toldIds.add(id)
    const [oldest] = toldIds
    if (toldIds.size > TOLD_IDS && oldest !== undefined) toldIds.delete(oldest)
    return true
  }
  const marches = growing.map((): March => ({ heardMs: options.steadyMs(), reachedMs: Number.NEGATIVE_INFINITY }))
  /** What {@link reachedByAll} said at the last ticks, oldest first. */
  const reached: number[] = []
  let heardMs = options.steadyMs()
  let saidQuiet = true
  let busy: Promise<void> = Promise.resolve()
  let failWith = (_error: unknown): void => {}
  const failure = new Promise<never>((_, reject) => {
    failWith = reject
  })

  /** One after the other: an incident is written before the next is told. */
  function tell(groups: readonly Group[]): void {
    if (groups.length === 0) return
    busy = busy.then(() => conclusions.tell(groups, options.nowMs))
    busy.catch(failWith)
  }

  const logs = growing.map(({ piece, bytes }, index) =>
    followLog(piece, bytes, index, {
      ...options,
      keepText: options.raw,
      recogniser,
      correlator,
      createSieve: () => createSieve(sieveOptions),
      addSource: source => sources.push(source) - 1,
      warn: warnings.add,
      fail: options.onError,
      reached: ms => {
        const march = marches[index]!
        march.reachedMs = Math.max(march.reachedMs, ms)
      },
      heard: () => {
        heardMs = options.steadyMs()
        marches[index]!.heardMs = heardMs
        saidQuiet = false
        // one log has no other to wait for
        if (growing.length === 1) tell(correlator.closeQuiet(0))
      },
    }),
  )

  /** Looks for what has gone quiet. */
  function tick(): void {
    const idleMs = options.steadyMs() - heardMs
    if (idleMs > QUIET_MS && !saidQuiet) {
      saidQuiet = true
      for (const log of logs) log.quiet()
    }
    if (idleMs > windowMs) for (const log of logs) log.closeReports()
    if (growing.length > 1) reached.push(reachedByAll(marches, options.steadyMs()))
    const before = reached.length > LATE_TICKS ? reached.shift() : Number.NEGATIVE_INFINITY
    tell(correlator.closeQuiet(idleMs, growing.length === 1 || idleMs > QUIET_MS ? undefined : before))
  }

  const timer = setInterval(() => {
    try {
      tick()
    } catch (error) {
      failWith(error)
    }
  }, TICK_MS)
  const ended = Promise.all(logs.map(({ done }) => done))
  const counts = await Promise.race([ended, failure]).finally(() => clearInterval(timer))
  tell(correlator.end())
  for (const [index, { sources: own }] of counts.entries()) {
    settleZone(own, correlator.learnedZones().get(index), warnings.add)
  }
  await busy
  const stats = conclusions.counts
  for (const { linesKept, suppressedReports } of counts) {
    stats.linesKept += linesKept
    stats.suppressedReports += suppressedReports
  }
  for (const { bytes, lines } of sources) {
    stats.bytes += bytes
    stats.lines += lines
    stats.files++
  }
  const findings = await findingsOf(saved, conclusions)
  return { sources, workloads: conclusions.workloads(null), findings, warnings: warnings.all(), stats }
}

/** How far one of several logs has come. */
interface March {
  /** When a chunk of it came. */
  heardMs: number
  /** Time of its newest line, epoch ms. */
  reachedMs: number
}

/** A log that gives nothing now has been read to its end; while others still are, the slowest of those counts. */
function reachedByAll(marches: readonly March[], nowMs: number): number {
  const behind = marches.filter(({ heardMs }) => nowMs - heardMs <= QUIET_MS)
  return behind.length > 0
    ? Math.min(...behind.map(({ reachedMs }) => reachedMs))
    : Math.max(...marches.map(({ reachedMs }) => reachedMs))
}
