/**
 * The assembler: kernel sentences in, reports out.
 *
 * Which report a line belongs to is said in `open-reports.ts`, what it adds in `report-parts.ts`. A report goes from `X
 * invoked oom-killer` to the kill; it is handed on when its outcome is known and stays reachable for what the kernel prints
 * later: group kills, the reaper (`kill-lines.ts`).
 */
import type { KernelEvent, KilledProcess, KillProcess, OomGroup, OomReaped, OomUnreapable } from '../model/event.ts'
import type { LogRecord, Moment } from '../model/record.ts'
import type { AssemblerOutput } from './assembler-output.ts'
import { createGroupKills } from './group-kills.ts'
import { createKillLines } from './kill-lines.ts'
import { createLoneKills } from './lone-kills.ts'
import { addLine, type OpenReport } from './open-report.ts'
import { createOpenReports } from './open-reports.ts'
import { createRecentReports } from './recent-reports.ts'
import type { ReportDraft } from './report-draft.ts'
import { createReportKeys } from './report-keys.ts'
import { addPart } from './report-parts.ts'
import { detached, type Seen } from './seen.ts'

export interface Assembler {
  readonly feed: (seen: Seen<KernelEvent>) => void
  /** Any line of the log, with its time: closes the reports that its host has left well behind. */
  readonly passed: (record: LogRecord, moment: Moment) => void
  /** Closes what is open: the log is over. */
  readonly end: () => void
  /** Closes reports whose newest line is older than this, epoch ms (follow mode). */
  readonly closeBefore: (ms: number) => void
  /** Time of the oldest report that is still open, epoch ms; null when there is none or it has no time. */
  readonly openSinceMs: () => number | null
}

export function createAssembler(output: AssemblerOutput, keepText: boolean): Assembler {
  const recent = createRecentReports(keepText)
  const handOn = (draft: ReportDraft) => {
    recent.add(draft)
    output.report(draft)
  }
  const reports = createOpenReports(handOn, keepText)
  const lone = createLoneKills(output, keepText)
  const killLines = createKillLines(reports, recent, lone, keepText)
  const groupKills = createGroupKills(reports, lone, keepText)
  const keyOf = createReportKeys(reports, lone)

  function ends(report: OpenReport, outcome: ReportDraft['outcome'], seen: Seen): void {
    addLine(report, seen, keepText)
    report.draft.outcome = outcome
    if (!report.done) reports.finish(report)
  }

  return {
    feed: seen => {
      const { event } = seen
      const key = keyOf(seen)
      lone.heard(seen, key)
      if (reports.isDoubled(seen, key)) return
      switch (event.kind) {
        case 'oom-header':
          addPart(reports.ofHeader(seen, key).draft, event, seen)
          return
        case 'task-in-memcg':
        case 'memcg-usage':
        case 'memcg-stats':
        case 'task-header':
        case 'oom-kill':
          addPart(reports.ofPart(seen, event, key).draft, event, seen)
          return
        case 'task-row':
        case 'trace-frame':
        case 'oom-cpuset':
        case 'mem-info-pages':
        case 'mem-info-node':
        case 'mem-info-zone':
        case 'lowmem-reserve':
        case 'buddy-list':
        case 'huge-pages':
        case 'page-total':
        case 'swap-total':
        case 'slab-head':
        case 'slab-row': {
          const report = reports.insideOrStart(seen, key)
          if (report) addPart(report.draft, event, seen)
          return
        }
        case 'memcg-stat':
        case 'workqueue': {
          const report = reports.inside(seen, key)
          if (report) addPart(report.draft, event, seen)
          return
        }
        case 'stack-noise':
          reports.inside(seen, key)
          return
        case 'dump-stack': {
          const report = reports.ofStack(seen, key)
          if (report) addPart(report.draft, event, seen)
          return
        }
        case 'mem-info': {
          const report = reports.ofMemInfo(seen, key)
          if (report) addPart(report.draft, event, seen)
          return
        }
        case 'allocation-failure':
          reports.leaveToOthers(key)
          return
        case 'kill-process':
          // the switch has told what event it is
          killLines.chooses(seen as Seen<KillProcess>, key)
          return
        case 'killed-process':
          killLines.kills(seen as Seen<KilledProcess>, key)
          return
        case 'oom-reaped':
          killLines.reaped(seen as Seen<OomReaped>)
          return
        case 'oom-unreapable':
          recent.unreapable(seen as Seen<OomUnreapable>)
          return
        case 'oom-group':
          groupKills.announced(seen as Seen<OomGroup>, key)
          return
        case 'no-killable': {
          const report = reports.current(seen, key)
          ends(report && !report.done ? report : reports.begin(seen, key), 'no-killable', seen)
          return
        }
        case 'already-exiting': {
          const report = reports.current(seen, key)
          // in a group kill one member may already be on its way out: the kill is not undone by it
          if (!report || report.draft.outcome !== null) return
          report.draft.killScope ??= event.scope
          ends(report, 'skipped', seen)
          return
        }
        case 'oom-panic': {
          const open = reports.current(seen, key)
          const report = open && (!open.done || open.draft.victims.length === 0) ? open : reports.begin(seen, key)
          report.draft.panicReason = detached(event.reason)
          ends(report, 'panic', seen)
          return
        }
        case 'sysrq-oom':
          reports.expectSysrq(!event.ignored)
          return
        case 'callbacks-suppressed':
          if (/^(oom_kill_process|dump_header|out_of_memory|mem_cgroup)/.test(event.function)) {
            output.suppressed(event.count, seen)
          }
          return
        case 'linux-version':
          return
        default:
          event satisfies never
      }
    },
    passed: (record, moment) => {
      reports.passed(record, moment)
      lone.passed(record, moment)
    },
    end: () => {
      lone.end()
      reports.closeAll()
    },
    closeBefore: ms => {
      lone.closeBefore(ms)
      reports.closeBefore(ms)
    },
    openSinceMs: () => {
      const [one, other] = [lone.openSinceMs(), reports.openSinceMs()]
      return one === null || other === null ? (one ?? other) : Math.min(one, other)
    },
  }
}
