/**
 * The same kill in two logs: messages and dmesg of one node, a journal, a copy. It is one incident with the evidence of
 * both. What one log lends the other, wall time and zone, is in `boot-time.ts` and `learn-zones.ts`.
 */
import type { Moment } from '../model/record.ts'
import { byTime, type Group, isKernel, merge } from './group.ts'
import type { KillItem, ReportItem } from './items.ts'
import { sameUptime, signatureOf, signaturesOf } from './kill-signature.ts'

/** Kernel stamps that are further than this from another witness's are not trusted. */
const DOUBTFUL_MS = 2_000

/** Groups of different logs that have a kill in common become one, also where their clocks disagree. */
export function mergeSeenTwice(groups: readonly Group[]): Group[] {
  const bySignature = new Map<string, Group>()
  const kept: Group[] = []
  for (const group of [...groups].sort(byTime)) {
    const signatures = [...group.reports, ...group.kills].flatMap(signaturesOfItem)
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

/** Whether one log has told of both kills: they are two, then. What a runtime said may have joined either of them. */
function sharesLog(a: Group, b: Group): boolean {
  const logs = new Set([...a.reports, ...a.kills].map(({ log }) => log))
  return [...b.reports, ...b.kills].some(({ log }) => logs.has(log))
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
