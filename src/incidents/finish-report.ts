/** A draft made whole: pages to bytes, constraint and outcome decided, the contract's `KernelReport`. */
import type { KeyedNumbers } from '../model/event.ts'
import type { Moment } from '../model/record.ts'
import type { Cgroup, Constraint, KernelReport, Process, Victim } from '../model/report.ts'
import { finishMemInfo, smallestBlock } from './mem-info.ts'
import { pageSize } from './page-size.ts'
import { pathOf } from './path-of.ts'
import { rowOf, type TaskRowCells } from './process-table.ts'
import type { ReportDraft, VictimDraft } from './report-draft.ts'

/** Whose shortage it was; `null` where the lines do not tell. */
export function constraintOf(draft: ReportDraft): Constraint | null {
  // Kernels 5.0 to 5.2 print CONSTRAINT_NONE for a limit, too; `global_oom` in place of `oom_memcg=` is right.
  if (draft.oomKill?.constraint === 'CONSTRAINT_NONE' && draft.oomKill.oomMemcg !== null) return 'memcg'
  switch (draft.oomKill?.constraint) {
    case 'CONSTRAINT_MEMCG':
      return 'memcg'
    case 'CONSTRAINT_NONE':
      return 'none'
    case 'CONSTRAINT_CPUSET':
      return 'cpuset'
    case 'CONSTRAINT_MEMORY_POLICY':
      return 'memory_policy'
  }
  if (draft.oomKill?.globalOom) return 'none'
  if (draft.oomKill?.oomMemcg) return 'memcg'
  if (draft.killScope !== null) return draft.killScope
  if (draft.taskIn || draft.usage.memory || draft.statPaths.size > 0) return 'memcg'
  if (draft.frames.some(frame => /^(mem_cgroup_(out_of_memory|oom_)|try_charge(_memcg)?\b)/.test(frame.function))) {
    return 'memcg'
  }
  if (draft.sysrq || draft.outcome === 'panic') return 'none'
  if (draft.memInfo && draft.header) return 'none'
  const certain = draft.frames.filter(frame => frame.certain)
  return draft.frames.some(frame => /^__alloc_pages_(may_oom|slowpath)/.test(frame.function)) ||
    // its slow path may be inlined
    certain.some(
      ({ function: name }, i) => name === 'out_of_memory' && /^__alloc_pages/.test(certain[i + 1]?.function ?? ''),
    )
    ? 'none'
    : null
}

export function taskMemcgOf(draft: ReportDraft): string | null {
  const told = draft.oomKill?.taskMemcg ?? draft.taskIn?.taskMemcg ?? null
  const group = draft.groupPath
  // a summary line that was cut inside the path: the group's line has it whole
  if (group !== null && (told === null || (group.startsWith(told) && group !== told))) return group
  return told === null ? null : completed(told, draft)
}

/** Whether the line may have stopped inside the path of {@link taskMemcgOf}. */
export function isTaskMemcgCut(draft: ReportDraft): boolean {
  if (draft.groupPath !== null) return false
  if (draft.oomKill?.taskMemcg) return draft.oomKill.comm === null
  return draft.taskIn !== null && draft.taskIn.oomMemcg === null
}

/** A path cut inside its last name, where the trigger ran in a cgroup of a name that begins so: the container's own. */
function completed(path: string, draft: ReportDraft): string {
  if (!isTaskMemcgCut(draft)) return path
  const cpuset = draft.cpuset ?? draft.oomKill?.cpuset ?? null
  const name = path.slice(path.lastIndexOf('/') + 1)
  const isPart = cpuset !== null && cpuset !== name && cpuset.startsWith(name) && pathOf(path).cut
  return isPart ? path.slice(0, path.length - name.length) + cpuset : path
}

/**
 * The cgroup whose limit was hit. Where neither `oom-kill:` nor `Task in` tells, `Memory cgroup stats for P` does: P is
 * that cgroup (5.3+), or the first of the subtree (up to 5.2), which the others are below unless its line is lost.
 */
export function oomMemcgOf(draft: ReportDraft): string | null {
  const told = draft.oomKill?.oomMemcg ?? draft.taskIn?.oomMemcg ?? null
  if ((told !== null && !isStatPathBetter(draft, told)) || draft.oomKill?.globalOom) return told
  const [first, ...others] = draft.statPaths.keys()
  return first && others.every(path => path.startsWith(first === '/' ? first : `${first}/`)) ? first : null
}

/** Whether lines that are cut leave open how far down the path of {@link oomMemcgOf} goes. */
export function isOomMemcgCut(draft: ReportDraft): boolean {
  const { oomKill, taskIn } = draft
  const told = oomKill?.oomMemcg ?? taskIn?.oomMemcg ?? null
  if (told === null || isStatPathBetter(draft, told)) return draft.statPathCut
  if (oomKill?.oomMemcg) return oomKill.oomMemcgCut
  // the limit is the victim's cgroup or one above it, so it does not end within a name
  const task = taskIn?.taskMemcg ?? null
  return !!task?.startsWith(told) && !`${task}/`.startsWith(told === '/' ? told : `${told}/`)
}

/** A summary line that was cut inside the path: the line of the figures has it whole. */
function isStatPathBetter(draft: ReportDraft, told: string): boolean {
  const [first] = draft.statPaths.keys()
  return draft.oomKill?.oomMemcgCut === true && !draft.statPathCut && !!first && first.startsWith(told)
}

export function finishReport(draft: ReportDraft): KernelReport {
  const bytes = pageBytes(draft)
  return {
    time: draft.moment?.iso ?? null,
    uptimeSeconds: draft.uptimeSeconds,
    kernelRelease: draft.kernelRelease,
    trigger: draft.header && {
      comm: draft.header.comm || null,
      pid: draft.triggerPid,
      gfpMask: draft.header.gfpMask || null,
      gfpFlags: draft.header.gfpFlags && [...draft.header.gfpFlags],
      order: draft.header.order,
      oomScoreAdj: draft.header.oomScoreAdj,
    },
    constraint: constraintOf(draft),
    taskMemcg: taskMemcgOf(draft),
    oomMemcg: oomMemcgOf(draft),
    memory: memoryOf(draft),
    node: draft.memInfo && finishMemInfo(draft.memInfo, bytes),
    processes: draft.rows.map(row => finishRow(row, bytes)),
    // written out: what is left of an object by a rest pattern is slow to make and slow to write
    callTrace: draft.frames.map(({ function: name, offset, module, certain }) => ({
      function: name,
      offset,
      module,
      certain,
    })),
    victims: draft.victims.map(victim => finishVictim(withRow(victim, draft.rows), null)),
    outcome: draft.outcome,
    panicReason: draft.panicReason,
    allocatingTask: draft.allocatingTask,
    complete: draft.header !== null && draft.outcome !== null,
  }
}

/** What the kill line of older kernels leaves out stands in the victim's row of the table. */
export function withRow(victim: VictimDraft, rows: readonly TaskRowCells[]): VictimDraft {
  if (victim.uid !== null && victim.oomScoreAdj !== null) return victim
  const row = rowOf(rows, victim.pid)
  return row ? { ...victim, uid: victim.uid ?? row.uid, oomScoreAdj: victim.oomScoreAdj ?? row.oomScoreAdj } : victim
}

export function finishVictim(victim: VictimDraft, containerId: string | null): Victim {
  return {
    pid: victim.pid,
    comm: victim.comm || null,
    uid: victim.uid,
    totalVmBytes: victim.totalVmBytes,
    anonRssBytes: victim.anonRssBytes,
    fileRssBytes: victim.fileRssBytes,
    shmemRssBytes: victim.shmemRssBytes,
    pageTableBytes: victim.pageTableBytes,
    oomScoreAdj: victim.oomScoreAdj,
    score: victim.score,
    containerId,
    time: isoOf(victim.moment),
    reapedAt: isoOf(victim.reaped),
  }
}

function isoOf(moment: Moment | null): string | null {
  return moment?.iso ?? null
}

function pageBytes(draft: ReportDraft): number {
  const victim = draft.victims[0]
  const row = victim && rowOf(draft.rows, victim.pid)
  const rssBytes =
    victim && victim.anonRssBytes !== null
      ? victim.anonRssBytes + (victim.fileRssBytes ?? 0) + (victim.shmemRssBytes ?? 0)
      : null
  return pageSize({
    smallestBlockBytes: draft.memInfo && smallestBlock(draft.memInfo),
    noLimitKb: draft.noLimitKb,
    kernelRelease: draft.kernelRelease,
    victim:
      row && rssBytes !== null
        ? { rssPages: row.rssPages, rssBytes, totalVmPages: row.totalVmPages, totalVmBytes: victim.totalVmBytes }
        : null,
  })
}

function finishRow(row: TaskRowCells, bytes: number): Process {
  const scaled = (pages: number | null) => (pages === null ? null : pages * bytes)
  return {
    pid: row.pid,
    tgid: row.tgid,
    uid: row.uid,
    comm: row.comm,
    totalVmBytes: row.totalVmPages * bytes,
    rssBytes: row.rssPages * bytes,
    rssAnonBytes: scaled(row.rssAnonPages),
    rssFileBytes: scaled(row.rssFilePages),
    rssShmemBytes: scaled(row.rssShmemPages),
    pageTableBytes: row.pageTableBytes ?? scaled(row.pageTablePages),
    swapBytes: scaled(row.swapPages),
    oomScoreAdj: row.oomScoreAdj,
  }
}

/** `null` where the report has no line about the cgroup's memory. */
function memoryOf(draft: ReportDraft): Cgroup | null {
  const { usage } = draft
  const swap = usage.swap ?? usage['memory+swap']
  const taskPath = taskMemcgOf(draft)
  const limitPath = oomMemcgOf(draft)
  if (!usage.memory && !swap && !usage.kmem && draft.statPaths.size === 0) return null
  return {
    taskPath,
    limitPath,
    unit: null,
    usageBytes: usage.memory?.usageBytes ?? null,
    limitBytes: usage.memory?.limitBytes ?? null,
    failcnt: usage.memory?.failcnt ?? null,
    swapUsageBytes: swap?.usageBytes ?? null,
    swapLimitBytes: swap?.limitBytes ?? null,
    kmemUsageBytes: usage.kmem?.usageBytes ?? null,
    kmemLimitBytes: usage.kmem?.limitBytes ?? null,
    stats: statsOf(draft, limitPath),
  }
}

/** A record of printk holds about this much text; in one that is as long, the last number may be cut. */
const FULL_RECORD = { from: 960, to: 1000 }

/**
 * memory.stat of the limited cgroup. Up to 5.2 there is a line for each cgroup below the limit, each without its
 * children: their sum is the limited cgroup's.
 */
function statsOf(draft: ReportDraft, limitPath: string | null): KeyedNumbers {
  const paths = [...draft.statPaths]
  if (paths.length > 1) {
    const sum: KeyedNumbers = {}
    for (const [path, stats] of paths) {
      if (limitPath !== null && path !== limitPath && !path.startsWith(`${limitPath === '/' ? '' : limitPath}/`))
        continue
      for (const [key, value] of Object.entries(stats)) sum[key] = (sum[key] ?? 0) + value
    }
    return sum
  }
  const stats = { ...paths[0]?.[1] }
  const keys = Object.keys(stats)
  const last = keys.at(-1)
  const printed = keys.reduce((length, key) => length + key.length + String(stats[key]).length + 2, -1)
  if (last !== undefined && printed >= FULL_RECORD.from && printed <= FULL_RECORD.to) delete stats[last]
  return stats
}
