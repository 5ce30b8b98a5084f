/**
 * Which open report a line belongs to.
 *
 * One is open per host and printk caller, which make the key. A second header closes the first as incomplete, so a broken
 * report never swallows the next. A report whose header is lost is opened by what only a report prints (`Task in`, usage
 * lines, the table's header, `oom-kill:`); such a part, seen again, begins the next report. A report whose outcome is known
 * stays, for group kills and a late summary, until the next one begins.
 */
import type { KernelEvent } from '../model/event.ts'
import type { LogRecord, Moment } from '../model/record.ts'
import { addLine, isLeftBehind, isOver, type OpenReport, openReport, QUIET_BYTES } from './open-report.ts'
import { isOomReport, type ReportDraft } from './report-draft.ts'
import { hasPart, isLateSummary, type OwnPart } from './report-parts.ts'
import { detached, detachedMoment, type Seen } from './seen.ts'

export interface OpenReports {
  /** Whether a line stands twice in the log because two daemons wrote it. */
  readonly isDoubled: (seen: Seen<KernelEvent>, key: string) => boolean
  /** Whether a report without a known outcome is open under this key. */
  readonly isUnfinished: (key: string) => boolean
  /** The report of a key without a host is of this line's host: the beginning of its lines was lost. */
  readonly name: (nameless: string, key: string, seen: Seen) => void
  /** A report that begins with this line, which is still to be added. What was open under the key is closed. */
  readonly begin: (seen: Seen, key: string) => OpenReport
  /** The open report that a line belongs to if it belongs to any, its outcome known or not. */
  readonly current: (seen: Seen, key: string) => OpenReport | null
  /** Of `X invoked oom-killer`, which begins one. */
  readonly ofHeader: (seen: Seen, key: string) => OpenReport
  /** Of a part that only a report prints: opens one without a header when none is open, or when it has this part. */
  readonly ofPart: (seen: Seen, event: OwnPart, key: string) => OpenReport
  /** Of a part that others print, too (stack, Mem-Info): counts inside an open report only. */
  readonly inside: (seen: Seen, key: string) => OpenReport | null
  /** As {@link inside}; the start of a log is inside a report, too. */
  readonly insideOrStart: (seen: Seen, key: string) => OpenReport | null
  /** Of `CPU: … PID: … Comm: …`, which begins the stack. */
  readonly ofStack: (seen: Seen, key: string) => OpenReport | null
  /** Of `Mem-Info:`, which opens a report, too, where others have not announced it. */
  readonly ofMemInfo: (seen: Seen, key: string) => OpenReport | null
  /** Stack and Mem-Info that follow are those of a failed allocation, which prints them like a report. */
  readonly leaveToOthers: (key: string) => void
  /** SysRq-f has asked for the next report; or it has not, after all. */
  readonly expectSysrq: (isExpected: boolean) => void
  readonly find: (isWanted: (draft: ReportDraft) => boolean) => OpenReport | undefined
  /** The outcome is known, or there will be none: hands the report on. */
  readonly finish: (report: OpenReport) => void
  /** Any line of the log, with its time: closes the reports that its host has left well behind. */
  readonly passed: (record: LogRecord, moment: Moment) => void
  /** Closes reports whose newest line is older than this, epoch ms. */
  readonly closeBefore: (ms: number) => void
  readonly closeAll: () => void
  /** Time of the oldest report whose outcome is not known, epoch ms; null when there is none or it has no time. */
  readonly openSinceMs: () => number | null
}

/** Reports open at once; the oldest is closed when there are more (a log of many hosts). */
export const OPEN_REPORTS = 256

/** Lines that a report may well print twice, or that are too many to remember. */
const REPEATABLE: ReadonlySet<string> = new Set(['trace-frame', 'stack-noise', 'lowmem-reserve', 'memcg-stat'])

/** Words that any report has: one that stands twice may be of two reports that mix. */
const COMMON: ReadonlySet<string> = new Set([...REPEATABLE, 'task-header', 'mem-info'])
/** Each of these may be a report of its own, of which a search has left this line. */
const OWN_REPORT: ReadonlySet<string> = new Set([
  'oom-header',
  'no-killable',
  'already-exiting',
  'callbacks-suppressed',
])

/** @param handOn takes each report of an OOM once, when it is finished */
export function createOpenReports(handOn: (draft: ReportDraft) => void, keepText: boolean): OpenReports {
  const open = new Map<string, OpenReport>()
  /** Those of them whose outcome is not known yet. */
  const unfinished = new Map<OpenReport, string>()
  /** Keys whose stack and Mem-Info lines are those of others. */
  const foreign = new Set<string>()
  /** Keys that have had a report: what comes after it is not the start of the log. */
  const begun = new Set<string>()
  let sysrqPending = false

  function begin(seen: Seen, key: string): OpenReport {
    const old = open.get(key)
    if (old) close(key, old)
    if (open.size >= OPEN_REPORTS) {
      const [first] = open
      if (first) close(first[0], first[1])
    }
    const report = openReport(seen)
    report.draft.sysrq = sysrqPending
    sysrqPending = false
    foreign.delete(key)
    if (begun.size < OPEN_REPORTS) begun.add(key)
    open.set(key, report)
    unfinished.set(report, key)
    return report
  }

  function close(key: string, report: OpenReport): void {
    open.delete(key)
    if (!report.done) finish(report)
  }

  function finish(report: OpenReport): void {
    report.done = true
    unfinished.delete(report)
    const { draft, twin } = report
    report.twin = null
    if (twin && !report.copies.found()) finish(twin)
    // oom-kill: is printed only by a kernel that goes on to kill
    if (draft.outcome === null && draft.victims.length > 0) draft.outcome = 'killed'
    if (isOomReport(draft)) handOn(draft)
  }

  /** The report that has nothing but the same header: which of the two it is, a copy or a report, later lines tell. */
  function takeTwin({ record }: Seen, key: string): OpenReport | null {
    const old = open.get(key)
    if (!old || old.done || old.draft.places.length !== 1 || !old.copies.isNewest(record)) return null
    open.delete(key)
    unfinished.delete(old)
    if (old.twin) finish(old.twin)
    old.twin = null
    return old
  }

  function current(seen: Seen, key: string): OpenReport | null {
    const report = open.get(key)
    if (!report) return null
    if (!isOver(report, seen)) return report
    close(key, report)
    return null
  }

  function inside(seen: Seen, key: string): OpenReport | null {
    const report = current(seen, key)
    if (!report || report.done || foreign.has(key)) return null
    addLine(report, seen, keepText)
    return report
  }

  /** The start of each log is inside a report, as far as one can tell: it may have been cut out of the middle of one. */
  function insideOrStart(seen: Seen, key: string): OpenReport | null {
    const report = inside(seen, key)
    if (report) return report
    if (begun.has(key) || foreign.has(key) || seen.record.line.byteOffset > QUIET_BYTES) return null
    const first = begin(seen, key)
    addLine(first, seen, keepText)
    return first
  }

  return {
    isDoubled: ({ event, record }, key) => {
      const report = open.get(key)
      if (!report || OWN_REPORT.has(event.kind))
        return report?.heard.again(record.message, record.uptimeSeconds) ?? false
      if (report.copies.again(record, report.twin !== null || !COMMON.has(event.kind))) return true
      if (REPEATABLE.has(event.kind)) return false
      return report.heard.again(record.message, record.uptimeSeconds)
    },
    isUnfinished: key => open.get(key)?.done === false,
    name: (nameless, key, { record, moment }) => {
      const report = open.get(nameless)
      if (!report || report.done) return
      const old = open.get(key)
      if (old) close(key, old)
      open.delete(nameless)
      open.set(key, report)
      unfinished.set(report, key)
      if (begun.size < OPEN_REPORTS) begun.add(key)
      report.draft.host = detached(record.host)
      report.draft.moment ??= detachedMoment(moment)
    },
    begin,
    current,
    ofHeader: (seen, key) => {
      const twin = takeTwin(seen, key)
      const report = begin(seen, key)
      report.twin = twin
      report.draft.sysrq ||= twin?.draft.sysrq ?? false
      report.heard.again(seen.record.message, seen.record.uptimeSeconds)
      report.copies.again(seen.record, false)
      addLine(report, seen, keepText)
      return report
    },
    ofPart: (seen, event, key) => {
      const old = current(seen, key)
      const belongs = old && (old.done ? isLateSummary(old.draft, event) : !hasPart(old.draft, event))
      const report = belongs ? old : begin(seen, key)
      if (report !== old) {
        report.heard.again(seen.record.message, seen.record.uptimeSeconds)
        report.copies.again(seen.record, true)
      }
      foreign.delete(key)
      addLine(report, seen, keepText)
      return report
    },
    inside,
    insideOrStart,
    ofStack: (seen, key) => {
      const report = current(seen, key)
      // a second stack in one report is somebody else's: a warning, a hung task
      if (report && report.draft.triggerPid !== null) foreign.add(key)
      return insideOrStart(seen, key)
    },
    ofMemInfo: (seen, key) => {
      if (foreign.has(key)) return null
      const old = current(seen, key)
      if (old?.done) return null
      const report = old && old.draft.memInfo === null ? old : begin(seen, key)
      addLine(report, seen, keepText)
      return report
    },
    leaveToOthers: key => {
      foreign.add(key)
    },
    expectSysrq: isExpected => {
      sysrqPending = isExpected
    },
    find: isWanted => [...open.values()].find(({ draft }) => isWanted(draft)),
    finish,
    passed: ({ host, ident }, moment) => {
      if (unfinished.size === 0) return
      // lines that name no host may be of several, those that name no program of several clocks
      if (host === null || ident === null) return
      for (const [report, key] of unfinished) {
        const { draft, after } = report
        const waiting = { host: draft.host, newest: draft.lastMoment, after }
        if (isLeftBehind(waiting, host, ident, moment)) close(key, report)
      }
    },
    closeBefore: ms => {
      for (const [key, report] of [...open]) {
        const last = report.draft.lastMoment
        if (last === null || last.ms < ms) close(key, report)
      }
    },
    closeAll: () => {
      for (const [key, report] of [...open]) close(key, report)
    },
    openSinceMs: () => {
      let oldest: number | null = null
      for (const { draft } of unfinished.keys()) {
        if (draft.moment && (oldest === null || draft.moment.ms < oldest)) oldest = draft.moment.ms
      }
      return oldest
    },
  }
}
