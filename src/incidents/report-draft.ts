/** A kernel report while its lines come in: the parts as read, pages not yet bytes. `finish-report.ts` makes it whole. */
import type {
  BuddyList,
  HugePages,
  KeyedNumbers,
  KillScope,
  MemcgUsage,
  MemInfoNode,
  OomHeader,
  OomKill,
  SlabRow,
  TraceFrame,
} from '../model/event.ts'
import type { Moment } from '../model/record.ts'
import type { TaskRowCells } from './process-table.ts'
import { detached, detachedMoment, type Place, type Seen, stampAsPrinted } from './seen.ts'

/** Someone who was killed, as far as lines have told. */
export interface VictimDraft {
  readonly pid: number
  comm: string | null
  uid: number | null
  totalVmBytes: number | null
  anonRssBytes: number | null
  fileRssBytes: number | null
  shmemRssBytes: number | null
  pageTableBytes: number | null
  oomScoreAdj: number | null
  score: number | null
  moment: Moment | null
  uptimeSeconds: number | null
  reaped: Moment | null
  reapedUptimeSeconds: number | null
  /** False while only `oom-kill:` has named it. */
  killLine: boolean
}

export interface ZoneDraft {
  readonly node: number
  readonly zone: string
  readonly stats: KeyedNumbers
  lowmemReservePages: readonly number[]
  buddy: BuddyList | null
}

export interface MemInfoDraft {
  readonly pages: KeyedNumbers
  readonly nodes: MemInfoNode[]
  readonly zones: ZoneDraft[]
  readonly hugePages: HugePages[]
  readonly slab: SlabRow[]
  readonly totals: KeyedNumbers
  swapFreeBytes: number | null
  swapTotalBytes: number | null
}

export interface ReportDraft {
  readonly log: number
  readonly boot: number
  host: string | null
  /** Of its first line. */
  moment: Moment | null
  readonly uptimeSeconds: number | null
  /** Stamp of its first line as printed. */
  readonly stamp: string
  /** Of its newest line. */
  lastMoment: Moment | null
  lastUptimeSeconds: number | null

  header: OomHeader | null
  triggerPid: number | null
  kernelRelease: string | null
  /** Last component of the trigger's cpuset (up to 4.19): weak evidence of a container. */
  cpuset: string | null
  frames: TraceFrame[]
  taskIn: { taskMemcg: string | null; oomMemcg: string | null } | null
  usage: Partial<Record<MemcgUsage['counter'], MemcgUsage>>
  noLimitKb: number | null
  /** By path; '' where the kernel did not name it. */
  statPaths: Map<string, KeyedNumbers>
  /** The newest of these, to which figures on lines of their own belong. */
  statPath: string | null
  /** The line of the first of them stops where the path may go on. */
  statPathCut: boolean
  memInfo: MemInfoDraft | null
  columns: readonly string[] | null
  hasTable: boolean
  rows: TaskRowCells[]
  oomKill: OomKill | null
  /** `Kill process` (up to 5.0) or the words before `Killed process`. */
  killScope: KillScope | null
  allocatingTask: boolean
  /** Whom `Kill process` named; without a victim all that is known. */
  chosen: { readonly pid: number; readonly comm: string | null } | null
  victims: VictimDraft[]
  /** memory.oom.group: the cgroup that dies as a whole. */
  groupPath: string | null
  outcome: 'killed' | 'panic' | 'no-killable' | 'skipped' | null
  panicReason: string | null
  sysrq: boolean
  /** Processes whose memory oom_reaper could not free. */
  unreapable: { readonly pid: number; readonly moment: Moment | null; readonly uptimeSeconds: number | null }[]
  places: Place[]
}

/** Most rows, frames and places kept of one report; what is beyond is counted by the assembler's warning. */
export const REPORT_ROWS = 100_000

export function emptyMemInfo(): MemInfoDraft {
  return {
    pages: {},
    nodes: [],
    zones: [],
    hugePages: [],
    slab: [],
    totals: {},
    swapFreeBytes: null,
    swapTotalBytes: null,
  }
}

/**
 * Whether the draft is about an OOM at all. A stack trace or a Mem-Info alone is not: hung tasks, failed allocations and
 * SysRq-m print those, too.
 */
export function isOomReport(draft: ReportDraft): boolean {
  return (
    draft.header !== null ||
    draft.oomKill !== null ||
    draft.taskIn !== null ||
    draft.outcome !== null ||
    draft.victims.length > 0 ||
    draft.killScope !== null ||
    draft.groupPath !== null ||
    draft.usage.memory !== undefined ||
    draft.rows.length > 0 ||
    draft.frames.some(frame => /^dump_header\b/.test(frame.function))
  )
}

export function newDraft(seen: Seen): ReportDraft {
  const { record, moment } = seen
  return {
    log: seen.log,
    boot: seen.boot,
    host: detached(record.host),
    moment: detachedMoment(moment),
    uptimeSeconds: record.uptimeSeconds,
    stamp: stampAsPrinted(seen),
    lastMoment: moment,
    lastUptimeSeconds: record.uptimeSeconds,
    header: null,
    triggerPid: null,
    kernelRelease: null,
    cpuset: null,
    frames: [],
    taskIn: null,
    usage: {},
    noLimitKb: null,
    statPaths: new Map(),
    statPath: null,
    statPathCut: false,
    memInfo: null,
    columns: null,
    hasTable: false,
    rows: [],
    oomKill: null,
    killScope: null,
    allocatingTask: false,
    chosen: null,
    victims: [],
    groupPath: null,
    outcome: null,
    panicReason: null,
    sysrq: false,
    unreapable: [],
    places: [],
  }
}
