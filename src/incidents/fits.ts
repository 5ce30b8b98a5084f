import { constraintOf } from './finish-report.ts'
import type { Group } from './group.ts'
import type { KillItem, ReportItem } from './items.ts'

/** Whether a line without a container can belong to a group: whose shortage it was must not contradict. */
export function fits(group: Group, item: ReportItem | KillItem): boolean {
  if (group.otherKills.length > 0) return false
  if (group.hosts.size > 0 && item.host !== null && !group.hosts.has(item.host)) return false
  if (item.kind === 'kill' && contradicts(group, item)) return false
  const scope = item.kind === 'kill' ? item.scope : constraintOf(item.draft)
  if (scope === null) return true
  const nodeWide = scope !== 'memcg'
  const known = group.reports.map(report => constraintOf(report.draft)).filter(other => other !== null)
  if (known.length > 0) return known.some(other => (other !== 'memcg') === nodeWide)
  const kills = group.kills.map(kill => kill.scope).filter(other => other !== null)
  if (kills.length > 0) return kills.some(other => (other !== 'memcg') === nodeWide)
  // only TaskOOMs so far: they come of a limit, and on cgroup v2 of a node-wide kill as well
  return true
}

/**
 * Whether a kill cannot be of an incident under a memory limit: all processes of a container have one oom_score_adj, and none
 * is larger than the limit.
 */
function contradicts(group: Group, { victim, scope }: KillItem): boolean {
  if (scope !== 'memcg' || group.key?.startsWith('host:')) return false
  const others = [...group.reports.flatMap(({ draft }) => draft.victims), ...group.kills.map(kill => kill.victim)]
  const differs = others.some(
    ({ oomScoreAdj }) => oomScoreAdj !== null && victim.oomScoreAdj !== null && oomScoreAdj !== victim.oomScoreAdj,
  )
  const limits = group.reports.map(({ draft }) => draft.usage.memory?.limitBytes ?? null)
  const larger = limits.some(limit => limit !== null && victim.anonRssBytes !== null && victim.anonRssBytes > limit)
  return (differs && group.limitPods.size === 0) || larger
}
