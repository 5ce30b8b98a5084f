/**
 * Why this process: the kernel's score, from the printed table.
 *
 * points = resident + page tables + swapped out + oom_score_adj × (total / 1000), in pages. Kernels up to 4.16 take up to
 * 3 % off for processes of an administrator, which the table does not show; 2.6.32 prints no swap column, so its score
 * cannot be had again.
 *
 * @see torvalds/linux mm/oom_kill.c oom_badness(), constrained_alloc()
 */
import type { Cgroup, KernelReport, Process } from '../model/report.ts'
import { isVersion1, managedBytes, rowOf } from './facts.ts'
import { pageBytes } from './zone-headroom.ts'

export interface Total {
  /** What a thousandth of oom_score_adj is taken of. */
  readonly lowBytes: number
  /** Above `lowBytes` where the log does not tell how much swap there is to be used. */
  readonly highBytes: number
}

const memcgTotal = (memory: Cgroup, report: KernelReport): Total | null => {
  const limit = memory.limitBytes
  if (limit === null) return null
  const room =
    memory.swapLimitBytes === null ? null : Math.max(0, memory.swapLimitBytes - (isVersion1(memory) ? limit : 0))
  if (room === 0) return { lowBytes: limit, highBytes: limit }
  const known = report.node?.swapTotalBytes
  if (known !== null && known !== undefined) {
    const swap = room === null ? known : Math.min(room, known)
    return { lowBytes: limit + swap, highBytes: limit + swap }
  }
  return { lowBytes: limit, highBytes: limit + (room ?? limit) }
}

/** Null when a line that it needs is missing. */
export const badnessTotal = (report: KernelReport): Total | null => {
  if (report.constraint === 'memcg') return report.memory ? memcgTotal(report.memory, report) : null
  const { node } = report
  if (!node || node.swapTotalBytes === null) return null
  if (report.constraint === 'none') {
    const managed = managedBytes(node)
    const total = managed === null ? null : managed + node.swapTotalBytes
    return total === null ? null : { lowBytes: total, highBytes: total }
  }
  if (report.constraint === null) return null
  // cpuset, memory policy: the allowed nodes alone are printed.
  const present = node.zones.map(zone => zone.stats['present'])
  if (present.length === 0 || present.some(value => value === undefined)) return null
  const total = present.reduce<number>((sum, value) => sum + (value ?? 0), 0) + node.swapTotalBytes
  return { lowBytes: total, highBytes: total }
}

export interface Ranked {
  readonly row: Process
  /** Index in `processes`. */
  readonly index: number
  /** Resident + page tables + swapped out. */
  readonly memoryBytes: number
  /** What oom_score_adj adds or takes. */
  readonly adjBytes: number
  readonly pointsBytes: number
}

export interface Badness {
  readonly total: Total
  /** Rows that may be killed, highest score first. */
  readonly ranking: readonly Ranked[]
  /** Where the victim stands, from 1. */
  readonly victimRank: number
  readonly victim: Ranked
  /** The best of the others. */
  readonly next: Ranked | null
  /** The row with most memory of its own, whatever its adj, also one that may not be killed. */
  readonly biggest: Ranked
  /** The victim is first, or so close behind that the 3 % of an administrator explain it. */
  readonly explained: boolean
}

const memoryOf = (row: Process): number => (row.rssBytes ?? 0) + (row.pageTableBytes ?? 0) + (row.swapBytes ?? 0)

const rank = (processes: readonly Process[], total: number, page: number): Ranked[] => {
  const thousandth = Math.floor(Math.floor(total / page) / 1000) * page
  const rows: Ranked[] = []
  for (const [index, row] of processes.entries()) {
    if (row.tgid === 1 || row.oomScoreAdj === null || row.oomScoreAdj <= -1000) continue
    const memoryBytes = memoryOf(row)
    const adjBytes = row.oomScoreAdj * thousandth
    rows.push({ row, index, memoryBytes, adjBytes, pointsBytes: memoryBytes + adjBytes })
  }
  return rows.sort((a, b) => b.pointsBytes - a.pointsBytes)
}

/** The row with most memory, those that may not be killed included. */
const weigh = (processes: readonly Process[], ranking: readonly Ranked[], first: Ranked): Ranked => {
  const most = ranking.reduce((best, each) => (each.memoryBytes > best.memoryBytes ? each : best), first)
  return processes.reduce((best, row, index) => {
    const memoryBytes = memoryOf(row)
    return memoryBytes > best.memoryBytes ? { row, index, memoryBytes, adjBytes: 0, pointsBytes: 0 } : best
  }, most)
}

const compute = (report: KernelReport): Badness | null => {
  const victim = report.victims[0]
  const total = badnessTotal(report)
  if (!victim || !total || report.processes.length === 0) return null
  if (report.processes.some(row => row.swapBytes === null || row.rssBytes === null || row.oomScoreAdj === null))
    return null
  const own = rowOf(report.processes, victim)
  if (!own) return null
  const page = report.node ? pageBytes(report.node) : 4096
  const low = rank(report.processes, total.lowBytes, page)
  const high = total.highBytes === total.lowBytes ? low : rank(report.processes, total.highBytes, page)
  const place = low.findIndex(each => each.row === own)
  if (place < 0 || high.findIndex(each => each.row === own) !== place) return null
  const first = low[0]
  const chosen = low[place]
  if (!first || !chosen) return null
  // Only a kernel that prints the score (up to 5.0) may have taken something off for an administrator.
  const allowance = victim.score === null ? 0 : 0.03 * Math.max(total.lowBytes, first.memoryBytes)
  // Pages move between the choice and the print, by a few.
  const slack = allowance + 64 * page
  return {
    total,
    ranking: low,
    victimRank: place + 1,
    victim: chosen,
    next: low.find(each => each.row !== own) ?? null,
    biggest: weigh(report.processes, low, first),
    explained: first.pointsBytes - chosen.pointsBytes <= slack,
  }
}

// Several rules ask for the same report, and the table of a big node is long.
const computed = new WeakMap<KernelReport, Badness | null>()

/**
 * Null when the table or the total is missing, when the table has no swap column, when the victim is not in it, or when
 * the answer hangs on how much swap there was and the log does not say.
 */
export const badness = (report: KernelReport): Badness | null => {
  let answer = computed.get(report)
  if (answer === undefined) {
    answer = compute(report)
    computed.set(report, answer)
  }
  return answer
}
