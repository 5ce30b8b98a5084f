import { isoMs, zoneOffset } from '../envelopes/clock.ts'
import type { TimedIncident } from '../incidents/workloads.ts'
import type { Incident } from '../model/report.ts'
import type { Io } from './io.ts'
import type { Settings } from './options.ts'
import { selects } from './select.ts'
import { resolveTime, type TimeSpec } from './time.ts'

/**
 * What `--since`, `--until` and the other filters choose. Relative times count from the newest line, which is known only when the
 * logs are read; with `-f`, from now.
 */
export function createSelection(settings: Settings, io: Io) {
  const offsetMinutes = (naiveMs: number) => zoneOffset(settings.zone ?? io.localZone, naiveMs)
  let bounds: { sinceMs: number | null; untilMs: number | null; newestMs: number | null } | null = null
  return (finished: TimedIncident, newestMs: number | null): boolean => {
    if (bounds === null || bounds.newestMs !== newestMs) {
      // growing logs have no newest line: relative times count from now
      const anchor = {
        ms: settings.follow ? io.nowMs() : (newestMs ?? io.nowMs()),
        offsetMinutes: offsetOf(finished.incident, offsetMinutes),
      }
      const nowMs = settings.now ? resolveTime(settings.now, anchor) : anchor.ms
      const resolve = (spec: TimeSpec | null) => spec && resolveTime(spec, { ...anchor, ms: nowMs })
      bounds = { sinceMs: resolve(settings.since), untilMs: resolve(settings.until), newestMs }
    }
    return selects({ ...settings, ...bounds }, finished)
  }
}

/** Bare times are of the logs' own zone, as far as an incident's time tells it. */
function offsetOf(incident: Incident, fallback: (naiveMs: number) => number): (naiveMs: number) => number {
  const { time } = incident
  const zone = time === null ? null : /(Z|[+-]\d\d:\d\d)$/.exec(time)?.[1]
  if (!time || !zone || isoMs(time) === null) return fallback
  if (zone === 'Z') return () => 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4))
  return () => (zone[0] === '-' ? -minutes : minutes)
}
