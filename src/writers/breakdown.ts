/** Where the memory was: the few figures of memory.stat or Mem-Info that matter, largest first. */
import type { Cgroup, NodeMemory } from '../model/report.ts'
import { formatBytes, formatShare } from './format.ts'

export interface Part {
  readonly name: string
  readonly bytes: number
}

type Stats = Readonly<Record<string, number>>

/** Kernel memory by its parts; `kernel` (5.18 and later) is their sum and more. */
const kernelParts: readonly (readonly [keys: readonly string[], name: string])[] = [
  [['kernel_stack'], 'kernel stacks'],
  [['pagetables', 'sec_pagetables'], 'page tables'],
  [['percpu'], 'per-CPU'],
  [['vmalloc'], 'vmalloc'],
  [['zswap'], 'zswap'],
]

const sumOf = (stats: Stats, keys: readonly string[]): number => keys.reduce((sum, key) => sum + (stats[key] ?? 0), 0)
const total = (parts: readonly Part[]): number => parts.reduce((sum, { bytes }) => sum + bytes, 0)

/** File pages apart from tmpfs and shared memory, which the kernel counts among them; together where it does not tell. */
function filePages(file: number, shmem: number | undefined): Part[] {
  if (shmem === undefined) return [{ name: 'file cache', bytes: file }]
  return [
    { name: 'file cache', bytes: Math.max(0, file - shmem) },
    { name: 'tmpfs and shared', bytes: shmem },
  ]
}

/** The keys of cgroup v2, also of RHEL 8 on v1. `whole`: nothing was cut, so that what is left over is a fact. */
function modern({ stats, kmemUsageBytes }: Cgroup): { parts: Part[]; whole: boolean } {
  const slab = stats['slab'] ?? sumOf(stats, ['slab_reclaimable', 'slab_unreclaimable'])
  const told = [
    { name: 'slab', bytes: slab },
    ...kernelParts.map(([keys, name]) => ({ name, bytes: sumOf(stats, keys) })),
  ]
  // cgroup v1 with the keys of v2 (RHEL 8) has the sum in a counter of its own.
  const kernel = stats['kernel'] ?? kmemUsageBytes ?? undefined
  if (kernel !== undefined) told.push({ name: 'other kernel memory', bytes: Math.max(0, kernel - total(told)) })
  const parts = [
    { name: 'anonymous', bytes: stats['anon'] ?? 0 },
    ...filePages(stats['file'] ?? 0, stats['shmem']),
    { name: 'sockets', bytes: stats['sock'] ?? 0 },
    ...told,
  ]
  const hasSlab = stats['slab'] !== undefined || stats['slab_unreclaimable'] !== undefined
  return { parts, whole: stats['file'] !== undefined && (kernel !== undefined || hasSlab) }
}

/** The one line of v1, whose `rss` is anonymous memory. Without `total_` its figures leave out the children. */
function old({ stats, kmemUsageBytes }: Cgroup): { parts: Part[]; whole: boolean } {
  const hierarchical = stats['total_rss'] !== undefined
  const of = (key: string) => (hierarchical ? stats[`total_${key}`] : stats[key])
  const parts = [
    { name: 'anonymous', bytes: of('rss') ?? 0 },
    ...filePages(of('cache') ?? 0, of('shmem')),
    { name: 'kernel memory', bytes: kmemUsageBytes ?? 0 },
  ]
  return { parts, whole: hierarchical && of('cache') !== undefined && kmemUsageBytes !== null }
}

/** What the use was made of, adding up to it: parts of at least 1 %, the small ones together, what no figure explains. */
export function cgroupParts(cgroup: Cgroup): Part[] {
  const { stats, usageBytes } = cgroup
  const { parts, whole } = stats['anon'] === undefined ? old(cgroup) : modern(cgroup)
  const told = largest(parts, usageBytes ?? cgroup.limitBytes, whole && usageBytes !== null)
  const swapped = stats['anon'] === undefined ? (stats['total_swap'] ?? stats['swap'] ?? 0) : 0
  return swapped >= (usageBytes ?? 0) / 100 && swapped > 0
    ? [...told, { name: 'beside it, swapped out', bytes: swapped }]
    : told
}

/** The same of a node's RAM, of which the free part is told among the totals. */
export function nodeParts(node: NodeMemory): Part[] {
  const { stats } = node
  const shmem = stats['shmem'] ?? 0
  const stackOf = (each: { readonly stats: Stats }) => each.stats['kernel_stack'] ?? 0
  // Kernel stacks stand in the lines of the nodes, up to 4.7 in those of the zones.
  const stacks = node.nodes.reduce((sum, each) => sum + stackOf(each), 0)
  const parts = [
    {
      name: 'anonymous',
      bytes: Math.max(0, sumOf(stats, ['active_anon', 'inactive_anon', 'isolated_anon']) - shmem),
    },
    { name: 'file cache', bytes: sumOf(stats, ['active_file', 'inactive_file', 'isolated_file']) },
    { name: 'tmpfs and shared', bytes: shmem },
    { name: 'unevictable', bytes: sumOf(stats, ['unevictable']) },
    { name: 'unreclaimable slab', bytes: sumOf(stats, ['slab_unreclaimable']) },
    { name: 'reclaimable slab', bytes: sumOf(stats, ['slab_reclaimable']) },
    { name: 'page tables', bytes: sumOf(stats, ['pagetables', 'sec_pagetables']) },
    { name: 'kernel stacks', bytes: stacks > 0 ? stacks : node.zones.reduce((sum, each) => sum + stackOf(each), 0) },
    { name: 'huge pages', bytes: node.hugePages.reduce((sum, pool) => sum + pool.total * pool.sizeBytes, 0) },
  ]
  const used =
    node.ramBytes === null
      ? null
      : node.ramBytes - (node.reservedBytes ?? 0) - (node.freeBytes ?? 0) - (stats['free_pcp'] ?? 0)
  const whole = ['active_anon', 'inactive_anon', 'active_file', 'inactive_file', 'shmem', 'slab_unreclaimable']
  return largest(parts, used, node.freeBytes !== null && whole.every(key => stats[key] !== undefined))
}

/** Parts of at least 1 % of the whole, at most six; then the small ones, then the remainder where `adds` up. */
function largest(parts: readonly Part[], whole: number | null, adds: boolean): Part[] {
  const floor = (whole ?? 0) / 100
  const shown = parts
    .filter(({ bytes }) => bytes > 0 && bytes >= floor)
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, 6)
  if (!adds || whole === null || shown.length === 0) return shown
  const small = total(parts) - total(shown)
  const left = whole - total(parts)
  return [
    ...shown,
    ...(small >= floor / 10 && small > 0 ? [{ name: 'other', bytes: small }] : []),
    // Up to a percent is charged in batches for each CPU.
    ...(left >= floor && left > 0 ? [{ name: 'in no figure of the kernel', bytes: left }] : []),
  ]
}

/** `anonymous 61.9 MiB (96 %)` */
export function partWords(part: Part, whole: number | null): string {
  const share = formatShare(part.bytes, whole)
  return `${part.name} ${formatBytes(part.bytes)}${share === null ? '' : ` (${share})`}`
}

/** RAM, what is free of it, and swap: `RAM 7.8 GiB, 61.2 MiB free, no swap`. */
export function nodeTotals(node: NodeMemory): string[] {
  const totals: string[] = []
  if (node.ramBytes !== null) totals.push(`RAM ${formatBytes(node.ramBytes - (node.reservedBytes ?? 0))}`)
  if (node.freeBytes !== null) totals.push(`${formatBytes(node.freeBytes)} free`)
  if (node.swapTotalBytes === 0) totals.push('no swap')
  else if (node.swapTotalBytes !== null)
    totals.push(`swap ${formatBytes(node.swapTotalBytes)}, ${formatBytes(node.swapFreeBytes)} of it free`)
  return totals
}
