/** Which group an item joins, of those that are open at its time: by container, by pid, by host and window. */
import { fits } from './fits.ts'
import { add, deathOf, firstTwo, type Group, isFull, isKernel, isOfOtherBoot, newGroup, onlyOne } from './group.ts'
import { otherKillKey, reportKey } from './group-key.ts'
import type { Identities } from './identities.ts'
import type { CoreItem, KillItem, OtherKillItem, ReportItem, TaskOomItem } from './items.ts'
import { hasId, namesCgroup, podUidOf } from './names.ts'
import type { OpenGroups } from './open-groups.ts'
import { rowOf } from './process-table.ts'

/** Puts the item into one of the open groups, or into a new one. */
export function placeItem(item: CoreItem, open: OpenGroups, identities: Identities): void {
  open.put(groupOf(item, open, identities), item)
}

function groupOf(item: CoreItem, open: OpenGroups, identities: Identities): Group {
  switch (item.kind) {
    case 'report': {
      const key = reportKey(item)
      return key === null ? placeNameless(item, open) : placeReport(item, key, open)
    }
    case 'task-oom':
      return placeTaskOom(item, open.bearing(item), identities)
    case 'kill':
      return placeNameless(item, open)
    case 'other-kill':
      return placeOtherKill(item, open)
  }
}

function placeReport(item: ReportItem, key: string, open: OpenGroups): Group {
  const bearing = open.bearing(item)
  const candidates = bearing.filter(group => canTake(group, item))
  const ofKey = (groups: readonly Group[]) => groups.find(group => group.key === key && isKernel(group))
  const ofTaskOom = (groups: readonly Group[]) =>
    groups.find(group => !isKernel(group) && namesCgroup(item, group.containerIds))
  const choose = (groups: readonly Group[]) => ofKey(groups) ?? ofTaskOom(groups) ?? null
  const taker = choose(candidates)
  if (!taker) {
    noteSplit(bearing, item, choose)
    return newGroup(item, key)
  }
  const other = isKernel(taker) ? ofTaskOom(candidates) : undefined
  // a TaskOOM's group becomes the kernel's: its key is whose limit was hit
  taker.key = key
  add(taker, item)
  if (other) open.join(taker, other)
  return taker
}

function placeTaskOom(item: TaskOomItem, bearing: readonly Group[], identities: Identities): Group {
  const id = item.event.containerId
  const ids = new Set([id])
  const uid = podUidOf(id, identities)
  const choose = (groups: readonly Group[]) =>
    groups.find(group => group.key === `container:${id}`) ??
    groups.find(group => hasId(group.containerIds, id)) ??
    groups.find(group => group.reports.some(report => namesCgroup(report, ids))) ??
    groups.find(group => uid !== null && group.limitPods.has(uid)) ??
    null
  return place(item, bearing, choose) ?? newGroup(item, `container:${id}`)
}

/** A kill line, or a report that has lost every path: of the incident of its pid, or of the one that it fits, if there is one only. */
function placeNameless(item: KillItem | ReportItem, open: OpenGroups): Group {
  const telling = item.kind === 'kill' ? open.bearing(item).filter(group => tellsOf(group, item)) : []
  // not as lists of all: there may be thousands of both
  const choose = (isOpen: (group: Group, item: CoreItem) => boolean) =>
    telling.findLast(group => isOpen(group, item)) ??
    onlyOne(firstTwo(open.all(), group => isOpen(group, item) && fits(group, item)))
  const taker = choose(canTake)
  if (taker) {
    add(taker, item)
    return taker
  }
  const full = choose((group, of) => !isOfOtherBoot(group, of))
  if (full) full.split = true
  const fresh = newGroup(item, null)
  fresh.ambiguous = firstTwo(open.all(), group => canTake(group, item) && fits(group, item)).length > 1
  return fresh
}

function placeOtherKill(item: OtherKillItem, open: OpenGroups): Group {
  const key = otherKillKey(item)
  const choose = (groups: readonly Group[]) =>
    groups.find(group => group.key === key) ?? onlyOne(firstTwo(groups, group => isOfUnit(group, item)))
  return place(item, [...open.all()], choose) ?? newGroup(item, key)
}

/** The group that is chosen of those that can take the item; null where it begins the next. */
function place(
  item: CoreItem,
  open: readonly Group[],
  choose: (groups: readonly Group[]) => Group | null,
): Group | null {
  const taker = choose(open.filter(group => canTake(group, item)))
  if (taker) add(taker, item)
  else noteSplit(open, item, choose)
  return taker
}

/** Whether a process table of the group lists the victim, or a group kill has told of the one chosen before. */
function tellsOf({ otherKills, reports, killed }: Group, item: KillItem): boolean {
  if (killed.has(deathOf(item))) return true
  return otherKills.length === 0 && reports.some(({ draft }) => rowOf(draft.rows, item.victim.pid))
}

/** Whether a group is about the same unit: systemd-oomd tells the path of the cgroup, systemd the name of the unit alone. */
function isOfUnit(group: Group, { event, host }: OtherKillItem): boolean {
  if (event.kind !== 'userspace-killed' || event.path === null) return false
  const { by, path } = event
  return group.otherKills.some(other => {
    if (other.event.kind !== 'userspace-killed' || other.event.by !== by || other.host !== host) return false
    const told = other.event.path
    if (told === null) return false
    return told.includes('/') !== path.includes('/') && (told.endsWith(`/${path}`) || path.endsWith(`/${told}`))
  })
}

function canTake(group: Group, item: CoreItem): boolean {
  return !isOfOtherBoot(group, item) && !isFull(group, item)
}

/** The group that an item would have joined if it were not full is told to go on in the next. */
function noteSplit(open: readonly Group[], item: CoreItem, choose: (groups: readonly Group[]) => Group | null): void {
  if (!open.some(group => isFull(group, item))) return
  const full = choose(open.filter(group => !isOfOtherBoot(group, item)))
  if (full) full.split = true
}
