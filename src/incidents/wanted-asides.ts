import { lowerBound } from '../basics/lower-bound.ts'
import { put } from '../basics/put.ts'
import { ASIDE_MS } from './attach.ts'
import { oomMemcgOf, taskMemcgOf } from './finish-report.ts'
import type { AsideItem, Item } from './items.ts'
import { pathOf } from './path-of.ts'

/** Those asides that could still join something that waits, or something that is to come. */
export function wantedAsides(asides: readonly AsideItem[], items: readonly Item[]): AsideItem[] {
  const newest = asides.reduce((latest, { position }) => Math.max(latest, position.at), Number.NEGATIVE_INFINITY)
  const places = new Map<string, number[]>()
  for (const item of items) {
    for (const name of namesOf(item)) put(places, name, item.position.at)
  }
  for (const times of places.values()) times.sort((a, b) => a - b)
  return asides.filter(({ position, containerId, podUid, event }) => {
    if (position.at > newest - 2 * ASIDE_MS) return true
    const name = event.kind === 'node-memory-pressure' ? NODE : (containerId ?? podUid ?? '')
    const times = places.get(name)
    return times !== undefined && hasBetween(times, position.at - 2 * ASIDE_MS, position.at + 2 * ASIDE_MS)
  })
}

/** Whether one of so many sorted times is within these, both included. */
function hasBetween(times: readonly number[], from: number, to: number): boolean {
  const first = times[lowerBound(times.length, at => times[at]! < from)]
  return first !== undefined && first <= to
}

const NODE = 'node'

/** What an aside would have to name to join an item. */
function namesOf(item: Item): string[] {
  if (item.kind === 'task-oom') return [item.event.containerId]
  if (item.kind === 'other-kill') return [NODE]
  if (item.kind !== 'report') return []
  const paths = [taskMemcgOf(item.draft), oomMemcgOf(item.draft)].filter(path => path !== null)
  const names = paths.map(pathOf).flatMap(({ containerId, podUid }) => [containerId, podUid])
  return [NODE, ...names.filter(name => name !== null)]
}
