/**
 * One recognised sentence. A union on `kind`; the recogniser of that kind documents its source.
 *
 * Sizes are bytes (kB and pages are converted by the reader), except where a name ends in `Pages`: pages become bytes in
 * one place (`incidents/page-size.ts`), when the report that shows the page size is whole.
 */
export type LogEvent = KernelEvent | RuntimeEventSeen | NodeEvent

/** Numbers by the kernel's own key. */
export type KeyedNumbers = Record<string, number>

/* ---------------------------------------------------------------- kernel */

export interface OomHeader {
  readonly kind: 'oom-header'
  readonly comm: string
  /** As printed: `0xd0`. */
  readonly gfpMask: string
  /** Names in parentheses (4.6+), else null. */
  readonly gfpFlags: readonly string[] | null
  /** null where the line is cut before it. */
  readonly order: number | null
  readonly oomScoreAdj: number | null
  /** A list of nodes (`0-1`); null when absent or `(null)`. */
  readonly nodemask: string | null
}
/** `java cpuset=3f1e…9a mems_allowed=0` (up to 4.19). */
export interface OomCpuset {
  readonly kind: 'oom-cpuset'
  readonly comm: string
  readonly cpuset: string
  readonly memsAllowed: string | null
}
/** `CPU: 3 PID: 1234 Comm: java Not tainted 5.4.0-100-generic #113-Ubuntu`. */
export interface DumpStackCpu {
  readonly kind: 'dump-stack'
  readonly pid: number
  readonly comm: string
  readonly kernelRelease: string | null
}
/** `Workqueue: events moom_callback`. */
export interface Workqueue {
  readonly kind: 'workqueue'
  readonly text: string
}
export interface TraceFrame {
  readonly kind: 'trace-frame'
  readonly function: string
  /** As printed, `0x254/0x3e0`. */
  readonly offset: string
  readonly module: string | null
  /** false for frames that the unwinder marks with `?`. */
  readonly certain: boolean
}
/** Lines of a stack dump that carry no fact for us: registers, `Call Trace:`, `<TASK>`, `Hardware name:`, raw stack words. */
export interface StackNoise {
  readonly kind: 'stack-noise'
}
/** `Task in A killed as a result of limit of B`; `taskMemcg` null for `Memory limit reached of cgroup B`; `oomMemcg` null when cut. */
export interface TaskInMemcg {
  readonly kind: 'task-in-memcg'
  readonly taskMemcg: string | null
  readonly oomMemcg: string | null
}
export interface MemcgUsage {
  readonly kind: 'memcg-usage'
  readonly counter: 'memory' | 'memory+swap' | 'swap' | 'kmem'
  readonly usageBytes: number
  /** null: no limit. */
  readonly limitBytes: number | null
  /** null where the line is cut before it. */
  readonly failcnt: number | null
}
/** `Memory cgroup stats for P:`; `stats` holds the one-line form's numbers (bytes), null in the block form. */
export interface MemcgStats {
  readonly kind: 'memcg-stats'
  readonly path: string | null
  /** The line stops where the path may go on. */
  readonly pathCut: boolean
  readonly stats: KeyedNumbers | null
}
/** A line of the block form: `anon 267681792`. Kernel's own key and number, unit as the kernel has it. */
export interface MemcgStat {
  readonly kind: 'memcg-stat'
  readonly key: string
  readonly value: number
}
/** `Mem-Info:` */
export interface MemInfo {
  readonly kind: 'mem-info'
}
/** A line of the first Mem-Info record (`active_anon:1837 inactive_anon:…`): pages. */
export interface MemInfoPages {
  readonly kind: 'mem-info-pages'
  readonly pages: KeyedNumbers
}
/** `Node 0 active_anon:7348kB … all_unreclaimable? yes`. Bytes. */
export interface MemInfoNode {
  readonly kind: 'mem-info-node'
  readonly node: number
  readonly stats: KeyedNumbers
  readonly allUnreclaimable: boolean | null
}
/** `Node 0 DMA free:14848kB min:128kB …`. Bytes. */
export interface MemInfoZone {
  readonly kind: 'mem-info-zone'
  readonly node: number
  readonly zone: string
  readonly stats: KeyedNumbers
}
/** `lowmem_reserve[]: 0 2963 7948 7948`. Belongs to the zone line before it. */
export interface LowmemReserve {
  readonly kind: 'lowmem-reserve'
  readonly pages: readonly number[]
}
/** `Node 0 DMA: 1*4kB (U) 0*8kB … = 14336kB`. */
export interface BuddyList {
  readonly kind: 'buddy-list'
  readonly node: number
  readonly zone: string
  readonly blocks: readonly { readonly sizeBytes: number; readonly count: number; readonly types: string | null }[]
  readonly totalBytes: number | null
}
/** `Node 0 hugepages_total=0 hugepages_free=0 hugepages_surp=0 hugepages_size=2048kB`. */
export interface HugePages {
  readonly kind: 'huge-pages'
  readonly node: number
  readonly total: number
  readonly free: number
  readonly surplus: number
  readonly sizeBytes: number
}
/** `2097051 pages RAM`, `57312 pages reserved`, `2596 total pagecache pages`, `0 pages in swap cache`, …; `key` as printed, joined: `pages RAM`, `total pagecache pages`. */
export interface PageTotal {
  readonly kind: 'page-total'
  readonly key: string
  readonly pages: number
}
/** `Free swap  = 0kB`, `Total swap = 0kB`. */
export interface SwapTotal {
  readonly kind: 'swap-total'
  readonly which: 'free' | 'total'
  readonly bytes: number
}
/** `Unreclaimable slab info:` and its column header. */
export interface SlabHead {
  readonly kind: 'slab-head'
}
/** `kmalloc-8k            1234KB       1240KB`. */
export interface SlabRow {
  readonly kind: 'slab-row'
  readonly name: string
  readonly usedBytes: number
  readonly totalBytes: number
}
/** `[  pid  ]   uid  tgid total_vm …`; also `Tasks state (memory values in pages):` with `columns` null. */
export interface TaskHeader {
  readonly kind: 'task-header'
  /** Column names in order, `name` last (even when the line is cut inside the last word); null for the intro line. */
  readonly columns: readonly string[] | null
}
/** A row of the process table. Which number means what depends on the header: `incidents/process-table.ts` reads `rest`. */
export interface TaskRow {
  readonly kind: 'task-row'
  readonly pid: number
  /** Everything after the closing bracket, not trimmed at its end. */
  readonly rest: string
}
/** `oom-kill:constraint=…`. Parts that a torn line lost are null. */
export interface OomKill {
  readonly kind: 'oom-kill'
  /** `CONSTRAINT_MEMCG`, … as printed. */
  readonly constraint: string | null
  readonly nodemask: string | null
  readonly cpuset: string | null
  readonly memsAllowed: string | null
  readonly globalOom: boolean
  readonly oomMemcg: string | null
  /** The line stops where `oomMemcg` may go on. */
  readonly oomMemcgCut: boolean
  readonly taskMemcg: string | null
  readonly comm: string | null
  readonly pid: number | null
  readonly uid: number | null
}
/** What the words before `Kill(ed) process` say. */
export type KillScope = 'memcg' | 'none' | 'cpuset' | 'memory_policy'
/** `…: Kill process N (x) score S or sacrifice child` (up to 5.0): the task chosen, which is not always the one that dies. */
export interface KillProcess {
  readonly kind: 'kill-process'
  readonly scope: KillScope | null
  readonly allocatingTask: boolean
  readonly pid: number
  readonly comm: string
  readonly score: number | null
}
/** `Killed process N (x) total-vm:…`: who died. */
export interface KilledProcess {
  readonly kind: 'killed-process'
  /** null: the second of two lines (up to 5.0), which does not say. */
  readonly scope: KillScope | null
  readonly allocatingTask: boolean
  readonly pid: number
  readonly comm: string
  readonly uid: number | null
  readonly totalVmBytes: number | null
  readonly anonRssBytes: number | null
  readonly fileRssBytes: number | null
  readonly shmemRssBytes: number | null
  readonly pageTableBytes: number | null
  readonly oomScoreAdj: number | null
}
/** `oom_reaper: reaped process N (x), now anon-rss:0kB, …`. */
export interface OomReaped {
  readonly kind: 'oom-reaped'
  readonly pid: number
  readonly comm: string
  readonly anonRssBytes: number | null
}
/** `oom_reaper: unable to reap pid:N (x)`. */
export interface OomUnreapable {
  readonly kind: 'oom-unreapable'
  readonly pid: number
  readonly comm: string
}
/** `Tasks in P are going to be killed due to memory.oom.group set`. */
export interface OomGroup {
  readonly kind: 'oom-group'
  readonly path: string
}
/** `Out of memory and no killable processes...`. */
export interface NoKillable {
  readonly kind: 'no-killable'
}
/** `… OOM victim N (x) is already exiting. Skip killing the task`. */
export interface AlreadyExiting {
  readonly kind: 'already-exiting'
  readonly scope: KillScope | null
  readonly pid: number
  readonly comm: string
}
/** `Kernel panic - not syncing: …` of an OOM. */
export interface OomPanic {
  readonly kind: 'oom-panic'
  readonly reason: string
}
/** `sysrq: Manual OOM execution`; `ignored` for `OOM request ignored`. */
export interface SysrqOom {
  readonly kind: 'sysrq-oom'
  readonly ignored: boolean
}
/** `oom_kill_process: 12 callbacks suppressed`, `dump_header: …`. */
export interface CallbacksSuppressed {
  readonly kind: 'callbacks-suppressed'
  readonly function: string
  readonly count: number
}
/** `Linux version 5.15.0-1053-azure (…)`: a boot. */
export interface LinuxVersion {
  readonly kind: 'linux-version'
  readonly kernelRelease: string
}
/** `x: page allocation failure: order:4, mode:0x…`: followed by a stack and Mem-Info like a report, but it is none. */
export interface AllocationFailure {
  readonly kind: 'allocation-failure'
  readonly comm: string
}

export type KernelEvent =
  | OomHeader
  | OomCpuset
  | DumpStackCpu
  | Workqueue
  | TraceFrame
  | StackNoise
  | TaskInMemcg
  | MemcgUsage
  | MemcgStats
  | MemcgStat
  | MemInfo
  | MemInfoPages
  | MemInfoNode
  | MemInfoZone
  | LowmemReserve
  | BuddyList
  | HugePages
  | PageTotal
  | SwapTotal
  | SlabHead
  | SlabRow
  | TaskHeader
  | TaskRow
  | OomKill
  | KillProcess
  | KilledProcess
  | OomReaped
  | OomUnreapable
  | OomGroup
  | NoKillable
  | AlreadyExiting
  | OomPanic
  | SysrqOom
  | CallbacksSuppressed
  | LinuxVersion
  | AllocationFailure

/* ------------------------------------------------- container runtimes, kubelet */

/** The stamp inside the sender's own text (`time="…"` of containerd), where there is one: more precise than the envelope's. */
export interface OwnStamp {
  /** Epoch ms; null where the text has no stamp of its own. */
  readonly ownMs: number | null
  /** ISO 8601 as printed, nanoseconds kept. */
  readonly ownIso: string | null
}

/** `TaskOOM event …`. The id may be a sandbox's, or not hexadecimal (`ctr`). */
export interface TaskOom extends OwnStamp {
  readonly kind: 'task-oom'
  readonly containerId: string
  /** Of a line of `docker events`. */
  readonly docker?: DockerLabels
}
/** Whose a container is, as the kubelet's labels on it say. */
export interface DockerLabels {
  readonly name: string | null
  readonly podName: string | null
  readonly namespace: string | null
  readonly podUid: string | null
  readonly sandboxId: string | null
  readonly image: string | null
}
/** An exit, told by the runtime. */
export interface TaskExit extends OwnStamp {
  readonly kind: 'task-exit'
  readonly containerId: string
  /** The process's id in the runtime; equal to `containerId` for the container's first process, else an exec. */
  readonly execId: string | null
  readonly pid: number | null
  readonly exitStatus: number | null
  /** Of a line of `docker events`. */
  readonly docker?: DockerLabels
}
/** A sandbox got its id. */
export interface SandboxCreated extends OwnStamp {
  readonly kind: 'sandbox-created'
  readonly sandboxId: string
  readonly podName: string | null
  readonly namespace: string | null
  readonly podUid: string | null
  readonly attempt: number | null
}
/** A container got its id. */
export interface ContainerCreated extends OwnStamp {
  readonly kind: 'container-created'
  readonly containerId: string
  readonly sandboxId: string | null
  readonly name: string | null
  readonly attempt: number | null
  readonly podName: string | null
  readonly namespace: string | null
  readonly podUid: string | null
  readonly image: string | null
}
/** A container's first process began. */
export interface ContainerStarted extends OwnStamp {
  readonly kind: 'container-started'
  readonly containerId: string
}
/** A line that says whose a container id is, and nothing else that we use (kubelet's PLEG, `Killing container`, …). */
export interface ContainerNamed extends OwnStamp {
  readonly kind: 'container-named'
  readonly containerId: string
  readonly name: string | null
  readonly podName: string | null
  readonly namespace: string | null
  readonly podUid: string | null
  /** `ContainerDied`, `ContainerStarted`, `Killing`, … where the line is about an event of the container. */
  readonly event: string | null
  readonly exitCode: number | null
}
/** Says whose a pod uid is (`SyncLoop ADD`, back-off lines): helps to name a pod known by uid only. */
export interface PodNamed extends OwnStamp {
  readonly kind: 'pod-named'
  readonly podName: string
  readonly namespace: string
  readonly podUid: string | null
  /** Container the line is about (back-off), else null. */
  readonly name: string | null
  /** `BackOff`, `SyncLoop ADD`, … */
  readonly event: string | null
}

export type RuntimeEventSeen =
  | TaskOom
  | TaskExit
  | SandboxCreated
  | ContainerCreated
  | ContainerStarted
  | ContainerNamed
  | PodNamed

/* ------------------------------------------------- the node's daemons */

/** systemd: `X: A process of this unit has been killed by the OOM killer.`, `X: Failed with result 'oom-kill'.` */
export interface UnitOomKilled {
  readonly kind: 'unit-oom-killed'
  readonly unit: string
  readonly text: string
}
/** systemd-oomd or earlyoom killed something in user space. */
export interface UserspaceKilled extends OwnStamp {
  readonly kind: 'userspace-killed'
  readonly by: 'systemd-oomd' | 'earlyoom' | 'oomd' | 'talos'
  /** cgroup path, for killers of cgroups. */
  readonly path: string | null
  readonly pid: number | null
  readonly comm: string | null
  readonly uid: number | null
  readonly rssBytes: number | null
  readonly text: string
}
/** The kubelet evicted a pod for memory. */
export interface PodEvicted extends OwnStamp {
  readonly kind: 'pod-evicted'
  readonly podName: string
  readonly namespace: string
  readonly podUid: string | null
  readonly text: string
}
/** The node is short of memory, as the kubelet says it (`NodeHasInsufficientMemory`, `must evict pod(s)`), or `SystemOOM`. */
export interface NodeMemoryPressure extends OwnStamp {
  readonly kind: 'node-memory-pressure'
  readonly event: string
  readonly text: string
}
/** Messages were lost: rsyslog, journald or printk says so. `count` null where it does not say how many. */
export interface MessagesLost {
  readonly kind: 'messages-lost'
  readonly by: string
  readonly count: number | null
  readonly text: string
}

export type NodeEvent = UnitOomKilled | UserspaceKilled | PodEvicted | NodeMemoryPressure | MessagesLost
