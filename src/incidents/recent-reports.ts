/**
 * Reports that were handed on and that late lines still belong to: the kill line where two reports were mixed line by line,
 * and what the reaper says, which is a thread of its own.
 */
import type { OomUnreapable } from '../model/event.ts'
import { rowOf } from './process-table.ts'
import type { ReportDraft } from './report-draft.ts'
import { reap } from './report-victims.ts'
import { placeOf, type Seen } from './seen.ts'

export interface RecentReports {
  readonly add: (draft: ReportDraft) => void
  /** The report whose table lists the pid, if it still lacks its outcome. */
  readonly awaiting: (pid: number, seen: Seen) => ReportDraft | null
  readonly findLast: (isWanted: (draft: ReportDraft) => boolean) => ReportDraft | undefined
  /** The reaper's line goes to the newest report of its host that killed the pid; false where there is none. */
  readonly reaped: (seen: Seen, pid: number) => boolean
  readonly unreapable: (seen: Seen<OomUnreapable>) => void
}

/** Finished reports, and as many lone kills, that late lines of the kernel may still belong to, per log. */
export const RECENT = 64
/** Of two reports mixed line by line, the kill lines come at once. */
const MIXED_MS = 30_000

export function createRecentReports(keepText: boolean): RecentReports {
  const recent: ReportDraft[] = []

  function ofItsBoot({ host, boot }: ReportDraft, seen: Seen): boolean {
    return host === seen.record.host && boot === seen.boot
  }

  return {
    add: draft => {
      recent.push(draft)
      if (recent.length > RECENT) recent.shift()
    },
    awaiting: (pid, seen) => {
      if (!recent.some(({ outcome }) => outcome === null)) return null
      const lists = (draft: ReportDraft) =>
        ofItsBoot(draft, seen) && !isLongBefore(draft, seen) && rowOf(draft.rows, pid) !== undefined
      const listing = recent.findLast(lists)
      return listing?.outcome === null ? listing : null
    },
    findLast: isWanted => recent.findLast(isWanted),
    reaped: (seen, pid) => {
      for (let at = recent.length - 1; at >= 0; at--) {
        const draft = recent[at]!
        const victim = ofItsBoot(draft, seen) ? draft.victims.find(candidate => candidate.pid === pid) : undefined
        if (!victim) continue
        if (!victim.reaped) {
          reap(victim, seen)
          draft.places.push(placeOf(seen.record, keepText))
        }
        return true
      }
      return false
    },
    unreapable: ({ event, record, moment }) => {
      for (const draft of recent) {
        if (draft.host !== record.host || !draft.victims.some(victim => victim.pid === event.pid)) continue
        draft.unreapable.push({ pid: event.pid, moment, uptimeSeconds: record.uptimeSeconds })
        draft.places.push(placeOf(record, keepText))
      }
    },
  }
}

/** So long that the report or kill may have been handed out. */
export function isLongBefore(
  { moment, uptimeSeconds }: Pick<ReportDraft, 'moment' | 'uptimeSeconds'>,
  { moment: now, record }: Seen,
): boolean {
  if (moment !== null && now !== null) return now.ms - moment.ms > MIXED_MS
  if (uptimeSeconds === null || record.uptimeSeconds === null) return false
  return (record.uptimeSeconds - uptimeSeconds) * 1000 > MIXED_MS
}
