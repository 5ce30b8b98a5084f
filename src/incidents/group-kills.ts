/**
 * `Tasks in P are going to be killed`: whose report that is.
 *
 * The kernel prints it right behind the kill of the one chosen, who is of the group. Where reports are left out (by the
 * kernel's rate limit, or by `grep -i killed`) that kill line is all that there is of the next one.
 */
import type { OomGroup } from '../model/event.ts'
import type { LoneKills } from './lone-kills.ts'
import { addLine, type OpenReport } from './open-report.ts'
import type { OpenReports } from './open-reports.ts'
import { isLongBefore } from './recent-reports.ts'
import type { ReportDraft } from './report-draft.ts'
import { addPart } from './report-parts.ts'
import { dies } from './report-victims.ts'
import type { Seen } from './seen.ts'

export interface GroupKills {
  readonly announced: (seen: Seen<OomGroup>, key: string) => void
}

export function createGroupKills(reports: OpenReports, lone: LoneKills, keepText: boolean): GroupKills {
  /** The report of a kill that no other report took. */
  function ofLoneKill(seen: Seen<OomGroup>, key: string): OpenReport | null {
    const kill = lone.takeNewest(key)
    if (kill === null || kill.seen.boot !== seen.boot || isLongBefore(kill.victim, seen)) return null
    const report = reports.begin(kill.seen, key)
    addLine(report, kill.seen, keepText)
    dies(report.draft, kill.victim, kill.scope)
    return report
  }

  /** The report after one that has had its group: who died last in that one was the next one's choice. */
  function next({ draft, newest }: OpenReport, seen: Seen<OomGroup>, key: string): OpenReport {
    const report = reports.begin(seen, key)
    if (newest === null) return report
    draft.victims = draft.victims.filter(victim => victim !== newest)
    const place = draft.places.pop()
    if (place) report.draft.places.push(place)
    dies(report.draft, newest, draft.killScope)
    return report
  }

  function reportOf(seen: Seen<OomGroup>, key: string): OpenReport {
    const open = reports.current(seen, key)
    // without a kill before it, the line stands there twice
    if (open?.draft.groupPath === seen.event.path && open.newest === null) return open
    const isIts = open !== null && open.draft.groupPath === null && mayBeOf(open.draft, seen.event.path)
    if (isIts && !open.done) return open
    const ofKill = ofLoneKill(seen, key)
    if (ofKill) return ofKill
    if (isIts) return open
    return open?.draft.groupPath ? next(open, seen, key) : reports.begin(seen, key)
  }

  return {
    announced: (seen, key) => {
      const report = reportOf(seen, key)
      addLine(report, seen, keepText)
      addPart(report.draft, seen.event, seen)
      if (!report.done && report.draft.victims.length > 0) reports.finish(report)
    },
  }
}

/** The group is around the one chosen; a path that was cut is the beginning of the other. */
function mayBeOf(draft: ReportDraft, group: string): boolean {
  const task = draft.oomKill?.taskMemcg ?? draft.taskIn?.taskMemcg ?? null
  return task === null || task.startsWith(group) || group.startsWith(task)
}
