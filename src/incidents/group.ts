/** Items of one incident, and what stays true of them as they are added and groups are merged. */
import { constraintOf, isTaskMemcgCut, oomMemcgOf, taskMemcgOf } from './finish-report.ts'
import { likelyContainer } from './group-key.ts'
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
import { joinNotices, type Notices } from './left-out.ts'
import { pathOf } from './path-of.ts'

/** How far apart the items of one group may be. */
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
  /** Where it lies: that of its items' positions. */
  axis: string
  first: number
  last: number
  /** Containers that its lines name: victims', TaskOOMs'. */
  readonly containerIds: Set<string>
  /** Pods whose own limit was hit. */
  readonly limitPods: Set<string>
  readonly hosts: Set<string>
  /** Of reports that tell: whether it was the node that ran short. One answer, but for what cannot be told apart. */
  readonly reportedNodeWide: Set<boolean>
  /** The same of kill lines outside of any report. */
  readonly killedNodeWide: Set<boolean>
  /** Of all that died in it. */
  readonly oomScoreAdjs: Set<number>
  /** Who died by kill lines outside of any report: host and pid. */
  readonly killed: Set<string>
  /** The lowest limit that its reports tell, bytes; null where none does. */
  leastLimitBytes: number | null
  /** Boots that its reports, kills and TaskOOMs are of, by log. */
  readonly boots: Map<number, Set<number>>
  readonly suppressedItems: SuppressedItem[]
  /** Of these, each notice once. */
  notices: Notices
  /** Losses of messages near it. */
  readonly losses: LossItem[]
  /** Several incidents could have taken it. */
  ambiguous: boolean
  /** Bounded by time or number: there is more of it in the next. */
  split: boolean
}

/** An incident is closed after so long, … */
export const INCIDENT_MS = 600_000
/** … or so many reports. */
const INCIDENT_REPORTS = 1_000

/** A group of one item so far. */
export function newGroup(item: CoreItem, key: string | null): Group {
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
    reportedNodeWide: new Set(),
    killedNodeWide: new Set(),
    oomScoreAdjs: new Set(),
    killed: new Set(),
    leastLimitBytes: null,
    boots: new Map(),
    suppressedItems: [],
    notices: new Map(),
    losses: [],
    ambiguous: false,
    split: false,
  }
  add(group, item)
  return group
}

/** Takes an item into a group: its time, host, boot and the containers that it names become the group's. */
export function add(group: Group, item: CoreItem): void {
  group.first = Math.min(group.first, item.position.at)
  group.last = Math.max(group.last, item.position.at)
  if (item.host !== null) group.hosts.add(item.host)
  if (item.kind !== 'other-kill') noteBoot(group, item.log, item.boot)
  switch (item.kind) {
    case 'report': {
      group.reports.push(item)
      const scope = constraintOf(item.draft)
      if (scope !== null) group.reportedNodeWide.add(scope !== 'memcg')
      for (const { oomScoreAdj } of item.draft.victims) if (oomScoreAdj !== null) group.oomScoreAdjs.add(oomScoreAdj)
      noteLimit(group, item.draft.usage.memory?.limitBytes ?? null)
      const end = endOf(item)
      if (end !== null) group.last = Math.max(group.last, end)
      const task = taskMemcgOf(item.draft)
      const told = task === null ? null : pathOf(task).containerId
      const isOpen = task === null || isTaskMemcgCut(item.draft)
      const containerId = told ?? (isOpen ? likelyContainer(item.draft) : null)
      if (containerId !== null) group.containerIds.add(containerId)
      const path = oomMemcgOf(item.draft)
      const limit = path === null ? null : pathOf(path)
      if (limit?.level === 'pod' && limit.podUid) group.limitPods.add(limit.podUid)
      return
    }
    case 'kill':
      group.kills.push(item)
      group.killed.add(deathOf(item))
      if (item.scope !== null) group.killedNodeWide.add(item.scope !== 'memcg')
      if (item.victim.oomScoreAdj !== null) group.oomScoreAdjs.add(item.victim.oomScoreAdj)
      return
    case 'task-oom':
      group.taskOoms.push(item)
      group.containerIds.add(item.event.containerId)
      return
    case 'other-kill':
      group.otherKills.push(item)
  }
}

/** A death, known again where it is told twice. */
export function deathOf({ host, victim }: KillItem): string {
  return `${victim.pid} ${host}`
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
  for (const nodeWide of from.reportedNodeWide) into.reportedNodeWide.add(nodeWide)
  for (const nodeWide of from.killedNodeWide) into.killedNodeWide.add(nodeWide)
  for (const oomScoreAdj of from.oomScoreAdjs) into.oomScoreAdjs.add(oomScoreAdj)
  for (const death of from.killed) into.killed.add(death)
  noteLimit(into, from.leastLimitBytes)
  for (const [log, boots] of from.boots) for (const boot of boots) noteBoot(into, log, boot)
  into.notices = joinNotices(into.notices, from.notices)
  into.split ||= from.split
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

/** Whether the kernel has told of it, not a runtime or others alone. */
export function isKernel(group: Group): boolean {
  return group.reports.length > 0 || group.kills.length > 0
}

/** Whether the group is full: what comes now is the next incident. */
export function isFull(group: Group, item: CoreItem): boolean {
  return item.position.at - group.first > INCIDENT_MS || group.reports.length >= INCIDENT_REPORTS
}

/** Whether the group has items of the same log from another boot: nothing joins across a boot. */
export function isOfOtherBoot(group: Group, { log, boot }: CoreItem): boolean {
  const boots = group.boots.get(log)
  return boots !== undefined && boots.size > (boots.has(boot) ? 1 : 0)
}

function noteLimit(group: Group, limitBytes: number | null): void {
  if (limitBytes !== null) group.leastLimitBytes = Math.min(group.leastLimitBytes ?? limitBytes, limitBytes)
}

function noteBoot(group: Group, log: number, boot: number): void {
  const known = group.boots.get(log)
  if (known) known.add(boot)
  else group.boots.set(log, new Set([boot]))
}

/** What could belong to several groups belongs to none of them. */
export function onlyOne(groups: readonly Group[]): Group | null {
  return groups.length === 1 ? groups[0]! : null
}

/** At most two that are wanted: more say no more. */
export function firstTwo(groups: Iterable<Group>, isWanted: (group: Group) => boolean): Group[] {
  const found: Group[] = []
  for (const group of groups) {
    if (isWanted(group)) found.push(group)
    if (found.length === 2) break
  }
  return found
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
