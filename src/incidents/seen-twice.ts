/**
 * The same kill in two logs: messages and dmesg of one node, a journal, a copy. It is one incident with the evidence of
 * both. What one log lends the other, wall time and zone, is in `boot-time.ts` and `learn-zones.ts`.
 */
import type { Moment } from '../model/record.ts'
import { constraintOf, taskMemcgOf } from './finish-report.ts'
import { byTime, type Group, isKernel, merge } from './group.ts'
import { limitContainer } from './group-key.ts'
import type { KillItem, ReportItem } from './items.ts'
import { signatureOf, signaturesOf } from './kill-signature.ts'

/** Kernel stamps that are further than this from another witness's are not trusted. */
const DOUBTFUL_MS = 2_000

/** Groups of different logs that have a kill in common become one, also where their clocks disagree. */
export function mergeSeenTwice(groups: readonly Group[]): Group[] {
  const told = new Map<string, Told>()
  const named = new Map<string, (Told & { readonly isWhole: boolean })[]>()
  const mergedInto = new Map<Group, Group>()
  const wholeOf = (group: Group): Group => {
    let whole = group
    for (let into = mergedInto.get(whole); into !== undefined; into = mergedInto.get(whole)) whole = into
    return whole
  }
  const ordered = [...groups].sort(byTime)
  for (const group of ordered) {
    const twins = new Set<Group>()
    const meet = (twin: Told, item: ReportItem | KillItem) => {
      const other = wholeOf(twin.group)
      if (isOfOne(other, group)) twins.add(other)
      else if (isNameless(item)) move(item, group, other)
      else if (isNameless(twin.item)) move(twin.item, other, group)
    }
    for (const item of [...group.reports, ...group.kills]) {
      for (const signature of signaturesOfItem(item)) {
        const twin = told.get(signature)
        if (twin && canBeOne(twin, { group, item })) meet(twin, item)
        else if (!twin) told.set(signature, { group, item })
      }
      for (const { name, isWhole } of namesOfVictims(item)) {
        const others = named.get(name) ?? []
        const twin = others.find(
          one =>
            !(one.isWhole && isWhole) &&
            isAtOnce(one.item, item) &&
            canBeOne(one, { group, item }) &&
            // without the sizes the time says too little of two nodes
            isOfOneHost(one.group, group, true),
        )
        if (twin) meet(twin, item)
        if (others.length < NAMESAKES) named.set(name, [...others, { group, item, isWhole }])
      }
    }
    const [first, ...others] = twins
    if (!first) continue
    for (const other of [...others, group]) {
      if (wholeOf(other) === first) continue
      merge(first, other)
      mergedInto.set(other, first)
    }
  }
  return joinUntimed(ordered.filter(group => !mergedInto.has(group)))
}

/** Whether nothing says that two groups are of two incidents, but what a nameless line may have joined by mistake. */
function isOfOne(a: Group, b: Group): boolean {
  if (a.key === null || b.key === null || withoutHost(a.key) === withoutHost(b.key)) return true
  return [a, b].some(({ reports, kills }) => [...reports, ...kills].every(isNameless))
}

function withoutHost(key: string): string {
  if (key.startsWith('host:')) return 'host:'
  return key.startsWith('cgroup:') ? key.replace(/@[^@]*$/, '') : key
}

/** Whether an item has lost what says whose it is, and is where it is by its time alone. */
function isNameless(item: ReportItem | KillItem): boolean {
  if (item.kind === 'kill') return true
  const constraint = constraintOf(item.draft)
  if (constraint !== null && constraint !== 'memcg') return false
  return taskMemcgOf(item.draft) === null && limitContainer(item.draft) === null
}

/** Another log tells where a nameless item belongs. */
function move(item: ReportItem | KillItem, from: Group, to: Group): void {
  const [source, target]: (ReportItem | KillItem)[][] =
    item.kind === 'report' ? [from.reports, to.reports] : [from.kills, to.kills]
  const at = source?.indexOf(item) ?? -1
  if (at < 0) return
  source?.splice(at, 1)
  target?.push(item)
}

/** Where a kill is told. */
interface Told {
  readonly group: Group
  readonly item: ReportItem | KillItem
}

/** Victims of one pid and name that are remembered; a log has few. */
const NAMESAKES = 8

/** The victims by pid and name, for a log that has lost the line of their sizes. */
function namesOfVictims(item: ReportItem | KillItem): { readonly name: string; readonly isWhole: boolean }[] {
  const victims = item.kind === 'report' ? item.draft.victims : [item.victim]
  return victims.map(victim => ({ name: `${victim.pid} ${victim.comm}`, isWhole: signatureOf(victim) !== null }))
}

/** Whether two are of one time, by the kernel's clock or by the wall: a pid is not given twice so soon. */
function isAtOnce(a: ReportItem | KillItem, b: ReportItem | KillItem): boolean {
  const [one, other] = [uptimeOf(a), uptimeOf(b)]
  if (one !== null && other !== null) return Math.abs(one - other) * 1_000 <= DOUBTFUL_MS
  return a.position.axis === b.position.axis && Math.abs(a.position.at - b.position.at) <= DOUBTFUL_MS
}

function uptimeOf(item: ReportItem | KillItem): number | null {
  return item.kind === 'report' ? item.draft.uptimeSeconds : item.victim.uptimeSeconds
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

/**
 * One log tells of a kill once. Two machines may kill the same pid of the same name and size: uptimes that differ tell them
 * apart, and so do host names, unless the times agree. What repeats a kill may stand in the same log, and name the node with
 * its domain.
 */
function canBeOne(a: Told, b: Told): boolean {
  const isRepeated = isEcho(a.group) || isEcho(b.group)
  if (a.item.log === b.item.log && !isRepeated) return false
  const [one, other] = [uptimeOf(a.item), uptimeOf(b.item)]
  // a report begins before its kill: by as much as its lines take on a serial console
  const seconds = a.item.kind === b.item.kind ? 1 : 60
  if (one !== null && other !== null && Math.abs(one - other) > seconds) return false
  const isTogether = a.group.axis === b.group.axis && Math.abs(a.group.first - b.group.first) <= DOUBTFUL_MS
  return isTogether || isOfOneHost(a.group, b.group, isRepeated)
}

/** @param isShort the name of one may have the domain and that of the other not */
function isOfOneHost(a: Group, b: Group, isShort: boolean): boolean {
  const nameOf = (host: string) => (isShort ? host.replace(/^([A-Za-z][^.]*)\..*/, '$1') : host)
  const [names, others] = [a, b].map(({ hosts }) => [...hosts].map(nameOf)) as [string[], string[]]
  return names.length === 0 || others.length === 0 || names.some(name => others.includes(name))
}

/** Kill lines without a time and a report, as people and events of the cluster repeat them behind a log. */
function isEcho({ reports, kills, taskOoms, otherKills }: Group): boolean {
  return reports.length + taskOoms.length + otherKills.length === 0 && kills.every(({ moment }) => moment === null)
}

/**
 * Kernel stamps (`dmesg -T`) of kills that another log stamps differently: computed from the uptime when they were
 * printed, they drift and jump with suspend.
 *
 * @returns milliseconds that the kernel's stamp is later (negative: earlier), or null where none disagrees
 */
export function kernelClockError(group: Group): number | null {
  const witnessOf = otherWitnesses(group)
  for (const item of [...group.reports, ...group.kills]) {
    const witness = witnessOf(item)
    if (item.moment && witness && isDoubted(item.moment, witness)) return item.moment.ms - witness.ms
  }
  return null
}

/** Whether a stamp is the kernel's own, and somebody else's says otherwise. */
export function isDoubted({ ms, from }: Moment, other: Moment): boolean {
  return from === 'kernel' && other.from !== 'kernel' && Math.abs(ms - other.ms) > DOUBTFUL_MS
}

/** For what the kernel's clock has stamped, the same kill's time as something else tells it. */
export function otherWitnesses(group: Group): (item: ReportItem | KillItem) => Moment | null {
  const told = new Map<string, Moment>()
  for (const item of [...group.reports, ...group.kills]) {
    if (item.moment === null || item.moment.from === 'kernel') continue
    for (const signature of signaturesOfItem(item)) if (!told.has(signature)) told.set(signature, item.moment)
  }
  return item => {
    if (told.size === 0 || item.moment?.from !== 'kernel') return null
    const signature = signaturesOfItem(item).find(one => told.has(one))
    return signature === undefined ? null : (told.get(signature) ?? null)
  }
}

function signaturesOfItem(item: ReportItem | KillItem): string[] {
  if (item.kind === 'report') return signaturesOf(item.draft)
  const signature = signatureOf(item.victim)
  return signature === null ? [] : [signature]
}
