import { offsetIn, offsetMinutes } from '../basics/iso-offset.ts'
import { isoMs } from '../envelopes/calendar.ts'
import { zoneOffset } from '../envelopes/zone-offset.ts'
import type { TimedIncident } from '../incidents/workloads.ts'
import type { Incident } from '../model/report.ts'
import type { Io } from './io.ts'
import type { Settings } from './options.ts'
import { selects } from './select.ts'
import { resolveTime, type TimeSpec } from './time.ts'

/**
 * What `--since`, `--until` and the other filters choose. Relative times count from the newest line, which is known only when the
 * logs are read; with `-f`, from now.
 *
 * An incident is chosen by itself, whichever others there are: in a report of several zones a bare time is each one's own.
 */
export function createSelection(settings: Settings, io: Pick<Io, 'nowMs' | 'localZone'>) {
  const startedMs = io.nowMs()
  return (finished: TimedIncident, newestMs: number | null): boolean => {
    const anchor = {
      // growing logs have no newest line: relative times count from now
      ms: settings.follow ? startedMs : (newestMs ?? startedMs),
      offsetMinutes: offsetFor(finished.incident, settings.zone, io.localZone),
    }
    const nowMs = settings.now ? resolveTime(settings.now, anchor) : anchor.ms
    const resolve = (spec: TimeSpec | null) => spec && resolveTime(spec, { ...anchor, ms: nowMs })
    return selects({ ...settings, sinceMs: resolve(settings.since), untilMs: resolve(settings.until) }, finished)
  }
}

/**
 * Minutes east of UTC of a bare time: of `--timezone`, else of the incident's time as the report prints it, else of this
 * machine.
 */
function offsetFor({ time }: Incident, zone: string | null, localZone: string): (naiveMs: number) => number {
  const printed = time === null || isoMs(time) === null ? null : offsetIn(time)
  if (zone !== null || printed === null) return naiveMs => zoneOffset(zone ?? localZone, naiveMs)
  const minutes = offsetMinutes(printed)
  return () => minutes
}
