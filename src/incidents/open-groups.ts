/**
 * The groups that the next item may join, found by the names that their lines bear: thousands of containers may die within
 * one second.
 */
import { type Group, type GroupOptions, merge } from './group.ts'
import { cpusetContainer, otherKillKey, reportKey } from './group-key.ts'
import type { Identities } from './identities.ts'
import type { CoreItem, Position } from './items.ts'
import { cgroupNamesOf, isCutId, podUidOf } from './names.ts'

export interface OpenGroups {
  /** In the order in which they began. */
  readonly all: () => Iterable<Group>
  /** In that order, too: at least those that bear a name which the item bears. */
  readonly bearing: (item: CoreItem) => readonly Group[]
  /** A group, perhaps a new one, has taken an item. */
  readonly put: (group: Group, item: CoreItem) => void
  /** Two groups turn out to be one. */
  readonly join: (into: Group, from: Group) => void
  /** The items have come so far: what lies further back than the window takes none any more. */
  readonly advance: (position: Position) => void
  /** All groups there were. */
  readonly begun: () => Group[]
}

/** @param namesOf null where the groups are so few that each can be looked at */
export function createOpenGroups(
  { windowMs }: GroupOptions,
  namesOf: ((item: CoreItem) => ReadonlySet<string>) | null,
): OpenGroups {
  const begun = new Set<Group>()
  /** Those that are open, each with its place in the order and its names. */
  const open = new Map<Group, { readonly order: number; readonly names: Set<string> }>()
  const byName = new Map<string, Set<Group>>()
  /** Groups with a name that others may bear at greater length. */
  const withCutName = new Set<Group>()
  let reached: Position | null = null
  let order = 0

  function close(group: Group): void {
    for (const name of open.get(group)?.names ?? []) {
      const bearers = byName.get(name)
      bearers?.delete(group)
      if (bearers?.size === 0) byName.delete(name)
    }
    withCutName.delete(group)
    open.delete(group)
  }

  function putNames(group: Group, names: Iterable<string>): void {
    begun.add(group)
    const known = open.get(group) ?? { order: order++, names: new Set() }
    open.set(group, known)
    for (const name of names) {
      if (isCutId(name)) withCutName.add(group)
      known.names.add(name)
      const bearers = byName.get(name)
      if (bearers) bearers.add(group)
      else byName.set(name, new Set([group]))
    }
  }

  return {
    all: () => open.keys(),
    bearing: item => {
      const names = namesOf?.(item)
      if (names === undefined || [...names].some(isCutId)) return [...open.keys()]
      const found = new Set(withCutName)
      for (const name of names) for (const group of byName.get(name) ?? []) found.add(group)
      if (found.size < 2) return [...found]
      return [...found].sort((a, b) => (open.get(a)?.order ?? 0) - (open.get(b)?.order ?? 0))
    },
    put: (group, item) => putNames(group, namesOf === null ? [] : [...namesOf(item), ...pidsOf(item)]),
    join: (into, from) => {
      const names = open.get(from)?.names ?? []
      close(from)
      begun.delete(from)
      merge(into, from)
      putNames(into, names)
    },
    advance: position => {
      const { axis, at } = position
      if (reached?.axis === axis && reached.at === at) return
      reached = position
      for (const group of open.keys()) if (group.axis !== axis || at - group.last > windowMs) close(group)
    },
    begun: () => [...begun],
  }
}

/** What an item bears that another of its incident may bear, too: ids, the ends of cgroup paths, pods, whose incident it is. */
export function namesOf(item: CoreItem, identities: Identities): ReadonlySet<string> {
  switch (item.kind) {
    case 'report': {
      const names = [reportKey(item), cpusetContainer(item.draft), ...cgroupNamesOf(item)]
      return new Set(names.filter(name => name !== null))
    }
    case 'task-oom': {
      const id = item.event.containerId
      const uid = podUidOf(id, identities)
      return new Set([id, `container:${id}`, ...(uid === null ? [] : [uid])])
    }
    case 'other-kill':
      return new Set([otherKillKey(item)])
    case 'kill':
      return new Set([nameOfPid(item.victim.pid)])
  }
}

/** What a kill line may ask for: all whom a process table lists. A report does not ask, as others list the same. */
function pidsOf(item: CoreItem): string[] {
  if (item.kind !== 'report') return []
  const pids = item.draft.rows.flatMap(({ pid, tgid }) => (pid === tgid ? [pid] : [pid, tgid]))
  return pids.filter(pid => pid !== null).map(nameOfPid)
}

function nameOfPid(pid: number): string {
  return `pid ${pid}`
}
