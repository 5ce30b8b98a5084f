/** Who died in a report: from `oom-kill:`, kill lines, the reaper. */
import type { KilledProcess, KillProcess } from '../model/event.ts'
import { rowOf } from './process-table.ts'
import type { ReportDraft, VictimDraft } from './report-draft.ts'
import { detached, type Seen } from './seen.ts'

export function emptyVictim(pid: number, comm: string | null, seen: Seen | null): VictimDraft {
  return {
    pid,
    comm: detached(comm),
    uid: null,
    totalVmBytes: null,
    anonRssBytes: null,
    fileRssBytes: null,
    shmemRssBytes: null,
    pageTableBytes: null,
    oomScoreAdj: null,
    score: null,
    moment: seen?.moment ?? null,
    uptimeSeconds: seen?.record.uptimeSeconds ?? null,
    reaped: null,
    reapedUptimeSeconds: null,
    killLine: false,
  }
}

/** @param named pid that `oom-kill:` has named, for a line that is cut inside the pid */
export function victimOf(seen: Seen, event: KilledProcess, named: number | null): VictimDraft {
  const isCut = event.comm === '' && event.totalVmBytes === null
  const pid = isCut && named !== null && String(named).startsWith(String(event.pid)) ? named : event.pid
  return {
    ...emptyVictim(pid, event.comm, seen),
    uid: event.uid,
    totalVmBytes: event.totalVmBytes,
    anonRssBytes: event.anonRssBytes,
    fileRssBytes: event.fileRssBytes,
    shmemRssBytes: event.shmemRssBytes,
    pageTableBytes: event.pageTableBytes,
    oomScoreAdj: event.oomScoreAdj,
    killLine: true,
  }
}

/**
 * Whether a kill line fits an open report. Mixed reports (kernels up to 4.1) and reports that the kernel left out are
 * told apart by pid and by the words before it; a wrong victim is worse than none.
 *
 * @param parent the task that `Kill process` chose just before, where the line may be a child's
 */
export function mayDieHere(
  draft: ReportDraft,
  victim: VictimDraft,
  scope: KilledProcess['scope'],
  parent: KillProcess | null,
): boolean {
  const named = draft.oomKill?.pid ?? null
  // 5.0 names the task chosen, too, and then may kill a child of it
  if (named !== null) return named === victim.pid || named === parent?.pid
  if (scope === 'memcg' && draft.memInfo && !draft.usage.memory && !draft.taskIn) return false
  if (scope === 'none' && (draft.usage.memory || draft.taskIn)) return false
  if (draft.rows.length === 0) return true
  return rowOf(draft.rows, victim.pid) !== undefined || draft.columns === null
}

/** `Kill process`: the task chosen, whose death, or a child's, is told by the next line. */
export function chooses(draft: ReportDraft, { scope, allocatingTask, pid, comm }: KillProcess): void {
  draft.killScope = scope
  draft.allocatingTask = allocatingTask
  draft.chosen = { pid, comm: detached(comm) }
}

/** Each pid once: a group kill prints the first victim again, a summary line names it before its kill line does. */
export function dies(draft: ReportDraft, victim: VictimDraft, scope: KilledProcess['scope']): void {
  draft.killScope ??= scope
  draft.outcome = 'killed'
  const known = draft.victims.find(other => other.pid === victim.pid)
  if (!known) {
    draft.victims.push(victim)
    return
  }
  if (known.killLine) return
  const { uid, comm } = known
  Object.assign(known, victim, { uid: victim.uid ?? uid, comm: victim.comm || comm })
}

/** Up to 5.0 a child of the task chosen may die in its place; then the summary has named one who lives. */
export function spare(draft: ReportDraft, parent: KillProcess | null, victim: VictimDraft): void {
  if (parent === null || parent.pid === victim.pid) return
  draft.victims = draft.victims.filter(other => other.killLine || other.pid !== parent.pid)
}

/** The reaper has taken the memory of a victim. */
export function reap(victim: VictimDraft, { moment, record }: Seen): void {
  victim.reaped = moment
  victim.reapedUptimeSeconds = record.uptimeSeconds
}
