/**
 * The same kill in two logs: messages and dmesg of one node, a journal, a copy. It is one incident with the evidence of
 * both, and where only one of the logs has a wall time, it tells the other's.
 */

import { readCgroupPath } from '../cgroups/path.ts'
import type { Moment } from '../model/record.ts'
import { taskMemcgOf } from './finish-report.ts'
import { byTime, type Group, isKernel, itemsOf, merge } from './group.ts'
import type { Item, ReportItem } from './items.ts'
import type { ReportDraft, VictimDraft } from './report-draft.ts'

/** Kernel stamps that are further than this from another witness's are not trusted. */
const DOUBTFUL_MS = 2_000

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

/** The same figures, in a zone so many minutes east of the one printed. */
export function isoInZone(iso: string, minutes: number): string {
  const zone = /(Z|[+-]\d\d:\d\d)$/.exec(iso)?.[1] ?? 'Z'
  const offset = zoneMinutes(zone) + minutes
  const size = Math.abs(offset)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${iso.slice(0, -zone.length)}${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

function zoneMinutes(zone: string): number {
  if (zone === 'Z') return 0
  return (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4))) * (zone[0] === '-' ? -1 : 1)
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
  const zone = /(Z|[+-]\d\d:\d\d)$/.exec(like)?.[1] ?? 'Z'
  const minutes = zoneMinutes(zone)
  const whole = Math.round(ms)
  return { ms: whole, iso: new Date(whole + minutes * 60_000).toISOString().replace('Z', zone), from: 'kernel' }
}

/** Groups of different logs that have a kill in common become one, also where their clocks disagree. */
export function mergeSeenTwice(groups: readonly Group[]): Group[] {
  const bySignature = new Map<string, Group>()
  const kept: Group[] = []
  for (const group of [...groups].sort(byTime)) {
    const signatures = group.reports
      .flatMap(({ draft }) => signaturesOf(draft))
      .concat(group.kills.map(({ victim }) => signatureOf(victim)).filter(signature => signature !== null))
    const twin = signatures
      .map(signature => bySignature.get(signature))
      .find(other => other && !sharesLog(other, group) && canBeOne(other, group))
    if (twin) merge(twin, group)
    else kept.push(group)
    for (const signature of signatures) if (!bySignature.has(signature)) bySignature.set(signature, twin ?? group)
  }
  return joinUntimed(kept)
}

/**
 * A kernel report without a wall time and the TaskOOM of its container in another log: one, when each is the only one of
 * that container.
 */
function joinUntimed(groups: Group[]): Group[] {
  const kernel = byContainer(groups.filter(isKernel))
  const runtime = byContainer(groups.filter(group => !isKernel(group) && group.taskOoms.length > 0))
  const gone = new Set<Group>()
  for (const [id, [group, ...others]] of kernel) {
    const [only, ...more] = runtime.get(id) ?? []
    if (!group || !only || others.length > 0 || more.length > 0) continue
    if (group.axis === only.axis || group.taskOoms.length > 0 || gone.has(group) || gone.has(only)) continue
    merge(group, only)
    gone.add(only)
  }
  return groups.filter(group => !gone.has(group))
}

function byContainer(groups: readonly Group[]): Map<string, Group[]> {
  const found = new Map<string, Group[]>()
  for (const group of groups) {
    for (const id of group.containerIds) found.set(id, [...(found.get(id) ?? []), group])
  }
  return found
}

/** What tells one kill from every other: the victim's pid, name and sizes; without victims, the trigger and the uptime. */
function signaturesOf(draft: ReportDraft): string[] {
  const victims = draft.victims.map(signatureOf).filter(signature => signature !== null)
  if (draft.victims.length > 0 || draft.uptimeSeconds === null || draft.triggerPid === null) return victims
  return [`${draft.uptimeSeconds} ${draft.triggerPid} ${draft.header?.comm}`]
}

/** Null where the kill line does not tell the sizes: a pid and a name may come again. */
function signatureOf(victim: VictimDraft): string | null {
  if (victim.anonRssBytes === null) return null
  return `${victim.pid} ${victim.comm} ${victim.totalVmBytes} ${victim.anonRssBytes}`
}

/**
 * Two machines may kill the same pid of the same name and size: uptimes that differ tell them apart, and so do host names,
 * unless the times agree.
 */
function canBeOne(a: Group, b: Group): boolean {
  const [one] = a.reports
  const [other] = b.reports
  if (one && other && !sameUptime(one.draft, other.draft)) return false
  const sameHost = a.hosts.size === 0 || b.hosts.size === 0 || [...a.hosts].some(host => b.hosts.has(host))
  return sameHost || (a.axis === b.axis && Math.abs(a.first - b.first) <= DOUBTFUL_MS)
}

/** Not told apart by the kernel's own clock, as far as both have it. */
function sameUptime(a: ReportDraft, b: ReportDraft): boolean {
  return a.uptimeSeconds === null || b.uptimeSeconds === null || Math.abs(a.uptimeSeconds - b.uptimeSeconds) <= 1
}

function sharesLog(a: Group, b: Group): boolean {
  const logs = new Set(itemsOf(a).map(({ log }) => log))
  return itemsOf(b).some(({ log }) => logs.has(log))
}

/**
 * Kernel stamps (`dmesg -T`) of reports that another log stamps differently: computed from the uptime when they were
 * printed, they drift and jump with suspend.
 *
 * @returns milliseconds that the kernel's stamp is later (negative: earlier), or null where none disagrees
 */
export function kernelClockError(group: Group): number | null {
  for (const report of group.reports) {
    if (report.moment?.from !== 'kernel') continue
    const witness = otherWitness(group, report)
    if (witness && Math.abs(report.moment.ms - witness.ms) > DOUBTFUL_MS) return report.moment.ms - witness.ms
  }
  return null
}

/** The same report's time as something else than the kernel's clock tells it. */
export function otherWitness(group: Group, report: ReportItem): Moment | null {
  const signatures = new Set(signaturesOf(report.draft))
  for (const other of group.reports) {
    if (other === report || other.moment === null || other.moment.from === 'kernel') continue
    if (signaturesOf(other.draft).some(signature => signatures.has(signature))) return other.moment
  }
  return null
}
