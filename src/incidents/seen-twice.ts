/**
 * The same kill in two logs: messages and dmesg of one node, a journal, a copy. It is one incident with the evidence of
 * both. What one log lends the other, wall time and zone, is in `boot-time.ts` and `learn-zones.ts`.
 */
import type { Moment } from '../model/record.ts'
import { byTime, type Group, isKernel, merge } from './group.ts'
import type { ReportItem } from './items.ts'
import { sameUptime, signatureOf, signaturesOf } from './kill-signature.ts'

/** Kernel stamps that are further than this from another witness's are not trusted. */
const DOUBTFUL_MS = 2_000

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
