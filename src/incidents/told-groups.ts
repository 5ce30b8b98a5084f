/**
 * What is remembered of the kernel's incidents that were handed out: reports that were left out in one, and are told only
 * later, must not be credited to another.
 */
import { type Group, isKernel } from './group.ts'

export interface ToldGroup {
  readonly axis: string
  readonly first: number
  readonly last: number
  readonly hosts: ReadonlySet<string>
  readonly isStorm: boolean
}

const STORM_REPORTS = 10
const REMEMBERED = 1_000

/** Whether there were lone kills, or so many reports, by a time. */
export function isStormAt({ kills, reports }: Group, at: number): boolean {
  return [kills[0], reports[STORM_REPORTS - 1]].some(item => item !== undefined && item.position.at <= at)
}

/** Keeps the newest storm of each host, and the newest other incident. */
export function createToldGroups() {
  const told = new Map<string, ToldGroup>()
  return {
    add: (group: Group): void => {
      if (!isKernel(group)) return
      const { axis, first, last, hosts } = group
      const isStorm = isStormAt(group, last)
      const key = JSON.stringify([axis, isStorm, [...hosts].sort()])
      const known = told.get(key)
      if (known && known.last > last) return
      told.delete(key)
      told.set(key, { axis, first, last, hosts, isStorm })
      const [oldest] = told.keys()
      if (told.size > REMEMBERED && oldest !== undefined) told.delete(oldest)
    },
    all: (): readonly ToldGroup[] => [...told.values()],
  }
}
