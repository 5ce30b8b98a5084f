/** The zone of a log that does not tell it, from another log that has the same event. */
import { readCgroupPath } from '../cgroups/path.ts'
import type { Moment } from '../model/record.ts'
import { taskMemcgOf } from './finish-report.ts'
import { isoInZone } from './iso-zone.ts'
import type { Item } from './items.ts'
import { signatureOf, signaturesOf } from './kill-signature.ts'
import type { VictimDraft } from './report-draft.ts'

/**
 * Re-dates logs whose zone was only assumed, by what another log tells of the same container or kill: the difference is a
 * whole number of quarters of an hour, the same for every pair.
 *
 * @param assumed logs whose stamps are in an assumed zone
 * @returns the items, and by how many minutes east each log was re-dated
 */
export function learnZones(
  items: readonly Item[],
  assumed: ReadonlySet<number>,
): { items: readonly Item[]; learned: Map<number, number> } {
  const learned = new Map<number, number>()
  if (assumed.size === 0) return { items, learned }
  const minutes = new Map<number, number | null>()
  const known = new Map<string, number[]>()
  for (const item of items) {
    if (item.position.axis !== 'wall' || assumed.has(item.log)) continue
    for (const sign of signsOf(item)) known.set(sign, [...(known.get(sign) ?? []), item.position.at])
  }
  for (const item of items) {
    if (item.position.axis !== 'wall' || !assumed.has(item.log)) continue
    for (const times of signsOf(item).map(sign => known.get(sign) ?? [])) {
      const shift = times.length === 1 ? quarters(item.position.at - times[0]!) : null
      if (shift === null) continue
      // pairs that disagree tell nothing
      minutes.set(item.log, minutes.has(item.log) && minutes.get(item.log) !== shift ? null : shift)
    }
  }
  const shifted = items.map(item => {
    const shift = minutes.get(item.log)
    if (shift === undefined || shift === null || item.position.axis !== 'wall') return item
    learned.set(item.log, shift)
    return shift === 0 ? item : inZone(item, shift)
  })
  return { items: shifted, learned }
}

const QUARTER_MINUTES = 15
/** How far two witnesses of one event may be apart, besides their zones. */
const ZONE_SLACK_MINUTES = 2

/** A difference as whole quarters of an hour, in minutes; null when it is none, or more than zones can differ. */
function quarters(differenceMs: number): number | null {
  const minutes = differenceMs / 60_000
  const whole = Math.round(minutes / QUARTER_MINUTES) * QUARTER_MINUTES
  return Math.abs(minutes - whole) <= ZONE_SLACK_MINUTES && Math.abs(whole) <= 14 * 60 ? whole : null
}

/** What an item shares with the same event in another log: the container, the kill. */
function signsOf(item: Item): string[] {
  if (item.kind === 'task-oom') return [`container ${item.event.containerId}`]
  if (item.kind === 'kill') return [signatureOf(item.victim)].filter(sign => sign !== null)
  if (item.kind !== 'report') return []
  const path = taskMemcgOf(item.draft)
  const id = path === null ? null : readCgroupPath(path).containerId
  return [...signaturesOf(item.draft), ...(id === null ? [] : [`container ${id}`])]
}

/** The same figures on the clock, so many minutes east of where they were taken for. */
function inZone<T extends Item>(item: T, minutes: number): T {
  const moved = (moment: Moment | null): Moment | null => {
    if (moment === null || moment.from === 'containerd') return moment
    return { ...moment, ms: moment.ms - minutes * 60_000, iso: isoInZone(moment.iso, minutes) }
  }
  const moment = moved(item.moment)
  const position = moment === null ? item.position : { axis: 'wall', at: moment.ms }
  const victimMoved = (victim: VictimDraft) => ({
    ...victim,
    moment: moved(victim.moment),
    reaped: moved(victim.reaped),
  })
  if (item.kind === 'report') {
    const unreapable = item.draft.unreapable.map(one => ({ ...one, moment: moved(one.moment) }))
    const victims = item.draft.victims.map(victimMoved)
    const draft = { ...item.draft, moment: moved(item.draft.moment), victims, unreapable }
    return { ...item, moment, position, draft }
  }
  if (item.kind === 'kill') return { ...item, moment, position, victim: victimMoved(item.victim) }
  return { ...item, moment, position }
}
