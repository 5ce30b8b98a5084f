/** Wall time for a log that has uptimes only, from a log of the same boot that has both. */
import { offsetIn, offsetMinutes } from '../basics/iso-offset.ts'
import type { Moment } from '../model/record.ts'
import type { Item, ReportItem } from './items.ts'
import { sameUptime, signaturesOf } from './kill-signature.ts'
import type { ReportDraft, VictimDraft } from './report-draft.ts'

/**
 * Gives wall time to the items of a log that has uptimes only, by a kill that stands in another log as well: uptime and
 * wall time of one line make the time of the boot. The least difference counts, since delivery only adds to it.
 */
export function calibrate(items: readonly Item[]): readonly Item[] {
  const boots = bootTimes(items)
  if (boots.size === 0) return items
  return items.map(item => {
    const boot = boots.get(item.position.axis)
    if (!boot) return item
    const moment = momentOf(boot.ms + item.position.at, boot.iso)
    const position = { axis: 'wall', at: moment.ms }
    if (item.kind === 'report') return { ...item, moment, position, draft: withWallTime(item.draft, boot) }
    if (item.kind === 'kill') return { ...item, moment, position, victim: victimWithWallTime(item.victim, boot) }
    return { ...item, moment, position }
  })
}

/** Epoch ms of a boot, and a stamp whose offset from UTC is shown. */
interface Boot {
  readonly ms: number
  readonly iso: string
}

function bootTimes(items: readonly Item[]): Map<string, Boot> {
  const reports = items.filter(item => item.kind === 'report')
  const timed = new Map<string, ReportItem>()
  for (const report of reports) {
    if (report.position.axis !== 'wall') continue
    for (const signature of signaturesOf(report.draft)) timed.set(signature, report)
  }
  const boots = new Map<string, Boot>()
  for (const report of reports) {
    const { axis, at } = report.position
    if (!axis.startsWith('uptime')) continue
    for (const signature of signaturesOf(report.draft)) {
      const twin = timed.get(signature)
      if (!twin?.moment || twin.log === report.log || !sameUptime(twin.draft, report.draft)) continue
      const ms = twin.moment.ms - at
      const known = boots.get(axis)
      if (!known || ms < known.ms) boots.set(axis, { ms, iso: twin.moment.iso })
    }
  }
  return boots
}

function withWallTime(draft: ReportDraft, boot: Boot): ReportDraft {
  const moment = wallTimeOf(draft.uptimeSeconds, boot)
  const victims = draft.victims.map(victim => victimWithWallTime(victim, boot))
  const unreapable = draft.unreapable.map(one => ({
    ...one,
    moment: wallTimeOf(one.uptimeSeconds, boot) ?? one.moment,
  }))
  return { ...draft, moment, victims, unreapable }
}

function victimWithWallTime(victim: VictimDraft, boot: Boot): VictimDraft {
  return {
    ...victim,
    moment: wallTimeOf(victim.uptimeSeconds, boot) ?? victim.moment,
    reaped: wallTimeOf(victim.reapedUptimeSeconds, boot) ?? victim.reaped,
  }
}

function wallTimeOf(uptimeSeconds: number | null, boot: Boot): Moment | null {
  return uptimeSeconds === null ? null : momentOf(boot.ms + uptimeSeconds * 1000, boot.iso)
}

/** A time computed from an uptime, shown to the millisecond in the zone of another stamp. */
function momentOf(ms: number, like: string): Moment {
  const zone = offsetIn(like) ?? 'Z'
  const minutes = offsetMinutes(zone)
  const whole = Math.round(ms)
  return { ms: whole, iso: new Date(whole + minutes * 60_000).toISOString().replace('Z', zone), from: 'kernel' }
}
