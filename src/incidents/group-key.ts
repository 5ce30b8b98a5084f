/** Whose incident it is, as far as a single item tells: the `key` of its group. */
import { constraintOf, isTaskMemcgCut, taskMemcgOf } from './finish-report.ts'
import type { OtherKillItem, ReportItem } from './items.ts'
import { pathOf } from './path-of.ts'
import type { ReportDraft } from './report-draft.ts'

/** Whose incident a report is: the node's, the chosen victim's container, else its cgroup. */
export function reportKey(item: ReportItem): string | null {
  const constraint = constraintOf(item.draft)
  if (constraint !== null && constraint !== 'memcg') return `host:${item.host ?? ''}`
  const path = taskMemcgOf(item.draft)
  const containerId = path === null ? null : pathOf(path).containerId
  if (path === null || (containerId === null && isTaskMemcgCut(item.draft))) {
    const id = cpusetContainer(item.draft)
    return id === null ? null : `container:${id}`
  }
  return containerId === null ? `cgroup:${path}@${item.host ?? ''}` : `container:${containerId}`
}

/**
 * Weak evidence, for reports that have lost every path: the container in the trigger's cpuset (a line of its own up to
 * 4.19). The trigger ran under the limit that was hit, mostly in the victim's own container.
 */
export function cpusetContainer(draft: ReportDraft): string | null {
  const cpuset = draft.cpuset ?? draft.oomKill?.cpuset ?? null
  return cpuset === null ? null : pathOf(cpuset).containerId
}

/** Of an eviction the pod, of a kill by systemd-oomd and its like the cgroup or process. */
export function otherKillKey(item: OtherKillItem): string {
  const { event, host } = item
  if (event.kind === 'pod-evicted') return `evicted:${event.namespace}/${event.podName}@${host ?? ''}`
  return `userspace:${event.by}:${event.path ?? event.pid ?? ''}@${host ?? ''}`
}
