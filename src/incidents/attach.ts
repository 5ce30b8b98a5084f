/** What is said around an incident and makes none by itself: exits, kubelet and systemd lines, losses, left-out reports. */
import { put } from '../basics/put.ts'
import { byTime, type Group, type GroupOptions, INCIDENT_MS, isKernel } from './group.ts'
import type { AsideItem, LossItem, SuppressedItem } from './items.ts'
import { hasId } from './names.ts'
import { neighbours } from './neighbours.ts'
import { isStormAt, type ToldGroup } from './told-groups.ts'

/** Exits and kubelet lines join a container's incident for so long after its last kill. */
export const ASIDE_MS = 30_000

/** The exit may be stamped before the kill that the kernel prints late. */
const ASIDE_BEFORE_MS = 2_000

/** Groups by what an aside can name them by: there may be thousands of both. */
export interface GroupIndex {
  readonly byContainer: ReadonlyMap<string, readonly Group[]>
  readonly byPod: ReadonlyMap<string, readonly Group[]>
  readonly ofNodes: readonly Group[]
  /** By the first digits of a container's id, as many as the shortest of a cut one. */
  readonly byBeginning: ReadonlyMap<string, readonly Group[]>
}

export function indexGroups(groups: readonly Group[]): GroupIndex {
  const byContainer = new Map<string, Group[]>()
  const byBeginning = new Map<string, Group[]>()
  const byPod = new Map<string, Group[]>()
  for (const group of groups) {
    for (const id of group.containerIds) {
      put(byContainer, id, group)
      put(byBeginning, id.slice(0, CUT_ID), group)
    }
    for (const uid of group.limitPods) put(byPod, uid, group)
  }
  const ofNodes = groups.filter(group => isOfNode(group, null))
  for (const list of [...byContainer.values(), ...byBeginning.values(), ...byPod.values(), ofNodes]) {
    if (list.length > 1) list.sort(byTime)
  }
  return { byContainer, byBeginning, byPod, ofNodes }
}

export function addAside(item: AsideItem, index: GroupIndex): void {
  let nearest: Group | null = null
  let distance = Number.POSITIVE_INFINITY
  const { axis, at } = item.position
  // wider than it need be: a group that is killed slowly lasts longer than others join it
  for (const group of neighbours(candidatesOf(item, index), { axis, first: at, last: at }, INCIDENT_MS)) {
    if (!isIts(group, item)) continue
    if (at < group.first - ASIDE_BEFORE_MS || at > group.last + ASIDE_MS) continue
    const gap = at > group.last ? at - group.last : at < group.first ? group.first - at : 0
    if (gap < distance) {
      nearest = group
      distance = gap
    }
  }
  nearest?.asides.push(item)
}

/** Digits that conmon and docker leave of an id, at least. */
const CUT_ID = 12

/** Those that the aside's name leads to, by time. */
function candidatesOf({ containerId, podUid, event }: AsideItem, index: GroupIndex): readonly Group[] {
  if (event.kind === 'node-memory-pressure') return index.ofNodes
  if (podUid !== null) return index.byPod.get(podUid) ?? []
  if (containerId === null) return []
  return index.byContainer.get(containerId) ?? index.byBeginning.get(containerId.slice(0, CUT_ID)) ?? []
}

/** Whether a candidate is the aside's indeed. */
function isIts(group: Group, { containerId, event, host }: AsideItem): boolean {
  if (event.kind === 'node-memory-pressure') return isOfNode(group, host)
  return containerId === null || hasId(group.containerIds, containerId)
}

/** What the whole node suffers: a node-wide OOM, a limit above the pods, an eviction. */
function isOfNode(group: Group, host: string | null): boolean {
  if (host !== null && group.hosts.size > 0 && !group.hosts.has(host)) return false
  if (group.otherKills.some(({ event }) => event.kind === 'pod-evicted')) return true
  return group.key?.startsWith('host:') ?? false
}

/** Messages lost within half a minute of an incident on its host: what is missing of it may be among them. */
export function addLoss(item: LossItem, groups: readonly Group[]): void {
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
export function addSuppressed(
  item: SuppressedItem,
  groups: readonly Group[],
  told: readonly ToldGroup[],
  options: GroupOptions,
): void {
  const { axis, at } = item.position
  const here = [...groups.filter(isKernel), ...told].filter(
    group => group.axis === axis && (item.host === null || group.hosts.size === 0 || group.hosts.has(item.host)),
  )
  // what becomes a storm only later is none here, nor could it be waited for
  const isStorm = (group: Group | ToldGroup) => ('isStorm' in group ? group.isStorm : isStormAt(group, at + ASIDE_MS))
  const around = here.filter(group => at >= group.first - options.windowMs && at <= group.last + options.windowMs)
  const before = here.filter(group => group.first <= at).sort((a, b) => b.last - a.last)
  // one that begins much later has nothing to do with it
  const soon = here.find(group => group.first >= at && group.first - at <= ASIDE_MS)
  const taker = around.find(isStorm) ?? before.find(isStorm) ?? around[0] ?? before[0] ?? soon
  if (!taker || 'isStorm' in taker) return
  taker.suppressedItems.push(item)
}
