/** When an incident was: of its first event, by the most precise stamp near it. */
import type { Moment } from '../model/record.ts'
import type { Group } from './group.ts'
import { otherWitnesses } from './seen-twice.ts'

/** Precision by who wrote the stamp; smaller is better. */
function precision({ from, iso }: Moment): number {
  if (from === 'containerd') return 0
  if (from === 'journal') return 1
  if (from === 'syslog') return iso.includes('.') ? 2 : 3
  return 4
}

export function timesOf(group: Group): { time: Moment | null; end: Moment | null } {
  const moments: Moment[] = []
  const witnessOf = otherWitnesses(group)
  for (const item of [...group.reports, ...group.kills, ...group.taskOoms, ...group.otherKills]) {
    // the kernel's clock is worth nothing where another witness tells the same kill's time
    if ((item.kind === 'report' || item.kind === 'kill') && witnessOf(item)) continue
    if (item.moment) moments.push(item.moment)
    const victims = item.kind === 'report' ? item.draft.victims : []
    for (const victim of victims) if (victim.moment) moments.push(victim.moment)
  }
  moments.sort((a, b) => a.ms - b.ms)
  const [first] = moments
  if (!first) return { time: null, end: null }
  const time = moments
    .filter(({ ms }) => ms - first.ms <= 1_000)
    .reduce((best, next) => (precision(next) < precision(best) ? next : best))
  const asides = group.asides.map(({ moment }) => moment).filter(moment => moment !== null)
  const end = [...moments, ...asides].reduce((last, next) => (next.ms > last.ms ? next : last))
  return { time, end: end.ms < time.ms ? time : end }
}
