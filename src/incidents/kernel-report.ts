/**
 * The assembler: kernel sentences in, reports out.
 *
 * One report is open per host and printk caller, from `X invoked oom-killer` to the kill. A second header closes the
 * first as incomplete, so a broken report never swallows the next. A report whose header is lost is opened by what only a
 * report prints (`Task in`, usage lines, the table's header, `oom-kill:`); a part that a report prints once, seen again,
 * begins the next report. Reports are handed on when their outcome is known and stay reachable for what the kernel
 * prints later: group kills, the reaper.
 */
import type { KernelEvent, KilledProcess, KillProcess, OomKill } from '../model/event.ts'
import type { LogRecord, Moment } from '../model/record.ts'
import { createHeard, type Heard } from './heard.ts'
import { readMemInfo } from './mem-info.ts'
import { readTaskRow, rowOf, tableColumns } from './process-table.ts'
import { emptyMemInfo, isOomReport, newDraft, REPORT_ROWS, type ReportDraft, type VictimDraft } from './report-draft.ts'
import { dies, emptyVictim, mayDieHere, reap, victimOf } from './report-victims.ts'
import { detached, type Place, placeOf, type Seen } from './seen.ts'

/** A kill line that belongs to no report: the kernel left the report out, or the log does. */
export interface LoneKill {
  readonly victim: VictimDraft
  readonly scope: KilledProcess['scope']
  readonly seen: Seen
  /** Of the kill line; the reaper's, which comes later, is added. */
  readonly places: readonly Place[]
}

export interface AssemblerOutput {
  /** A report whose outcome is known, or that was closed without one. Later parts still change it. */
  readonly report: (draft: ReportDraft) => void
  readonly kill: (kill: LoneKill) => void
  /** `N callbacks suppressed` of the oom-killer. */
  readonly suppressed: (count: number, seen: Seen) => void
}

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

/** Reports open at once; the oldest is closed when there are more (a log of many hosts). */
const OPEN_REPORTS = 256
/** Finished reports, and lone kills, that late lines of the kernel may still belong to, per log. */
const RECENT_REPORTS = 64
/** A report that gets no line for so long is over. */
const QUIET_MS = 60_000
/** A report is over when someone on its host has gone on speaking for so long after its newest line. */
const PASSED_MS = 300_000
const SPEAKERS = 100
/** Of two reports mixed line by line, the kill lines come at once. */
const MIXED_MS = 30_000
/** The sieve's own bounds: what a section cannot hold, a report cannot either. */
const QUIET_BYTES = 1024 * 1024
const REPORT_BYTES = 16 * 1024 * 1024

interface Slot {
  draft: ReportDraft
  /** The outcome is known and the report handed on; only group kills still belong to it. */
  done: boolean
  /** `Kill process` seen, `Killed process` not yet (up to 5.0). */
  chosen: KillProcess | null
  firstByte: number
  lastByte: number
  source: number
  statPath: string | null
  /** Who on its host has spoken after its newest line, and when first, epoch ms. */
  readonly after: Map<string, number>
  readonly heard: Heard
}

/** Lines that a report may well print twice, or that are too many to remember. */
const REPEATABLE: ReadonlySet<string> = new Set(['trace-frame', 'stack-noise', 'lowmem-reserve', 'memcg-stat'])

export function createAssembler(output: AssemblerOutput, keepText: boolean): Assembler {
  const open = new Map<string, Slot>()
  /** Those of them whose outcome is not known yet. */
  const unfinished = new Map<Slot, string>()
  const recent: ReportDraft[] = []
  const recentKills: { victim: VictimDraft; places: Place[]; host: string | null; boot: number }[] = []
  /** Keys whose stack and Mem-Info lines are those of a failed allocation, which prints them like a report. */
  const foreign = new Set<string>()
  /** Keys that have had a report: what comes after it is not the start of the log. */
  const begun = new Set<string>()
  /** `Kill process` without a report around it, waiting for its `Killed process` (up to 5.0). */
  const chosenAlone = new Map<string, Seen<KillProcess>>()
  let sysrqPending = false

  function begin(seen: Seen, key: string): Slot {
    const old = open.get(key)
    if (old) close(key, old)
    if (open.size >= OPEN_REPORTS) {
      const [first] = open
      if (first) close(first[0], first[1])
    }
    const { record } = seen
    const slot: Slot = {
      draft: newDraft(seen),
      done: false,
      chosen: null,
      firstByte: record.line.byteOffset,
      lastByte: record.line.byteOffset,
      source: record.line.source,
      statPath: null,
      after: new Map(),
      heard: createHeard(REPORT_ROWS),
    }
    slot.draft.sysrq = sysrqPending
    sysrqPending = false
    foreign.delete(key)
    if (begun.size < OPEN_REPORTS) begun.add(key)
    open.set(key, slot)
    unfinished.set(slot, key)
    return slot
  }

  function close(key: string, slot: Slot): void {
    open.delete(key)
    if (!slot.done) handOn(slot)
  }

  function handOn(slot: Slot): void {
    slot.done = true
    unfinished.delete(slot)
    const { draft } = slot
    // oom-kill: is printed only by a kernel that goes on to kill
    if (draft.outcome === null && draft.victims.length > 0) draft.outcome = 'killed'
    if (!isOomReport(draft)) return
    recent.push(slot.draft)
    if (recent.length > RECENT_REPORTS) recent.shift()
    output.report(slot.draft)
  }

  /** The open report that a part belongs to, when it belongs to one. */
  function current(seen: Seen, key: string): Slot | null {
    const slot = open.get(key)
    if (!slot) return null
    const { line } = seen.record
    const far =
      line.source === slot.source &&
      (line.byteOffset - slot.lastByte > QUIET_BYTES || line.byteOffset - slot.firstByte > REPORT_BYTES)
    const late =
      seen.moment !== null && slot.draft.lastMoment !== null && seen.moment.ms - slot.draft.lastMoment.ms > QUIET_MS
    const lateUptime =
      seen.record.uptimeSeconds !== null &&
      slot.draft.lastUptimeSeconds !== null &&
      (seen.record.uptimeSeconds - slot.draft.lastUptimeSeconds) * 1000 > QUIET_MS
    if (far || late || lateUptime || seen.boot !== slot.draft.boot) {
      close(key, slot)
      return null
    }
    return slot
  }

  /** Whether a line stands twice in the log because two daemons wrote it. */
  function isDoubled({ event, record }: Seen<KernelEvent>, key: string): boolean {
    const slot = open.get(key)
    if (!slot || REPEATABLE.has(event.kind)) return false
    return slot.heard.again(record.message, record.uptimeSeconds)
  }

  function touch(slot: Slot, seen: Seen): void {
    const { draft } = slot
    if (seen.moment) draft.lastMoment = seen.moment
    if (seen.record.uptimeSeconds !== null) draft.lastUptimeSeconds = seen.record.uptimeSeconds
    slot.after.clear()
    slot.lastByte = seen.record.line.byteOffset
    slot.source = seen.record.line.source
    if (draft.places.length >= REPORT_ROWS) return
    const place = placeOf(seen.record, keepText)
    const last = draft.places.at(-1)
    if (last && last.source === place.source && last.byteOffset === place.byteOffset) return
    draft.places.push(place)
  }

  /** A part that only a report prints: opens a headless report when none is open, or when this part is already there. */
  function part(seen: Seen, key: string, seenBefore: (draft: ReportDraft) => boolean): Slot {
    const slot = current(seen, key)
    const belongs = slot && !slot.done && !seenBefore(slot.draft)
    const target = belongs ? slot : begin(seen, key)
    if (target !== slot) target.heard.again(seen.record.message, seen.record.uptimeSeconds)
    foreign.delete(key)
    touch(target, seen)
    return target
  }

  /** A part that others print, too (stack, Mem-Info): counts inside an open report only. */
  function inside(seen: Seen, key: string): Slot | null {
    const slot = current(seen, key)
    if (!slot || slot.done || foreign.has(key)) return null
    touch(slot, seen)
    return slot
  }

  function kill(seen: Seen<KilledProcess>, key: string): void {
    const { event } = seen
    const slot = current(seen, key)
    const chosen = slot?.chosen ?? chosenAlone.get(key)?.event ?? null
    chosenAlone.delete(key)
    const scope = event.scope ?? chosen?.scope ?? null
    const victim = victimOf(seen, event, slot?.draft.oomKill?.pid ?? null)
    if (event.scope === null && chosen) victim.score = chosen.score
    const listed = recent.some(({ outcome }) => outcome === null) ? reportListing(victim.pid, seen) : null
    const isOfListed = listed !== null && listed.outcome === null && listed !== slot?.draft
    const tells = slot !== null && (slot.draft.rows.length > 0 || slot.draft.oomKill !== null)
    if (slot && !(isOfListed && !tells)) {
      const again = slot.draft.victims.some(other => other.pid === victim.pid)
      const group = slot.done && slot.draft.groupPath !== null
      if (again || group || (!slot.done && mayDieHere(slot.draft, victim, scope))) {
        touch(slot, seen)
        slot.chosen = null
        dies(slot.draft, victim, scope)
        slot.draft.allocatingTask ||= event.allocatingTask || (chosen?.allocatingTask ?? false)
        if (!slot.done) handOn(slot)
        return
      }
    }
    if (slot) slot.chosen = null
    if (isOfListed) {
      // reports mixed line by line: the table tells whose kill this is
      listed.places.push(placeOf(seen.record, keepText))
      dies(listed, victim, scope)
      return
    }
    const places = [placeOf(seen.record, keepText)]
    recentKills.push({ victim, places, host: detached(seen.record.host), boot: seen.boot })
    if (recentKills.length > RECENT_REPORTS) recentKills.shift()
    output.kill({ victim, scope, seen, places })
  }

  function chooses(seen: Seen<KillProcess>, key: string): void {
    const slot = current(seen, key)
    if (slot && !slot.done && slot.chosen === null) {
      touch(slot, seen)
      slot.draft.killScope = seen.event.scope
      slot.draft.allocatingTask = seen.event.allocatingTask
      slot.chosen = seen.event
      return
    }
    // its report is lost, or the kernel left it out
    chosenOnly(key)
    chosenAlone.set(key, seen)
  }

  /**
   * `Kill process` whose `Killed process` never came: a report without a victim, since up to 5.0 a child of the chosen
   * task may have died in its place.
   */
  function chosenOnly(key: string): void {
    const seen = chosenAlone.get(key)
    if (!seen) return
    chosenAlone.delete(key)
    const draft = newDraft(seen)
    draft.killScope = seen.event.scope
    draft.allocatingTask = seen.event.allocatingTask
    draft.places.push(placeOf(seen.record, keepText))
    output.report(draft)
  }

  function reportListing(pid: number, seen: Seen): ReportDraft | null {
    for (let at = recent.length - 1; at >= 0; at--) {
      const draft = recent[at]!
      if (draft.host !== seen.record.host || draft.boot !== seen.boot || isLongBefore(draft, seen)) continue
      if (rowOf(draft.rows, pid)) return draft
    }
    return null
  }

  /** The reaper is another thread and comes later: it belongs to the newest report of this host that killed the pid. */
  function reaped(seen: Seen, pid: number): boolean {
    for (let at = recent.length - 1; at >= 0; at--) {
      const draft = recent[at]!
      if (draft.host !== seen.record.host || draft.boot !== seen.boot) continue
      const victim = draft.victims.find(candidate => candidate.pid === pid)
      if (!victim) continue
      if (!victim.reaped) {
        reap(victim, seen)
        draft.places.push(placeOf(seen.record, keepText))
      }
      return true
    }
    return false
  }

  /** It comes within seconds; later the pid is another process's. */
  function reapedAlone(seen: Seen, pid: number, comm: string): void {
    const isIts = ({ host, boot, victim }: (typeof recentKills)[number]) =>
      host === seen.record.host && boot === seen.boot && victim.pid === pid && (victim.comm ?? comm) === comm
    const lone = recentKills.findLast(isIts)
    if (!lone || lone.victim.reaped || isLongBefore(lone.victim, seen)) return
    reap(lone.victim, seen)
    lone.places.push(placeOf(seen.record, keepText))
  }

  /** In a report that has lost its kill line, the reaper names the victim. */
  function reapedWithoutKill(seen: Seen, pid: number, comm: string): void {
    const lists = (draft: ReportDraft) =>
      draft.host === seen.record.host &&
      draft.boot === seen.boot &&
      draft.victims.length === 0 &&
      draft.outcome === null &&
      rowOf(draft.rows, pid) !== undefined
    const slot = [...open.values()].find(({ draft }) => lists(draft))
    const draft = slot?.draft ?? recent.findLast(lists)
    if (!draft) return
    draft.places.push(placeOf(seen.record, keepText))
    const victim = { ...emptyVictim(pid, comm, seen), killLine: true }
    reap(victim, seen)
    dies(draft, victim, null)
    if (slot && !slot.done) handOn(slot)
  }

  return {
    feed: seen => {
      const { event, record } = seen
      const key = `${record.host ?? ''} ${record.caller ?? ''}`
      if (isDoubled(seen, key)) return
      switch (event.kind) {
        case 'oom-header': {
          const slot = begin(seen, key)
          slot.heard.again(record.message, record.uptimeSeconds)
          touch(slot, seen)
          slot.draft.header = { ...event, comm: detached(event.comm) }
          if (event.order === -1) slot.draft.sysrq = true
          return
        }
        case 'oom-cpuset': {
          const slot = inside(seen, key) ?? startOfLog(seen, key)
          if (slot) slot.draft.cpuset = detached(event.cpuset)
          return
        }
        case 'dump-stack': {
          const slot = current(seen, key)
          // a second stack in one report is somebody else's: a warning, a hung task
          if (slot && slot.draft.triggerPid !== null) foreign.add(key)
          const target = inside(seen, key) ?? startOfLog(seen, key)
          if (!target) return
          target.draft.triggerPid = event.pid
          target.draft.kernelRelease = detached(event.kernelRelease)
          return
        }
        case 'workqueue': {
          const slot = inside(seen, key)
          if (slot && /\bmoom_callback\b/.test(event.text)) slot.draft.sysrq = true
          return
        }
        case 'trace-frame': {
          const slot = inside(seen, key) ?? startOfLog(seen, key)
          if (slot && slot.draft.frames.length < REPORT_ROWS) {
            slot.draft.frames.push({ ...event, function: detached(event.function), offset: detached(event.offset) })
          }
          return
        }
        case 'stack-noise':
          inside(seen, key)
          return
        case 'allocation-failure':
          foreign.add(key)
          return
        case 'task-in-memcg': {
          const slot = part(seen, key, draft => draft.taskIn !== null || draft.rows.length > 0)
          slot.draft.taskIn = { taskMemcg: detached(event.taskMemcg), oomMemcg: detached(event.oomMemcg) }
          return
        }
        case 'memcg-usage': {
          const again = event.counter === 'memory'
          const slot = part(seen, key, draft => again && draft.usage.memory !== undefined)
          slot.draft.usage[event.counter] = event
          if (event.limitBytes === null) slot.draft.noLimitKb = Number(/limit (\d+)kB/.exec(record.message)?.[1] ?? 0)
          return
        }
        case 'memcg-stats': {
          // up to 5.2 one line for each cgroup under the limit, so seeing it again is no new report
          const slot = part(seen, key, draft => event.stats === null && draft.statPaths.size > 0)
          slot.statPath = detached(event.path ?? '')
          slot.draft.statPaths.set(slot.statPath, event.stats ?? {})
          return
        }
        case 'memcg-stat': {
          const slot = inside(seen, key)
          if (slot === null || slot.statPath === null) return
          const stats = slot.draft.statPaths.get(slot.statPath)
          if (stats && !(event.key in stats)) stats[detached(event.key)] = event.value
          return
        }
        case 'mem-info': {
          if (foreign.has(key)) return
          const slot = current(seen, key)
          if (slot && !slot.done && slot.draft.memInfo) close(key, slot)
          const target = inside(seen, key) ?? (open.has(key) ? null : begin(seen, key))
          if (!target) return
          touch(target, seen)
          target.draft.memInfo ??= emptyMemInfo()
          return
        }
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
          const slot = inside(seen, key) ?? startOfLog(seen, key)
          if (slot) {
            slot.draft.memInfo ??= emptyMemInfo()
            readMemInfo(slot.draft.memInfo, event)
          }
          return
        }
        case 'task-header': {
          if (event.columns === null) {
            part(seen, key, draft => draft.hasTable && draft.rows.length > 0)
            return
          }
          const slot = part(seen, key, draft => draft.columns !== null || draft.rows.length > 0)
          slot.draft.hasTable = true
          slot.draft.columns = tableColumns(event.columns)
          return
        }
        case 'task-row': {
          const slot = inside(seen, key) ?? startOfLog(seen, key)
          if (!slot || slot.draft.rows.length >= REPORT_ROWS) return
          const row = readTaskRow(event.pid, event.rest, slot.draft.columns)
          if (row) slot.draft.rows.push({ ...row, comm: detached(row.comm) })
          return
        }
        case 'oom-kill': {
          const continues = event.constraint === null
          const slot = part(seen, key, draft => !continues && draft.oomKill !== null && draft.oomKill.pid !== event.pid)
          const joined = joinOomKill(slot.draft.oomKill, event)
          slot.draft.oomKill = joined
          if (joined.pid !== null && slot.draft.victims.length === 0) {
            slot.draft.victims.push({ ...emptyVictim(joined.pid, joined.comm, seen), uid: joined.uid })
          }
          return
        }
        case 'kill-process':
          chooses(seen as Seen<KillProcess>, key)
          return
        case 'killed-process':
          kill(seen as Seen<KilledProcess>, key)
          return
        case 'oom-group': {
          const slot = current(seen, key)
          if (slot) {
            touch(slot, seen)
            slot.draft.groupPath = detached(event.path)
            return
          }
          const lone = begin(seen, key)
          touch(lone, seen)
          lone.draft.groupPath = detached(event.path)
          return
        }
        case 'oom-reaped':
          reapedAlone(seen, event.pid, event.comm)
          if (!reaped(seen, event.pid)) reapedWithoutKill(seen, event.pid, event.comm)
          return
        case 'oom-unreapable':
          for (const draft of recent) {
            if (draft.host === record.host && draft.victims.some(victim => victim.pid === event.pid)) {
              draft.unreapable.push({ pid: event.pid, moment: seen.moment, uptimeSeconds: record.uptimeSeconds })
              draft.places.push(placeOf(record, keepText))
            }
          }
          return
        case 'no-killable': {
          const slot = current(seen, key)
          const target = slot && !slot.done ? slot : begin(seen, key)
          touch(target, seen)
          target.draft.outcome = 'no-killable'
          handOn(target)
          return
        }
        case 'already-exiting': {
          const slot = current(seen, key)
          // in a group kill one member may already be on its way out: the kill is not undone by it
          if (!slot || slot.draft.outcome !== null) return
          touch(slot, seen)
          slot.draft.outcome = 'skipped'
          slot.draft.killScope ??= event.scope
          handOn(slot)
          return
        }
        case 'oom-panic': {
          const slot = current(seen, key)
          const target = slot && (!slot.done || slot.draft.victims.length === 0) ? slot : begin(seen, key)
          touch(target, seen)
          target.draft.outcome = 'panic'
          target.draft.panicReason = detached(event.reason)
          if (!target.done) handOn(target)
          return
        }
        case 'sysrq-oom':
          sysrqPending = !event.ignored
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
    passed: ({ host, ident }, { ms, from }) => {
      if (unfinished.size === 0) return
      // lines that name no host may be of several, those that name no program of several clocks
      if (host === null || ident === null) return
      for (const [slot, key] of unfinished) {
        const { draft, after } = slot
        if (draft.host !== host || draft.lastMoment === null || ms <= draft.lastMoment.ms) continue
        // each speaker against himself: his clock may be hours off that of the kernel's lines
        const speaker = `${from} ${ident}`
        const firstMs = after.get(speaker)
        if (firstMs === undefined && after.size < SPEAKERS) after.set(speaker, ms)
        else if (firstMs !== undefined && ms - firstMs > PASSED_MS) close(key, slot)
      }
    },
    end: () => {
      for (const key of [...chosenAlone.keys()]) chosenOnly(key)
      for (const [key, slot] of [...open]) close(key, slot)
    },
    closeBefore: ms => {
      for (const [key, slot] of [...open]) {
        const last = slot.draft.lastMoment
        if (last === null || last.ms < ms) close(key, slot)
      }
    },
    openSinceMs: () => {
      let oldest: number | null = null
      for (const { draft } of unfinished.keys()) {
        if (draft.moment && (oldest === null || draft.moment.ms < oldest)) oldest = draft.moment.ms
      }
      return oldest
    },
  }

  /** The start of each log is inside a report, as far as one can tell: it may have been cut out of the middle of one. */
  function startOfLog(seen: Seen, key: string): Slot | null {
    if (begun.has(key) || foreign.has(key) || seen.record.line.byteOffset > QUIET_BYTES) return null
    const slot = begin(seen, key)
    touch(slot, seen)
    return slot
  }
}

/** So long that the report or kill may have been handed out. */
function isLongBefore(
  { moment, uptimeSeconds }: Pick<ReportDraft, 'moment' | 'uptimeSeconds'>,
  { moment: now, record }: Seen,
): boolean {
  if (moment !== null && now !== null) return now.ms - moment.ms > MIXED_MS
  if (uptimeSeconds === null || record.uptimeSeconds === null) return false
  return (record.uptimeSeconds - uptimeSeconds) * 1000 > MIXED_MS
}

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
    taskMemcg: detached(whole.taskMemcg ?? next.taskMemcg),
    comm: detached(whole.comm ?? next.comm),
    pid: whole.pid ?? next.pid,
    uid: whole.uid ?? next.uid,
  }
}
