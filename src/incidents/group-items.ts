/**
 * What belongs together: the contract's rules, applied to a heap of items at once, so that the order in which lines were
 * written or read makes no difference. The kernel's, the runtime's and others' kills are placed in order of time, each in
 * an open group or a new one; groups that turn out to be one are joined; then comes what is said around them.
 */
import { addAside, addLoss, addSuppressed, indexGroups } from './attach.ts'
import type { Group, GroupOptions } from './group.ts'
import type { Identities } from './identities.ts'
import type { CoreItem, Item } from './items.ts'
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
  for (const item of core) {
    open.advance(item.position)
    placeItem(item, open, identities)
  }
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

function isCore(item: Item): item is CoreItem {
  return item.kind !== 'aside' && item.kind !== 'suppressed' && item.kind !== 'loss'
}

function byPosition(a: CoreItem, b: CoreItem): number {
  if (a.position.axis !== b.position.axis) return a.position.axis < b.position.axis ? -1 : 1
  return a.position.at - b.position.at || a.order - b.order
}
