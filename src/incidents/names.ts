/** Whether ids, cgroup paths and pods name each other. */
import { isTaskMemcgCut, oomMemcgOf, taskMemcgOf } from './finish-report.ts'
import type { Group } from './group.ts'
import type { Identities } from './identities.ts'
import type { ReportItem } from './items.ts'
import { pathOf } from './path-of.ts'

/** The pod of a container or sandbox id, by uid. */
export function podUidOf(id: string, identities: Identities): string | null {
  const sandbox = identities.sandbox(id)
  if (sandbox) return sandbox.uid
  const container = identities.container(id)
  if (!container) return null
  return (
    container.podUid ?? (container.sandboxId === null ? null : (identities.sandbox(container.sandboxId)?.uid ?? null))
  )
}

/** Whether its reports name the cgroups below the limit, as they do up to 5.2. */
export function namesChildren(group: Group): boolean {
  return group.reports.some(report => report.draft.statPaths.size > 0)
}

/** Up to 5.2 a report names every cgroup below the limit: a TaskOOM of one of those is this report's. */
export function namesChild(group: Group, other: Group): boolean {
  return group.reports.some(report =>
    [...report.draft.statPaths.keys()].some(path => {
      const id = pathOf(path).containerId
      return id !== null && hasId(other.containerIds, id)
    }),
  )
}

/** A TaskOOM's id need not be hexadecimal: it names the cgroup whose last component it is. */
export function namesCgroup(item: ReportItem, ids: ReadonlySet<string>): boolean {
  for (const path of [taskMemcgOf(item.draft), oomMemcgOf(item.draft)]) {
    if (path === null) continue
    const last = path.slice(path.lastIndexOf('/') + 1)
    if (ids.has(last)) return true
    const id = pathOf(path).containerId
    if (id && hasId(ids, id)) return true
  }
  if (!isTaskMemcgCut(item.draft)) return false
  // the rest of a path that was cut: the trigger ran under the limit, mostly in the victim's own container
  const cpuset = item.draft.cpuset ?? item.draft.oomKill?.cpuset ?? null
  const id = cpuset === null ? null : pathOf(cpuset).containerId
  return id !== null && hasId(ids, id)
}

/** What a report's paths name: all that {@link namesCgroup} may find among ids but the trigger's cpuset, and pods. */
export function cgroupNamesOf({ draft }: ReportItem): string[] {
  return [taskMemcgOf(draft), oomMemcgOf(draft)].flatMap(path => {
    if (path === null) return []
    const { containerId, podUid } = pathOf(path)
    return [path.slice(path.lastIndexOf('/') + 1), containerId, podUid].filter(name => name !== null)
  })
}

/** Digits of an id that is not cut. */
const WHOLE_ID = 64
const HEX_PREFIX = /^[0-9a-f]{12,63}$/

/** Whether a name may be the beginning of a longer one. */
export function isCutId(name: string): boolean {
  return name.length < WHOLE_ID && HEX_PREFIX.test(name)
}

/** Whether an id is among others; conmon and listings print only its first digits. */
export function hasId(ids: ReadonlySet<string>, id: string): boolean {
  if (ids.has(id)) return true
  for (const other of ids) {
    // of one length they are two; nearly all have 64 digits
    if (other.length === id.length) continue
    const [long, short] = other.length > id.length ? [other, id] : [id, other]
    if (long.startsWith(short) && isCutId(short)) return true
  }
  return false
}
