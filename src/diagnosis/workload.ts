/** What the incidents of one workload tell together. */
import type { Finding, Workload } from '../model/report.ts'
import type { Told } from '../model/told.ts'
import { alignedFinding } from './clock-aligned.ts'
import { bySeverity, type Found, found, proof, proofs } from './finding.ts'
import { burst, clockAlignment, crashLoop, isOnOneMark, timedKills } from './story.ts'
import { bytes, many, span, stamp } from './words.ts'

type WorkloadRule = (workload: Workload, incidents: readonly Told[], logEndsMs: number | null) => Found | null

const loop: WorkloadRule = (workload, incidents) => {
  const seen = crashLoop(incidents)
  if (!seen) return null
  const isNamed = Boolean(seen.last.container)
  return found({
    title: 'Crash loop',
    severity: 'critical',
    // Without names the containers may be several that stand side by side.
    confidence: isNamed ? 'computed' : 'likely',
    explanation: `${isNamed ? `One container of a pod was killed ${many(seen.kills, 'time')}` : `${many(seen.kills, 'container')} of one pod were killed`} between ${stamp(seen.first.time ?? '?')} and ${stamp(seen.last.time ?? '?')}, one every ${span(seen.medianSeconds)}${workload.limitBytes === null ? '' : `; the limit is ${bytes(workload.limitBytes)}`}.`,
    evidence: [
      proof('count(incidents of one pod, at most 1 h apart)', seen.kills),
      proof(`incidents[id=${seen.first.id}].time`, seen.first.time),
      proof(`incidents[id=${seen.last.id}].time`, seen.last.time),
      proof('median(seconds between them)', seen.medianSeconds),
      ...proofs([['limitBytes', workload.limitBytes]]),
    ],
    advice: 'A restart does not cure it: change the limit or what the program needs.',
    references: ['kubernetes: CrashLoopBackOff'],
  })
}

const aligned: WorkloadRule = (_workload, incidents) => {
  const seen = clockAlignment(incidents)
  return seen && alignedFinding(seen)
}

/** Intervals that agree within a half, none by the clock: the same growth each time. */
const growth: WorkloadRule = (_workload, incidents) => {
  const kills = timedKills(incidents)
  const limits = new Set(kills.map(({ limitBytes }) => limitBytes))
  const ids = new Set(kills.map(({ containerId }) => containerId))
  if (kills.length < 4 || limits.size !== 1 || limits.has(null) || ids.size !== kills.length || ids.has(null))
    return null
  if (kills.some(({ scope }) => scope !== 'container') || clockAlignment(incidents) || isOnOneMark(incidents))
    return null
  const gaps = kills.slice(1).map((kill, index) => (kill.ms - (kills[index]?.ms ?? 0)) / 1000)
  const shortest = Math.min(...gaps)
  const longest = Math.max(...gaps)
  if (shortest < 600 || longest > 1.5 * shortest) return null
  return found({
    title: 'Steady growth',
    severity: 'warning',
    confidence: 'likely',
    explanation: `The ${kills.length} kills at the same limit are ${span(shortest)} to ${span(longest)} apart: each restart grows at about the same rate, as of a leak or a cache without a bound.`,
    evidence: [
      proof('count(incidents)', kills.length),
      proof('min(seconds between them)', shortest),
      proof('max(seconds between them)', longest),
    ],
    advice:
      'A higher limit only puts the kill off: take a heap profile shortly before the time at which it usually dies.',
  })
}

const spike: WorkloadRule = (_workload, incidents) => {
  const seen = burst(incidents)
  if (!seen) return null
  return found({
    title: 'A spike, not a slow leak',
    severity: 'info',
    confidence: 'likely',
    explanation: `${seen.inBurst} of ${many(seen.kills, 'kill')} fell into ${span(seen.burstSeconds)}, out of ${span(seen.spanSeconds)} between the first and the last.`,
    evidence: [
      proof('count(incidents in the burst)', seen.inBurst),
      proof('count(incidents)', seen.kills),
      proof('seconds of the burst', seen.burstSeconds),
      proof('seconds between first and last', seen.spanSeconds),
    ],
    advice: 'Look for what was different then: load, a release, a single job.',
  })
}

/** Quiet at the end of the log for longer than ever between two kills, and an hour at least. */
const recovered: WorkloadRule = (_workload, incidents, logEndsMs) => {
  const kills = timedKills(incidents)
  const last = kills.at(-1)
  if (!last || logEndsMs === null || kills.length < 3) return null
  const gaps = kills.slice(1).map((kill, index) => (kill.ms - (kills[index]?.ms ?? 0)) / 1000)
  const longest = Math.max(...gaps)
  const quiet = (logEndsMs - last.ms) / 1000
  if (quiet < 3600 || quiet < 3 * longest) return null
  return found({
    title: 'Quiet since',
    severity: 'info',
    confidence: 'computed',
    explanation: `There was no kill in the last ${span(quiet)} of the log, while the kills before were at most ${span(longest)} apart.`,
    evidence: [proof('end of the log - lastTime (seconds)', quiet), proof('max(seconds between kills)', longest)],
  })
}

const rules: readonly (readonly [code: string, rule: WorkloadRule])[] = [
  ['crash-loop', loop],
  ['clock-aligned', aligned],
  ['steady-growth', growth],
  ['spike', spike],
  ['recovered', recovered],
]

/**
 * Findings over all incidents of a workload, oldest first.
 *
 * @param logEndsMs Time of the newest line of the logs; null where none has a time, which turns `recovered` off.
 */
export const diagnoseWorkload = (
  workload: Workload,
  incidents: readonly Told[],
  logEndsMs: number | null = null,
): Finding[] =>
  rules
    .flatMap(([code, rule]) => {
      try {
        const finding = rule(workload, incidents, logEndsMs)
        return finding ? [{ code, ...finding }] : []
      } catch {
        return []
      }
    })
    .sort(bySeverity)
