/** Whose incident it is, as far as a single item tells: the `key` of its group. */
import { constraintOf, isOomMemcgCut, isTaskMemcgCut, oomMemcgOf, taskMemcgOf } from './finish-report.ts'
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
    const id = likelyContainer(item.draft)
    return id === null ? null : `container:${id}`
  }
  return containerId === null ? `cgroup:${path}@${item.host ?? ''}` : `container:${containerId}`
}

/** The victim's container where no line tells the victim's cgroup: the one whose limit was hit, else that of the trigger. */
export function likelyContainer(draft: ReportDraft): string | null {
  return limitContainer(draft) ?? cpusetContainer(draft)
}

/** The container whose limit was hit: its report's table lists its own processes only. */
export function limitContainer(draft: ReportDraft): string | null {
  const path = oomMemcgOf(draft)
  if (path === null) return null
  const read = pathOf(path)
  return read.level === 'container' ? read.containerId : null
}

/**
 * Weak evidence, for reports that have lost the victim's path: the container in the trigger's cpuset (a line of its own up
 * to 4.19). The trigger ran under the limit that was hit, mostly in the victim's own container; under one of many pods
 * it says nothing.
 */
export function cpusetContainer(draft: ReportDraft): string | null {
  const cpuset = draft.cpuset ?? draft.oomKill?.cpuset ?? null
  if (cpuset === null) return null
  const limit = isOomMemcgCut(draft) ? null : oomMemcgOf(draft)
  if (limit !== null && OF_MANY_PODS.has(pathOf(limit).level)) return null
  return pathOf(cpuset).containerId
}

/** Whose limit is hit by processes of any pod below. */
const OF_MANY_PODS: ReadonlySet<string> = new Set(['qos', 'kubepods', 'slice', 'root'])

/** Of an eviction the pod, of a kill by systemd-oomd and its like the cgroup or process. */
export function otherKillKey(item: OtherKillItem): string {
  const { event, host } = item
  if (event.kind === 'pod-evicted') return `evicted:${event.namespace}/${event.podName}@${host ?? ''}`
  return `userspace:${event.by}:${event.path ?? event.pid ?? ''}@${host ?? ''}`
}
