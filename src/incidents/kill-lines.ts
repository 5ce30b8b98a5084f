/** Whose kill a kill line tells of: the open report's, one's that was handed on without its kill line, or nobody's. */
import type { KilledProcess, KillProcess, OomReaped } from '../model/event.ts'
import type { LoneKills } from './lone-kills.ts'
import { addLine, isGroupOver, type OpenReport } from './open-report.ts'
import type { OpenReports } from './open-reports.ts'
import { rowOf } from './process-table.ts'
import { isLongBefore, type RecentReports } from './recent-reports.ts'
import type { ReportDraft, VictimDraft } from './report-draft.ts'
import { chooses, dies, emptyVictim, mayDieHere, reap, spare, victimOf } from './report-victims.ts'
import { placeOf, type Seen } from './seen.ts'

export interface KillLines {
  /** `Kill process` (up to 5.0): who is to die, or a child of his. */
  readonly chooses: (seen: Seen<KillProcess>, key: string) => void
  /** `Killed process`. */
  readonly kills: (seen: Seen<KilledProcess>, key: string) => void
  /** `oom_reaper: reaped process`. */
  readonly reaped: (seen: Seen<OomReaped>) => void
}

export function createKillLines(
  reports: OpenReports,
  recent: RecentReports,
  lone: LoneKills,
  keepText: boolean,
): KillLines {
  /** In a report that has lost its kill line, the reaper names the victim. */
  function reapedWithoutKill(seen: Seen, pid: number, comm: string): void {
    const lacks = (draft: ReportDraft) =>
      draft.host === seen.record.host &&
      draft.boot === seen.boot &&
      draft.victims.length === 0 &&
      draft.outcome === null
    const lists = (draft: ReportDraft) => lacks(draft) && rowOf(draft.rows, pid) !== undefined
    // of a report up to 5.2 a grep for "oom" leaves the head and the reaper, neither the rows nor the kill
    const isHead = (draft: ReportDraft) =>
      lacks(draft) && draft.header !== null && draft.rows.length === 0 && !isLongBefore(draft, seen)
    const listing = reports.find(lists) ?? null
    const listed = listing?.draft ?? recent.findLast(lists)
    const report = listed || recent.findLast(isHead) ? listing : (reports.find(isHead) ?? null)
    const draft = listed ?? report?.draft
    if (!draft) return
    draft.places.push(placeOf(seen.record, keepText))
    const victim = { ...emptyVictim(pid, comm, seen), killLine: true }
    reap(victim, seen)
    dies(draft, victim, null)
    if (report && !report.done) reports.finish(report)
  }

  return {
    chooses: (seen, key) => {
      const report = reports.current(seen, key)
      if (!report || report.done || report.chosen !== null) {
        // its report is lost, or the kernel left it out
        lone.chooses(seen, key)
        return
      }
      addLine(report, seen, keepText)
      chooses(report.draft, seen.event)
      report.chosen = seen.event
    },
    kills: (seen, key) => {
      const { event } = seen
      const report = reports.current(seen, key)
      const chosen = report?.chosen ?? (event.scope === null ? lone.takeChosen(key) : null)
      const scope = event.scope ?? chosen?.scope ?? null
      const victim = victimOf(seen, event, report?.draft.oomKill?.pid ?? null)
      if (event.scope === null && chosen) victim.score = chosen.score
      const awaiting = recent.awaiting(victim.pid, seen)
      const other = awaiting === report?.draft ? null : awaiting
      // rows may have been cut out of a posted table: the line before names the pid, too
      const isChosen = report?.chosen?.pid === victim.pid && !report.done
      const parent = event.scope === null ? (report?.chosen ?? null) : null
      if (report) report.chosen = null
      if (
        report &&
        (other === null || tellsWho(report.draft)) &&
        (isChosen || takes(report, victim, scope, parent, seen))
      ) {
        addLine(report, seen, keepText)
        spare(report.draft, parent, victim)
        dies(report.draft, victim, scope)
        if (report.draft.victims.at(-1) === victim) report.newest = victim
        report.draft.allocatingTask ||= event.allocatingTask || (chosen?.allocatingTask ?? false)
        if (!report.done) reports.finish(report)
        return
      }
      if (other) {
        // reports mixed line by line: the table tells whose kill this is
        other.places.push(placeOf(seen.record, keepText))
        dies(other, victim, scope)
        return
      }
      lone.add(victim, scope, seen, key)
    },
    reaped: seen => {
      const { pid, comm } = seen.event
      const isLone = lone.reaped(seen, pid, comm)
      if (!recent.reaped(seen, pid) && !isLone) reapedWithoutKill(seen, pid, comm)
    },
  }
}

/** Whether a report says by itself who may be its victim. */
function tellsWho(draft: ReportDraft): boolean {
  return draft.rows.length > 0 || draft.oomKill !== null
}

/** Whether a kill line is the open report's. Once its outcome is known only the rest of a group dies in it. */
function takes(
  report: OpenReport,
  victim: VictimDraft,
  scope: KilledProcess['scope'],
  parent: KillProcess | null,
  seen: Seen,
): boolean {
  const { draft, done } = report
  if (draft.victims.some(({ pid }) => pid === victim.pid)) return true
  if (!done) return mayDieHere(draft, victim, scope, parent)
  // the words before the kill are those of the one chosen
  const sameWords = scope === null || draft.killScope === null || scope === draft.killScope
  return draft.groupPath !== null && sameWords && !isGroupOver(report, seen)
}
