/**
 * What belongs together: the contract's rules, applied to a heap of items at once, so that the order in which lines were
 * written or read makes no difference.
 */
import { addAside, addLoss, addSuppressed, indexGroups } from './attach.ts'
import { constraintOf, oomMemcgOf, taskMemcgOf } from './finish-report.ts'
import type { Identities } from './identities.ts'
import type {
  AsideItem,
  CoreItem,
  Item,
  KillItem,
  LossItem,
  OtherKillItem,
  ReportItem,
  SuppressedItem,
  TaskOomItem,
} from './items.ts'
import { joinOrphans, joinPodLimits } from './join-groups.ts'
import { hasId, namesCgroup, podUidOf } from './names.ts'
import { pathOf } from './path-of.ts'
import { rowOf } from './process-table.ts'
import type { ReportDraft } from './report-draft.ts'
import type { ToldGroup } from './told-groups.ts'

export interface GroupOptions {
  /** `--window`, ms. */
  readonly windowMs: number
}

/** Items of one incident. */
export interface Group {
  readonly reports: ReportItem[]
  readonly kills: KillItem[]
  readonly taskOoms: TaskOomItem[]
  readonly otherKills: OtherKillItem[]
  readonly asides: AsideItem[]
  /** `container:…`, `host:…`, `cgroup:…`; null while nothing says whose it is. */
  key: string | null
  axis: string
  first: number
  last: number
  /** Containers that its lines name: victims', TaskOOMs'. */
  readonly containerIds: Set<string>
  /** Pods whose own limit was hit. */
  readonly limitPods: Set<string>
  readonly hosts: Set<string>
  /** Boots that its reports, kills and TaskOOMs are of, by log. */
  readonly boots: Map<number, Set<number>>
  suppressed: number | null
  readonly suppressedItems: SuppressedItem[]
  /** Losses of messages near it. */
  readonly losses: LossItem[]
  /** Several incidents could have taken it. */
  ambiguous: boolean
  /** Bounded by time or number: there is more of it in the next. */
  split: boolean
}

/** An incident is closed after so long, or so many reports. */
export const INCIDENT_MS = 600_000
export const INCIDENT_REPORTS = 1_000

/** @param told incidents that were handed out already */
export function groupItems(
  items: readonly Item[],
  identities: Identities,
  options: GroupOptions,
  told: readonly ToldGroup[],
): Group[] {
  const core = items.filter(isCore).sort(byPosition)
  const groups: Group[] = []
  let open: Group[] = []
  for (const item of core) {
    const { axis, at } = item.position
    open = open.filter(group => group.axis === axis && at - group.last <= options.windowMs)
    const group = place(item, open, identities)
    if (group && !open.includes(group)) {
      open.push(group)
      groups.push(group)
    }
  }
  const whole = joinOrphans(joinPodLimits(groups, identities, options), options)
  const index = indexGroups(whole)
  for (const item of items) {
    if (item.kind === 'aside') addAside(item, index)
    else if (item.kind === 'suppressed') addSuppressed(item, whole, told, options)
    else if (item.kind === 'loss') addLoss(item, whole)
  }
  return whole
}

/** The group that takes an item: one of the open ones, or a new one. */
function place(item: CoreItem, open: readonly Group[], identities: Identities): Group {
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
  const choose = (groups: readonly Group[]) => groups.find(group => group.key === key) ?? null
  const taker = choose(open.filter(group => canTake(group, item)))
  if (taker) {
    add(taker, item)
    return taker
  }
  noteSplit(open, item, choose)
  return newGroup(item, key)
}

function otherKillKey(item: OtherKillItem): string {
  const { event, host } = item
  if (event.kind === 'pod-evicted') return `evicted:${event.namespace}/${event.podName}@${host ?? ''}`
  return `userspace:${event.by}:${event.path ?? event.pid ?? ''}@${host ?? ''}`
}

/** Whether a line without a container can belong to a group: whose shortage it was must not contradict. */
export function fits(group: Group, item: ReportItem | KillItem): boolean {
  if (group.otherKills.length > 0) return false
  if (group.hosts.size > 0 && item.host !== null && !group.hosts.has(item.host)) return false
  if (item.kind === 'kill' && contradicts(group, item)) return false
  const scope = item.kind === 'kill' ? item.scope : constraintOf(item.draft)
  if (scope === null) return true
  const nodeWide = scope !== 'memcg'
  const known = group.reports.map(report => constraintOf(report.draft)).filter(other => other !== null)
  if (known.length > 0) return known.some(other => (other !== 'memcg') === nodeWide)
  const kills = group.kills.map(kill => kill.scope).filter(other => other !== null)
  if (kills.length > 0) return kills.some(other => (other !== 'memcg') === nodeWide)
  // only TaskOOMs so far: they come of a limit, and on cgroup v2 of a node-wide kill as well
  return true
}

/**
 * Whether a kill cannot be of an incident under a memory limit: all processes of a container have one oom_score_adj, and none
 * is larger than the limit.
 */
function contradicts(group: Group, { victim, scope }: KillItem): boolean {
  if (scope !== 'memcg' || group.key?.startsWith('host:')) return false
  const others = [...group.reports.flatMap(({ draft }) => draft.victims), ...group.kills.map(kill => kill.victim)]
  const differs = others.some(
    ({ oomScoreAdj }) => oomScoreAdj !== null && victim.oomScoreAdj !== null && oomScoreAdj !== victim.oomScoreAdj,
  )
  const limits = group.reports.map(({ draft }) => draft.usage.memory?.limitBytes ?? null)
  const larger = limits.some(limit => limit !== null && victim.anonRssBytes !== null && victim.anonRssBytes > limit)
  return (differs && group.limitPods.size === 0) || larger
}

function canTake(group: Group, item: CoreItem): boolean {
  return !memberOf(group, item.log, item.boot) && !isFull(group, item)
}

function isFull(group: Group, item: CoreItem): boolean {
  return item.position.at - group.first > INCIDENT_MS || group.reports.length >= INCIDENT_REPORTS
}

/** The group that an item would have joined if it were not full is told to go on in the next. */
function noteSplit(open: readonly Group[], item: CoreItem, choose: (groups: readonly Group[]) => Group | null): void {
  if (!open.some(group => isFull(group, item))) return
  const full = choose(open.filter(group => !memberOf(group, item.log, item.boot)))
  if (full) full.split = true
}

/** True when the group has an item of the same log from another boot. */
function memberOf(group: Group, log: number, boot: number): boolean {
  const boots = group.boots.get(log)
  return boots !== undefined && boots.size > (boots.has(boot) ? 1 : 0)
}

function noteBoot(group: Group, log: number, boot: number): void {
  const known = group.boots.get(log)
  if (known) known.add(boot)
  else group.boots.set(log, new Set([boot]))
}

/** Whose incident a report is: the node's, the chosen victim's container, else its cgroup. */
export function reportKey(item: ReportItem): string | null {
  const constraint = constraintOf(item.draft)
  if (constraint !== null && constraint !== 'memcg') return `host:${item.host ?? ''}`
  const path = taskMemcgOf(item.draft)
  if (path === null) {
    const id = cpusetContainer(item.draft)
    return id === null ? null : `container:${id}`
  }
  const { containerId } = pathOf(path)
  return containerId === null ? `cgroup:${path}@${item.host ?? ''}` : `container:${containerId}`
}

/**
 * Weak evidence, for reports that have lost every path: the container in the trigger's cpuset (a line of its own up to
 * 4.19). The trigger ran under the limit that was hit, mostly in the victim's own container.
 */
export function cpusetContainer(draft: ReportDraft): string | null {
  const cpuset = draft.cpuset ?? draft.oomKill?.cpuset ?? null
  return cpuset === null ? null : pathOf(cpuset).containerId
}

function newGroup(item: CoreItem, key: string | null): Group {
  const group: Group = {
    reports: [],
    kills: [],
    taskOoms: [],
    otherKills: [],
    asides: [],
    key,
    axis: item.position.axis,
    first: item.position.at,
    last: item.position.at,
    containerIds: new Set(),
    limitPods: new Set(),
    hosts: new Set(),
    boots: new Map(),
    suppressed: null,
    suppressedItems: [],
    losses: [],
    ambiguous: false,
    split: false,
  }
  add(group, item)
  return group
}

function add(group: Group, item: CoreItem): void {
  group.first = Math.min(group.first, item.position.at)
  group.last = Math.max(group.last, item.position.at)
  if (item.host !== null) group.hosts.add(item.host)
  if (item.kind !== 'other-kill') noteBoot(group, item.log, item.boot)
  switch (item.kind) {
    case 'report': {
      group.reports.push(item)
      const end = endOf(item)
      if (end !== null) group.last = Math.max(group.last, end)
      const task = taskMemcgOf(item.draft)
      const containerId = task === null ? cpusetContainer(item.draft) : pathOf(task).containerId
      if (containerId !== null) group.containerIds.add(containerId)
      const path = oomMemcgOf(item.draft)
      const limit = path === null ? null : pathOf(path)
      if (limit?.level === 'pod' && limit.podUid) group.limitPods.add(limit.podUid)
      return
    }
    case 'kill':
      group.kills.push(item)
      return
    case 'task-oom':
      group.taskOoms.push(item)
      group.containerIds.add(item.event.containerId)
      return
    case 'other-kill':
      group.otherKills.push(item)
  }
}

/** Position of a report's last kill, on its own axis. */
function endOf({ draft, position }: ReportItem): number | null {
  let end: number | null = null
  for (const victim of draft.victims) {
    const at =
      position.axis === 'wall' ? victim.moment?.ms : victim.uptimeSeconds === null ? null : victim.uptimeSeconds * 1000
    if (at !== null && at !== undefined && position.axis[0] !== 'l') end = Math.max(end ?? at, at)
  }
  return end
}

/** Everything of `from` becomes `into`'s. */
export function merge(into: Group, from: Group): void {
  into.reports.push(...from.reports)
  into.kills.push(...from.kills)
  into.taskOoms.push(...from.taskOoms)
  into.otherKills.push(...from.otherKills)
  into.asides.push(...from.asides)
  into.suppressedItems.push(...from.suppressedItems)
  into.losses.push(...from.losses)
  for (const id of from.containerIds) into.containerIds.add(id)
  for (const uid of from.limitPods) into.limitPods.add(uid)
  for (const host of from.hosts) into.hosts.add(host)
  for (const [log, boots] of from.boots) for (const boot of boots) noteBoot(into, log, boot)
  if (from.suppressed !== null) into.suppressed = (into.suppressed ?? 0) + from.suppressed
  into.key ??= from.key
  if (into.axis === from.axis) {
    into.first = Math.min(into.first, from.first)
    into.last = Math.max(into.last, from.last)
  } else if (into.axis !== 'wall') {
    into.axis = from.axis
    into.first = from.first
    into.last = from.last
  }
}

export function isKernel(group: Group): boolean {
  return group.reports.length > 0 || group.kills.length > 0
}

export function onlyOne(groups: readonly Group[]): Group | null {
  return groups.length === 1 ? groups[0]! : null
}

function isCore(item: Item): item is CoreItem {
  return item.kind !== 'aside' && item.kind !== 'suppressed' && item.kind !== 'loss'
}

function byPosition(a: CoreItem, b: CoreItem): number {
  if (a.position.axis !== b.position.axis) return a.position.axis < b.position.axis ? -1 : 1
  return a.position.at - b.position.at || a.order - b.order
}

/** All that a group is made of. */
export function itemsOf(group: Group): Item[] {
  return [
    ...group.reports,
    ...group.kills,
    ...group.taskOoms,
    ...group.otherKills,
    ...group.asides,
    ...group.suppressedItems,
  ]
}

/** By time; groups of logs without a wall time after the others. */
export function byTime(a: Group, b: Group): number {
  if (a.axis === b.axis) return a.first - b.first
  return axisBefore(a.axis, b.axis) ? -1 : 1
}

/** The wall clock first, then the clocks of single boots. */
export function axisBefore(a: string, b: string): boolean {
  if (a === b) return false
  return a === 'wall' || (b !== 'wall' && a < b)
}
