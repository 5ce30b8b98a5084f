/** Groups that turn out to be one once all of them are known. */
import { put } from '../basics/put.ts'
import { fits } from './fits.ts'
import { byTime, firstTwo, type Group, type GroupOptions, INCIDENT_MS, isKernel, merge, onlyOne } from './group.ts'
import type { Identities } from './identities.ts'
import { namesChild, namesChildren, podUidOf } from './names.ts'
import { neighbours } from './neighbours.ts'

/**
 * cgroup v1 tells everyone under a cgroup that hit its limit: TaskOOMs of the sandbox and of siblings belong to the
 * report about the pod's limit.
 */
export function joinPodLimits(groups: Group[], identities: Identities, options: GroupOptions): Group[] {
  const byPod = new Map<string, Group[]>()
  for (const group of groups) {
    for (const uid of group.limitPods) put(byPod, uid, group)
    // of a pod that began before the log, only what names its sandbox tells who belongs to it
    if (group.limitPods.size === 1) for (const id of sandboxesOf(group, identities)) put(byPod, id, group)
  }
  if (byPod.size === 0) return groups
  const parents = groups.filter(group => group.limitPods.size > 0 && namesChildren(group))
  const gone = new Set<Group>()
  for (const group of groups) {
    if (isKernel(group) || group.taskOoms.length === 0) continue
    const isNearIt = (other: Group) => isNear(other, group, options.windowMs)
    const uids = [...group.containerIds].map(id => podUidOf(id, identities)).filter(uid => uid !== null)
    const pods = new Set([...uids, ...group.containerIds, ...sandboxesOf(group, identities)])
    const ofPod = [...pods].flatMap(pod => byPod.get(pod)?.filter(isNearIt) ?? [])
    const taker = ofPod.sort(byTime)[0] ?? parents.find(other => isNearIt(other) && namesChild(other, group))
    if (!taker) continue
    merge(taker, group)
    gone.add(group)
  }
  return groups.filter(group => !gone.has(group))
}

/** The sandboxes of the containers that a group names. */
function sandboxesOf({ containerIds }: Group, identities: Identities): string[] {
  return [...containerIds].map(id => identities.container(id)?.sandboxId ?? null).filter(id => id !== null)
}

/** Kernel lines that say of no container join the one incident of their host that is near, if there is only one. */
export function joinOrphans(groups: Group[], options: GroupOptions): Group[] {
  const gone = new Set<Group>()
  const ordered = [...groups].sort(byTime)
  for (const orphan of ordered) {
    if (orphan.key !== null || orphan.otherKills.length > 0) continue
    const near = firstTwo(
      neighbours(ordered, orphan, options.windowMs),
      other =>
        isNear(other, orphan, options.windowMs) &&
        other !== orphan &&
        !gone.has(other) &&
        other.otherKills.length === 0 &&
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
