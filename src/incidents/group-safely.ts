/** Grouping that outlives a fault of ours: what makes it fail is left out, and all else is told. */
import type { Group, GroupOptions } from './group.ts'
import { groupItems } from './group-items.ts'
import type { Identities } from './identities.ts'
import type { Item } from './items.ts'
import type { ToldGroup } from './told-groups.ts'

export interface Grouped {
  readonly groups: Group[]
  /** In no group, as none can be made with them. */
  readonly lost: ReadonlySet<Item>
}

/**
 * As {@link groupItems}. Where that fails, the culprits are found by halving, and the rest is grouped without them; should it
 * fail still, as it is with each half that can be grouped.
 *
 * @param onFault called once, with the first error
 */
export function groupSafely(
  items: readonly Item[],
  identities: Identities,
  options: GroupOptions,
  told: readonly ToldGroup[],
  onFault: (error: unknown) => void,
): Grouped {
  const group = (some: readonly Item[]) => groupItems(some, identities, options, told)
  try {
    return { groups: group(items), lost: new Set() }
  } catch (error) {
    onFault(error)
  }
  // an aside lies beside its incident
  const inOrder = [...items].sort((a, b) => a.position.at - b.position.at)
  const { groups, lost } = groupHalves(inOrder, group)
  try {
    return { groups: group(items.filter(item => !lost.has(item))), lost }
  } catch {
    return { groups, lost }
  }
}

function groupHalves(items: readonly Item[], group: (some: readonly Item[]) => Group[]): Grouped {
  try {
    return { groups: group(items), lost: new Set() }
  } catch {
    if (items.length === 1) return { groups: [], lost: new Set(items) }
    const middle = items.length >> 1
    const [one, other] = [groupHalves(items.slice(0, middle), group), groupHalves(items.slice(middle), group)]
    return { groups: [...one.groups, ...other.groups], lost: new Set([...one.lost, ...other.lost]) }
  }
}
