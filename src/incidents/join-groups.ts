/** Groups that turn out to be one once all of them are known. */
import { fits } from './fits.ts'
import { axisBefore, byTime, type Group, type GroupOptions, INCIDENT_MS, isKernel, merge, onlyOne } from './group.ts'
import type { Identities } from './identities.ts'
import { namesChild, podUidOf } from './names.ts'

/**
 * cgroup v1 tells everyone under a cgroup that hit its limit: TaskOOMs of the sandbox and of siblings belong to the
 * report about the pod's limit.
 */
export function joinPodLimits(groups: Group[], identities: Identities, options: GroupOptions): Group[] {
  const limited = groups.filter(group => group.limitPods.size > 0)
  if (limited.length === 0) return groups
  const gone = new Set<Group>()
  for (const group of groups) {
    if (isKernel(group) || group.taskOoms.length === 0) continue
    const uids = [...group.containerIds].map(id => podUidOf(id, identities))
    const taker = limited.find(
      other => isNear(other, group, options.windowMs) && uids.some(uid => uid !== null && other.limitPods.has(uid)),
    )
    const child = taker ?? limited.find(other => isNear(other, group, options.windowMs) && namesChild(other, group))
    if (!child) continue
    merge(child, group)
    gone.add(group)
  }
  return groups.filter(group => !gone.has(group))
}

/** Kernel lines that say of no container join the one incident of their host that is near, if there is only one. */
export function joinOrphans(groups: Group[], options: GroupOptions): Group[] {
  const gone = new Set<Group>()
  const ordered = [...groups].sort(byTime)
  for (const orphan of ordered) {
    if (orphan.key !== null || orphan.otherKills.length > 0) continue
    const near = neighbours(ordered, orphan, options.windowMs).filter(
      other =>
        other !== orphan &&
        !gone.has(other) &&
        other.otherKills.length === 0 &&
        isNear(other, orphan, options.windowMs) &&
        Math.max(other.last, orphan.last) - Math.min(other.first, orphan.first) <= INCIDENT_MS &&
        orphanFits(other, orphan),
    )
    const taker = onlyOne(near)
    if (!taker) {
      orphan.ambiguous ||= near.length > 1
      continue
    }
    merge(taker, orphan)
    taker.ambiguous &&= taker.key === null
    gone.add(orphan)
  }
  return groups.filter(group => !gone.has(group))
}

/** Groups whose first event is not further away than an incident can last: the rest of thousands is not looked at. */
function neighbours(ordered: readonly Group[], { axis, first, last }: Group, windowMs: number): Group[] {
  const found: Group[] = []
  let low = 0
  let high = ordered.length
  const from = first - INCIDENT_MS - windowMs
  while (low < high) {
    const middle = (low + high) >> 1
    const group = ordered[middle]!
    const isBefore = axis === group.axis ? group.first < from : axisBefore(group.axis, axis)
    if (isBefore) low = middle + 1
    else high = middle
  }
  for (let at = low; at < ordered.length; at++) {
    const group = ordered[at]!
    if (group.axis !== axis || group.first > last + windowMs) break
    found.push(group)
  }
  return found
}

function orphanFits(other: Group, orphan: Group): boolean {
  if (!sameHost(other.hosts, orphan.hosts)) return false
  return [...orphan.reports, ...orphan.kills].every(item => fits(other, item))
}

function isNear(a: Group, b: Group, windowMs: number): boolean {
  return a.axis === b.axis && a.first - b.last <= windowMs && b.first - a.last <= windowMs
}

function sameHost(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === 0 || b.size === 0 || [...a].some(host => b.has(host))
}
