/** All that were killed in an incident, each once. */
import { taskMemcgOf, withRow } from './finish-report.ts'
import type { Group } from './group.ts'
import { limitContainer } from './group-key.ts'
import type { ReportItem } from './items.ts'
import { pathOf } from './path-of.ts'
import { rowOf } from './process-table.ts'
import type { ReportDraft, VictimDraft } from './report-draft.ts'
import { emptyVictim } from './report-victims.ts'
import { detached } from './seen.ts'
import { isDoubted } from './seen-twice.ts'

export interface KnownVictim {
  readonly victim: VictimDraft
  readonly containerId: string | null
}

/** All that were killed, each once, the kernel's choice first. */
export function victimsOf(group: Group, reports: readonly ReportItem[]): KnownVictim[] {
  const known = new Map<string, KnownVictim>()
  for (const { draft } of reports) {
    for (const victim of draft.victims) {
      const containerId = victimContainer(draft, victim)
      remember(known, { victim: withRow(victim, draft.rows), containerId })
    }
  }
  for (const { victim } of group.kills) {
    const listing = reports.findLast(({ draft }) => rowOf(draft.rows, victim.pid))
    remember(known, { victim, containerId: listing ? limitContainer(listing.draft) : null })
  }
  for (const { event, moment } of group.otherKills) {
    if (event.kind !== 'userspace-killed' || event.pid === null) continue
    remember(known, {
      victim: { ...emptyVictim(event.pid, event.comm, null), uid: event.uid, moment, killLine: true },
      containerId: event.path === null ? null : pathOf(detached(event.path)).containerId,
    })
  }
  return [...known.values()]
}

/** A pid dies once: the line that tells more wins. */
function remember(known: Map<string, KnownVictim>, next: KnownVictim): void {
  const key = String(next.victim.pid)
  const first = known.get(key)
  if (!first) {
    known.set(key, next)
    return
  }
  const [better, other] =
    first.victim.killLine && first.victim.anonRssBytes !== null
      ? [first.victim, next.victim]
      : [next.victim, first.victim]
  const times = better.moment && other.moment && isDoubted(better.moment, other.moment) ? other : better
  known.set(key, {
    victim: { ...better, uid: better.uid ?? other.uid, moment: times.moment, reaped: times.reaped },
    containerId: first.containerId ?? next.containerId,
  })
}

/** Container of a victim: the chosen one's by `task_memcg`; the others' where the limit or the group is a container's. */
function victimContainer(draft: ReportDraft, victim: VictimDraft): string | null {
  const named = draft.oomKill?.pid
  const chosen = draft.victims.some(({ pid }) => pid === named) ? named : draft.victims[0]?.pid
  const task = taskMemcgOf(draft)
  if (victim.pid === chosen && task !== null) return pathOf(task).containerId
  const group = draft.groupPath
  if (group !== null) {
    const read = pathOf(group)
    return read.level === 'container' ? read.containerId : null
  }
  return limitContainer(draft)
}
