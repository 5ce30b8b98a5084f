import { constraintOf } from './finish-report.ts'
import type { Group } from './group.ts'
import type { KillItem, ReportItem } from './items.ts'
import type { VictimDraft } from './report-draft.ts'

/** Whether a line without a container can belong to a group: whose shortage it was must not contradict. */
export function fits(group: Group, item: ReportItem | KillItem): boolean {
  if (group.otherKills.length > 0) return false
  if (group.hosts.size > 0 && item.host !== null && !group.hosts.has(item.host)) return false
  const scope = item.kind === 'kill' ? item.scope : constraintOf(item.draft)
  const victims = item.kind === 'kill' ? [item.victim] : item.draft.victims
  if (scope === 'memcg' && victims.some(victim => contradicts(group, victim))) return false
  if (scope === null) return true
  const nodeWide = scope !== 'memcg'
  if (group.reportedNodeWide.size > 0) return group.reportedNodeWide.has(nodeWide)
  if (group.killedNodeWide.size > 0) return group.killedNodeWide.has(nodeWide)
  // only TaskOOMs so far: they come of a limit, and on cgroup v2 of a node-wide kill as well
  return true
}

/**
 * Whether a kill cannot be of an incident under a memory limit: all processes of a container have one oom_score_adj, and none
 * is larger than the limit.
 */
function contradicts(group: Group, { oomScoreAdj, anonRssBytes }: VictimDraft): boolean {
  if (group.key?.startsWith('host:')) return false
  const same = oomScoreAdj !== null && group.oomScoreAdjs.has(oomScoreAdj) ? 1 : 0
  const differs = oomScoreAdj !== null && group.oomScoreAdjs.size > same
  const larger = group.leastLimitBytes !== null && anonRssBytes !== null && anonRssBytes > group.leastLimitBytes
  return (differs && group.limitPods.size === 0) || larger
}
