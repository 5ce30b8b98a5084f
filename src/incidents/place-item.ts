/** Which group an item joins, of those that are open at its time: by container, by pid, by host and window. */
import { fits } from './fits.ts'
import { add, type Group, isFull, isKernel, isOfOtherBoot, merge, newGroup, onlyOne } from './group.ts'
import { otherKillKey, reportKey } from './group-key.ts'
import type { Identities } from './identities.ts'
import type { CoreItem, KillItem, OtherKillItem, ReportItem, TaskOomItem } from './items.ts'
import { hasId, namesCgroup, podUidOf } from './names.ts'
import { rowOf } from './process-table.ts'

/** The group that has taken the item: one of the open ones, or a new one. */
export function placeItem(item: CoreItem, open: readonly Group[], identities: Identities): Group {
  switch (item.kind) {
    case 'report':
      return placeReport(item, open)
    case 'task-oom':
      return placeTaskOom(item, open, identities)
    case 'kill':
      return placeKill(item, open)
    case 'other-kill':
      return placeOtherKill(item, open)
  }
}

function placeReport(item: ReportItem, open: readonly Group[]): Group {
  const key = reportKey(item)
  const candidates = open.filter(group => canTake(group, item))
  const ofKey = (groups: readonly Group[]) => groups.find(group => group.key === key && isKernel(group))
  const ofTaskOom = (groups: readonly Group[]) =>
    groups.find(group => !isKernel(group) && namesCgroup(item, group.containerIds))
  const choose = (groups: readonly Group[]) =>
    key === null ? onlyOne(groups.filter(group => fits(group, item))) : (ofKey(groups) ?? ofTaskOom(groups) ?? null)
  const taker = choose(candidates)
  if (taker) {
    const other = key !== null && isKernel(taker) ? ofTaskOom(candidates) : undefined
    // a TaskOOM's group becomes the kernel's: its key is whose limit was hit
    if (key !== null) taker.key = key
    add(taker, item)
    if (other) merge(taker, other)
    return taker
  }
  noteSplit(open, item, choose)
  const fresh = newGroup(item, key)
  fresh.ambiguous = key === null && candidates.filter(group => fits(group, item)).length > 1
  return fresh
}

function placeTaskOom(item: TaskOomItem, open: readonly Group[], identities: Identities): Group {
  const id = item.event.containerId
  const choose = (groups: readonly Group[]) =>
    groups.find(group => group.key === `container:${id}`) ??
    groups.find(group => hasId(group.containerIds, id)) ??
    groups.find(group => group.reports.some(report => namesCgroup(report, new Set([id])))) ??
    groups.find(group => {
      const uid = podUidOf(id, identities)
      return uid !== null && group.limitPods.has(uid)
    }) ??
    null
  const taker = choose(open.filter(group => canTake(group, item)))
  if (taker) {
    add(taker, item)
    return taker
  }
  noteSplit(open, item, choose)
  return newGroup(item, `container:${id}`)
}

function placeKill(item: KillItem, open: readonly Group[]): Group {
  const candidates = open.filter(group => canTake(group, item))
  const choose = (groups: readonly Group[]) =>
    groups.findLast(
      group => group.otherKills.length === 0 && group.reports.some(({ draft }) => rowOf(draft.rows, item.victim.pid)),
    ) ?? onlyOne(groups.filter(group => fits(group, item)))
  const taker = choose(candidates)
  if (taker) {
    add(taker, item)
    return taker
  }
  noteSplit(open, item, choose)
  const fresh = newGroup(item, null)
  fresh.ambiguous = candidates.filter(group => fits(group, item)).length > 1
  return fresh
}

function placeOtherKill(item: OtherKillItem, open: readonly Group[]): Group {
  const key = otherKillKey(item)
  const choose = (groups: readonly Group[]) =>
    groups.find(group => group.key === key) ?? onlyOne(groups.filter(group => isOfUnit(group, item)))
  const taker = choose(open.filter(group => canTake(group, item)))
  if (taker) {
    add(taker, item)
    return taker
  }
  noteSplit(open, item, choose)
  return newGroup(item, key)
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
