/**
 * What belongs together: the contract's rules, applied to a heap of items at once, so that the order in which lines were
 * written or read makes no difference. The kernel's, the runtime's and others' kills are placed in order of time, each in
 * an open group or a new one; groups that turn out to be one are joined; then comes what is said around them.
 */
import { addAside, addLoss, addSuppressed, indexGroups } from './attach.ts'
import { add, type Group, type GroupOptions } from './group.ts'
import type { Identities } from './identities.ts'
import type { CoreItem, Item, KillItem } from './items.ts'
import { joinOrphans, joinPodLimits } from './join-groups.ts'
import { noticesOf } from './left-out.ts'
import { createOpenGroups } from './open-groups.ts'
import { placeItem } from './place-item.ts'
import type { ToldGroup } from './told-groups.ts'

/** @param told incidents that were handed out already */
export function groupItems(
  items: readonly Item[],
  identities: Identities,
  options: GroupOptions,
  told: readonly ToldGroup[],
): Group[] {
  const core = items.filter(isCore).sort(byPosition)
  const open = createOpenGroups(options)
  const taken = takenKills(core)
  for (const item of core) {
    if (item.kind === 'kill' && taken.has(item)) continue
    open.advance(item.position)
    placeItem(item, open, identities)
  }
  addTaken(taken, open.begun())
  const whole = joinOrphans(joinPodLimits(open.begun(), identities, options), options)
  const index = indexGroups(whole)
  for (const item of items) {
    if (item.kind === 'aside') addAside(item, index)
    else if (item.kind === 'suppressed') addSuppressed(item, whole, told, options)
    else if (item.kind === 'loss') addLoss(item, whole)
  }
  for (const group of whole) group.notices = noticesOf(group.suppressedItems)
  return whole
}

/** Kill lines that turned out to be a report's once the line behind them was read. */
function takenKills(core: readonly CoreItem[]): Set<KillItem> {
  const kills = core.filter(item => item.kind === 'kill')
  if (kills.length === 0) return new Set()
  const victims = new Set(core.flatMap(item => (item.kind === 'report' ? item.draft.victims : [])))
  return new Set(kills.filter(({ victim }) => victims.has(victim)))
}

function addTaken(taken: ReadonlySet<KillItem>, groups: readonly Group[]): void {
  if (taken.size === 0) return
  const ofVictim = new Map(
    groups.flatMap(group =>
      group.reports.flatMap(({ draft }) => draft.victims.map(victim => [victim, group] as const)),
    ),
  )
  for (const item of taken) {
    const group = ofVictim.get(item.victim)
    if (group) add(group, item)
  }
}

function isCore(item: Item): item is CoreItem {
  return item.kind !== 'aside' && item.kind !== 'suppressed' && item.kind !== 'loss'
}

function byPosition(a: CoreItem, b: CoreItem): number {
  if (a.position.axis !== b.position.axis) return a.position.axis < b.position.axis ? -1 : 1
  return a.position.at - b.position.at || a.order - b.order
}
