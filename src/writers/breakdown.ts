/** Where the memory was: the few figures of memory.stat or Mem-Info that matter, largest first. */
import type { Cgroup, NodeMemory } from '../model/report.ts'
import { formatBytes, formatShare } from './format.ts'

export interface Part {
  readonly name: string
  readonly bytes: number
}

/** Names for people by the kernel's key. cgroup v2 first (also RHEL 8 on v1), then v1, whose `rss` is anonymous memory. */
const v2: readonly (readonly [string, string])[] = [
  ['anon', 'anonymous'],
  ['file', 'file cache'],
  ['slab', 'slab'],
  ['kernel_stack', 'kernel stacks'],
  ['pagetables', 'page tables'],
  ['sock', 'sockets'],
  ['percpu', 'per-CPU'],
  ['vmalloc', 'vmalloc'],
  ['zswap', 'zswap'],
  ['shmem', 'tmpfs and shared (in file cache)'],
]
const v1: readonly (readonly [string, string])[] = [
  ['rss', 'anonymous'],
  ['cache', 'file cache'],
  ['swap', 'swapped out'],
  ['shmem', 'tmpfs and shared (in file cache)'],
]

/** Parts of at least 1 % of the whole, at most six. */
export function cgroupParts(cgroup: Cgroup): Part[] {
  const { stats } = cgroup
  const names = stats['anon'] === undefined ? v1 : v2
  // On v1, the figures without total_ leave out the children.
  const told = names.map(([key, name]) => ({ name, bytes: stats[`total_${key}`] ?? stats[key] ?? 0 }))
  if (stats['slab'] === undefined)
    told.push({ name: 'slab', bytes: (stats['slab_reclaimable'] ?? 0) + (stats['slab_unreclaimable'] ?? 0) })
  return largest(told, cgroup.usageBytes ?? cgroup.limitBytes)
}

export function nodeParts(node: NodeMemory): Part[] {
  const { stats } = node
  const sum = (...keys: string[]) => keys.reduce((bytes, key) => bytes + (stats[key] ?? 0), 0)
  const told = [
    { name: 'anonymous', bytes: sum('active_anon', 'inactive_anon') },
    { name: 'file cache', bytes: sum('active_file', 'inactive_file') },
    { name: 'unevictable', bytes: sum('unevictable') },
    { name: 'unreclaimable slab', bytes: sum('slab_unreclaimable') },
    { name: 'reclaimable slab', bytes: sum('slab_reclaimable') },
    { name: 'page tables', bytes: sum('pagetables') },
    { name: 'tmpfs and shared (in anonymous)', bytes: sum('shmem') },
  ]
  return largest(told, node.ramBytes)
}

function largest(parts: readonly Part[], whole: number | null): Part[] {
  const floor = (whole ?? 0) / 100
  return parts
    .filter(({ bytes }) => bytes > 0 && bytes >= floor)
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, 6)
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
