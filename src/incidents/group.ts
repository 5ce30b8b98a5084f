/**
 * What belongs together: the contract's rules, applied to a heap of items at once, so that the order in which lines were
 * written or read makes no difference.
 */
import { type CgroupPath, readCgroupPath } from '../cgroups/path.ts'
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
import type { ReportDraft, VictimDraft } from './report-draft.ts'

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
  suppressed: number | null
  readonly suppressedItems: SuppressedItem[]
  /** Losses of messages near it. */
  readonly losses: LossItem[]
  /** Several incidents could have taken it. */
  ambiguous: boolean
  /** Bounded by time or number: there is more of it in the next. */
  split: boolean
}

/** Exits and kubelet lines join a container's incident for so long after its last kill. */
export const ASIDE_MS = 30_000
/** The exit may be stamped before the kill that the kernel prints late. */
const ASIDE_BEFORE_MS = 2_000
/** An incident is closed after so long, or so many reports. */
export const INCIDENT_MS = 600_000
export const INCIDENT_REPORTS = 1_000

export function groupItems(items: readonly Item[], identities: Identities, options: GroupOptions): Group[] {
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
  for (const item of items) {
    if (item.kind === 'aside') addAside(item, whole)
    else if (item.kind === 'suppressed') addSuppressed(item, whole, options)
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
  const same = key === null ? undefined : candidates.find(group => group.key === key && isKernel(group))
  const onlyTaskOom =
    key === null ? undefined : candidates.find(group => !isKernel(group) && namesCgroup(item, group.containerIds))
  const alone = key === null ? onlyOne(candidates.filter(group => fits(group, item))) : null
  const taker = same ?? (key === null ? alone : onlyTaskOom) ?? null
  if (taker) {
    // a TaskOOM's group becomes the kernel's: its key is whose limit was hit
    if (key !== null) taker.key = key
    add(taker, item)
    if (same && onlyTaskOom && same !== onlyTaskOom) merge(same, onlyTaskOom)
    return taker
  }
  const fresh = newGroup(item, key)
  fresh.ambiguous = key === null && candidates.filter(group => fits(group, item)).length > 1
  return fresh
}

function placeTaskOom(item: TaskOomItem, open: readonly Group[], identities: Identities): Group {
  const id = item.event.containerId
  const candidates = open.filter(group => canTake(group, item))
  const taker =
    candidates.find(group => group.key === `container:${id}`) ??
    candidates.find(group => hasId(group.containerIds, id)) ??
    candidates.find(group => group.reports.some(report => namesCgroup(report, new Set([id])))) ??
    candidates.find(group => {
      const uid = podUidOf(id, identities)
      return uid !== null && group.limitPods.has(uid)
    })
  if (taker) {
    add(taker, item)
    return taker
  }
  return newGroup(item, `container:${id}`)
}

function placeKill(item: KillItem, open: readonly Group[]): Group {
  const candidates = open.filter(group => canTake(group, item) && group.otherKills.length === 0)
  const listing = candidates.filter(group => group.reports.some(report => lists(report, item.victim)))
  const taker = listing.at(-1) ?? onlyOne(candidates.filter(group => fits(group, item)))
  if (taker) {
    add(taker, item)
    return taker
  }
  const fresh = newGroup(item, null)
  fresh.ambiguous = candidates.filter(group => fits(group, item)).length > 1
  return fresh
}

function placeOtherKill(item: OtherKillItem, open: readonly Group[]): Group {
  const key = otherKillKey(item)
  const taker = open.find(group => group.key === key && canTake(group, item))
  if (taker) {
    add(taker, item)
    return taker
  }
  return newGroup(item, key)
}

function otherKillKey(item: OtherKillItem): string {
  const { event, host } = item
  if (event.kind === 'pod-evicted') return `evicted:${event.namespace}/${event.podName}@${host ?? ''}`
  return `userspace:${event.by}:${event.path ?? event.pid ?? ''}@${host ?? ''}`
}

/**
 * cgroup v1 tells everyone under a cgroup that hit its limit: TaskOOMs of the sandbox and of siblings belong to the
 * report about the pod's limit.
 */
function joinPodLimits(groups: Group[], identities: Identities, options: GroupOptions): Group[] {
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
function joinOrphans(groups: Group[], options: GroupOptions): Group[] {
  const gone = new Set<Group>()
  for (const orphan of groups) {
    if (orphan.key !== null || orphan.otherKills.length > 0) continue
    const near = groups.filter(
      other =>
        other !== orphan &&
        !gone.has(other) &&
        other.otherKills.length === 0 &&
        isNear(other, orphan, options.windowMs) &&
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

/** Whether a line without a container can belong to a group: whose shortage it was must not contradict. */
function fits(group: Group, item: ReportItem | KillItem): boolean {
  if (group.otherKills.length > 0) return false
  if (group.hosts.size > 0 && item.host !== null && !group.hosts.has(item.host)) return false
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

function canTake(group: Group, item: CoreItem): boolean {
  const crossesBoot = memberOf(group, item.log, item.boot)
  if (crossesBoot) return false
  if (item.position.at - group.first > INCIDENT_MS || group.reports.length >= INCIDENT_REPORTS) {
    group.split = true
    return false
  }
  return true
}

/** True when the group has an item of the same log from another boot. */
function memberOf(group: Group, log: number, boot: number): boolean {
  const other = (item: CoreItem) => item.log === log && item.boot !== boot
  return group.reports.some(other) || group.kills.some(other) || group.taskOoms.some(other)
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
  const { containerId } = readCgroupPath(path)
  return containerId === null ? `cgroup:${path}@${item.host ?? ''}` : `container:${containerId}`
}

/**
 * Weak evidence, for reports that have lost every path: the container in the trigger's cpuset (a line of its own up to
 * 4.19). The trigger ran under the limit that was hit, mostly in the victim's own container.
 */
export function cpusetContainer(draft: ReportDraft): string | null {
  const cpuset = draft.cpuset ?? draft.oomKill?.cpuset ?? null
  return cpuset === null ? null : (pathOf(cpuset)?.containerId ?? null)
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
  switch (item.kind) {
    case 'report': {
      group.reports.push(item)
      const end = endOf(item)
      if (end !== null) group.last = Math.max(group.last, end)
      const task = pathOf(taskMemcgOf(item.draft))
      const containerId = task ? task.containerId : cpusetContainer(item.draft)
      if (containerId !== null) group.containerIds.add(containerId)
      const limit = pathOf(oomMemcgOf(item.draft))
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

function addAside(item: AsideItem, groups: readonly Group[]): void {
  let nearest: Group | null = null
  let distance = Number.POSITIVE_INFINITY
  for (const group of groups) {
    if (group.axis !== item.position.axis) continue
    const { at } = item.position
    if (at < group.first - ASIDE_BEFORE_MS || at > group.last + ASIDE_MS) continue
    const byId = item.containerId !== null && hasId(group.containerIds, item.containerId)
    const byPod = item.podUid !== null && group.limitPods.has(item.podUid)
    const byNode = item.event.kind === 'node-memory-pressure' && isOfNode(group, item.host)
    if (!byId && !byPod && !byNode) continue
    const gap = at > group.last ? at - group.last : at < group.first ? group.first - at : 0
    if (gap < distance) {
      nearest = group
      distance = gap
    }
  }
  nearest?.asides.push(item)
}

/** What the whole node suffers: a node-wide OOM, a limit above the pods, an eviction. */
function isOfNode(group: Group, host: string | null): boolean {
  if (host !== null && group.hosts.size > 0 && !group.hosts.has(host)) return false
  if (group.otherKills.some(({ event }) => event.kind === 'pod-evicted')) return true
  return group.key?.startsWith('host:') ?? false
}

/** Messages lost within half a minute of an incident on its host: what is missing of it may be among them. */
function addLoss(item: LossItem, groups: readonly Group[]): void {
  for (const group of groups) {
    if (group.axis !== item.position.axis) continue
    if (item.host !== null && group.hosts.size > 0 && !group.hosts.has(item.host)) continue
    const { at } = item.position
    if (at >= group.first - ASIDE_MS && at <= group.last + ASIDE_MS) group.losses.push(item)
  }
}

/**
 * The kernel says how many reports it left out only when the next one passes, which may be much later. It left them out
 * in a storm: the group with lone kills or many reports is the one.
 */
function addSuppressed(item: SuppressedItem, groups: readonly Group[], options: GroupOptions): void {
  const here = groups.filter(
    group =>
      group.axis === item.position.axis &&
      isKernel(group) &&
      (item.host === null || group.hosts.size === 0 || group.hosts.has(item.host)),
  )
  const at = item.position.at
  const isStorm = (group: Group) => group.kills.length > 0 || group.reports.length >= 10
  const around = here.filter(group => at >= group.first - options.windowMs && at <= group.last + options.windowMs)
  const before = here.filter(group => group.first <= at).sort((a, b) => b.last - a.last)
  const taker = around.find(isStorm) ?? before.find(isStorm) ?? around[0] ?? before[0] ?? here[0]
  if (!taker) return
  taker.suppressed = (taker.suppressed ?? 0) + item.count
  taker.suppressedItems.push(item)
}

/** The pod of a container or sandbox id, by uid. */
function podUidOf(id: string, identities: Identities): string | null {
  const sandbox = identities.sandbox(id)
  if (sandbox) return sandbox.uid
  const container = identities.container(id)
  if (!container) return null
  return (
    container.podUid ?? (container.sandboxId === null ? null : (identities.sandbox(container.sandboxId)?.uid ?? null))
  )
}

/** Up to 5.2 a report names every cgroup below the limit: a TaskOOM of one of those is this report's. */
function namesChild(group: Group, other: Group): boolean {
  return group.reports.some(report =>
    [...report.draft.statPaths.keys()].some(path => {
      const id = pathOf(path)?.containerId
      return id !== null && id !== undefined && hasId(other.containerIds, id)
    }),
  )
}

/** A TaskOOM's id need not be hexadecimal: it names the cgroup whose last component it is. */
function namesCgroup(item: ReportItem, ids: ReadonlySet<string>): boolean {
  for (const path of [taskMemcgOf(item.draft), oomMemcgOf(item.draft)]) {
    if (path === null) continue
    const last = path.slice(path.lastIndexOf('/') + 1)
    if (ids.has(last)) return true
    const id = pathOf(path)?.containerId
    if (id && hasId(ids, id)) return true
  }
  return false
}

const HEX_PREFIX = /^[0-9a-f]{12,63}$/

/** Whether an id is among others; conmon and listings print only its first digits. */
export function hasId(ids: ReadonlySet<string>, id: string): boolean {
  if (ids.has(id)) return true
  for (const other of ids) {
    if (HEX_PREFIX.test(id) && other.startsWith(id)) return true
    if (HEX_PREFIX.test(other) && id.startsWith(other)) return true
  }
  return false
}

function lists(report: ReportItem, victim: VictimDraft): boolean {
  return report.draft.rows.some(row => row.tgid === victim.pid || row.pid === victim.pid)
}

export function isKernel(group: Group): boolean {
  return group.reports.length > 0 || group.kills.length > 0
}

function isNear(a: Group, b: Group, windowMs: number): boolean {
  return a.axis === b.axis && a.first - b.last <= windowMs && b.first - a.last <= windowMs
}

function sameHost(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === 0 || b.size === 0 || [...a].some(host => b.has(host))
}

function onlyOne(groups: readonly Group[]): Group | null {
  return groups.length === 1 ? groups[0]! : null
}

function isCore(item: Item): item is CoreItem {
  return item.kind !== 'aside' && item.kind !== 'suppressed' && item.kind !== 'loss'
}

function byPosition(a: CoreItem, b: CoreItem): number {
  if (a.position.axis !== b.position.axis) return a.position.axis < b.position.axis ? -1 : 1
  return a.position.at - b.position.at || a.order - b.order
}

const paths = new Map<string, CgroupPath>()

/** Paths repeat: a report names the same one several times. */
function pathOf(path: string | null): CgroupPath | null {
  if (path === null) return null
  let read = paths.get(path)
  if (!read) {
    read = readCgroupPath(path)
    if (paths.size > 1_000) paths.clear()
    paths.set(path, read)
  }
  return read
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
  if (a.axis === 'wall') return -1
  if (b.axis === 'wall') return 1
  return a.axis < b.axis ? -1 : 1
}
