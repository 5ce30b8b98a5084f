/** What each kind of line adds to a report. Who is killed and how it ends is told by `kill-lines.ts` and `kernel-report.ts`. */
import type {
  DumpStackCpu,
  MemcgStat,
  MemcgStats,
  MemcgUsage,
  MemInfo,
  OomCpuset,
  OomGroup,
  OomHeader,
  OomKill,
  TaskHeader,
  TaskInMemcg,
  TaskRow,
  TraceFrame,
  Workqueue,
} from '../model/event.ts'
import { type MemInfoPart, readMemInfo } from './mem-info.ts'
import { readTaskRow, tableColumns } from './process-table.ts'
import { emptyMemInfo, REPORT_ROWS, type ReportDraft } from './report-draft.ts'
import { emptyVictim } from './report-victims.ts'
import { detached, type Seen } from './seen.ts'

/** What only a report prints. */
export type OwnPart = TaskInMemcg | MemcgUsage | MemcgStats | TaskHeader | OomKill

/** What others print, too, or what says nothing without the lines before it. */
export type SharedPart = OomCpuset | DumpStackCpu | Workqueue | TraceFrame | MemcgStat | MemInfo | MemInfoPart | TaskRow

/** Whether the report has what it prints once: seen again, the line is the next report's. */
export function hasPart(draft: ReportDraft, event: OwnPart): boolean {
  switch (event.kind) {
    case 'task-in-memcg':
      return draft.taskIn !== null || draft.rows.length > 0
    case 'memcg-usage':
      return event.counter === 'memory' && draft.usage.memory !== undefined
    case 'memcg-stats':
      // up to 5.2 one line for each cgroup under the limit, so seeing it again is no new report
      return event.stats === null && draft.statPaths.size > 0
    case 'task-header':
      if (event.columns === null) return draft.hasTable && draft.rows.length > 0
      return draft.columns !== null || draft.rows.length > 0
    case 'oom-kill':
      return draft.oomKill !== null && !mayGoOn(draft.oomKill, event) && differs(draft.oomKill, event)
  }
}

/** Whether a line is the summary of a report whose kill stands before it: log services do not keep the order of lines of one time. */
export function isLateSummary({ header, oomKill, victims }: ReportDraft, event: OwnPart): boolean {
  if (event.kind !== 'oom-kill' || event.pid === null || header === null || oomKill !== null) return false
  return victims.some(({ pid, killLine }) => killLine && pid === event.pid)
}

/** Whether a piece is the rest of a torn line: without what begins one, and of a line that has told no victim. */
function mayGoOn(first: OomKill, next: OomKill): boolean {
  return next.constraint === null && (first.pid === null || next.pid === null)
}

/** Whether two `oom-kill:` lines are of two kills. A line that was cut tells no pid, but maybe whose process it was. */
function differs(first: OomKill, next: OomKill): boolean {
  if (first.pid !== next.pid) return true
  if (first.pid !== null || first.constraint === null) return false
  return first.taskMemcg !== next.taskMemcg || first.oomMemcg !== next.oomMemcg || first.comm !== next.comm
}

/** @param seen the line of the event */
export function addPart(draft: ReportDraft, event: OomHeader | OwnPart | SharedPart | OomGroup, seen: Seen): void {
  switch (event.kind) {
    case 'oom-header':
      draft.header = { ...event, comm: detached(event.comm) }
      if (event.order === -1) draft.sysrq = true
      return
    case 'oom-cpuset':
      draft.cpuset = detached(event.cpuset)
      return
    case 'dump-stack':
      draft.triggerPid = event.pid
      draft.kernelRelease = detached(event.kernelRelease)
      return
    case 'workqueue':
      if (/\bmoom_callback\b/.test(event.text)) draft.sysrq = true
      return
    case 'trace-frame':
      if (draft.frames.length >= REPORT_ROWS) return
      draft.frames.push({ ...event, function: detached(event.function), offset: detached(event.offset) })
      return
    case 'task-in-memcg':
      draft.taskIn = { taskMemcg: detached(event.taskMemcg), oomMemcg: detached(event.oomMemcg) }
      return
    case 'memcg-usage':
      draft.usage[event.counter] = event
      if (event.limitBytes === null) draft.noLimitKb = Number(/limit (\d+)kB/.exec(seen.record.message)?.[1] ?? 0)
      return
    case 'memcg-stats':
      draft.statPath = detached(event.path ?? '')
      if (draft.statPaths.size === 0) draft.statPathCut = event.pathCut
      draft.statPaths.set(draft.statPath, event.stats ?? {})
      return
    case 'memcg-stat': {
      const stats = draft.statPath === null ? undefined : draft.statPaths.get(draft.statPath)
      if (stats && !(event.key in stats)) stats[detached(event.key)] = event.value
      return
    }
    case 'mem-info':
      draft.memInfo ??= emptyMemInfo()
      return
    case 'task-header':
      if (event.columns === null) return
      draft.hasTable = true
      draft.columns = tableColumns(event.columns)
      return
    case 'task-row': {
      if (draft.rows.length >= REPORT_ROWS) return
      const row = readTaskRow(event.pid, event.rest, draft.columns)
      if (row) draft.rows.push({ ...row, comm: detached(row.comm) })
      return
    }
    case 'oom-kill': {
      const joined = joinOomKill(draft.oomKill, event)
      draft.oomKill = joined
      if (joined.pid !== null && draft.victims.length === 0) {
        draft.victims.push({ ...emptyVictim(joined.pid, joined.comm, seen), uid: joined.uid })
      }
      return
    }
    case 'oom-group':
      draft.groupPath = detached(event.path)
      return
    default:
      draft.memInfo ??= emptyMemInfo()
      readMemInfo(draft.memInfo, event)
  }
}

/** `oom-kill:` may be broken into two lines, of which the second goes on with a comma: what stands first counts. */
function joinOomKill(first: OomKill | null, next: OomKill): OomKill {
  const whole = first ?? next
  return {
    kind: 'oom-kill',
    constraint: whole.constraint ?? next.constraint,
    nodemask: detached(whole.nodemask ?? next.nodemask),
    cpuset: detached(whole.cpuset ?? next.cpuset),
    memsAllowed: detached(whole.memsAllowed ?? next.memsAllowed),
    globalOom: whole.globalOom || next.globalOom,
    oomMemcg: detached(whole.oomMemcg ?? next.oomMemcg),
    // what stands in a torn piece goes on in the next
    oomMemcgCut: (first === null || first.oomMemcg === null) && next.oomMemcgCut,
    taskMemcg: detached(whole.taskMemcg ?? next.taskMemcg),
    comm: detached(whole.comm ?? next.comm),
    pid: whole.pid ?? next.pid,
    uid: whole.uid ?? next.uid,
  }
}
