/**
 * Where a node's RAM was: what the first record of Mem-Info accounts for, and what is held outside of all its lists.
 * Up to 3 % outside is ordinary (per-CPU data, vmalloc, drivers); above 10 % something big is there.
 */
import type { NodeMemory } from '../model/report.ts'
import { managedBytes } from './facts.ts'

export interface NodeBalance {
  /** RAM − reserved. */
  readonly managedBytes: number
  readonly freeBytes: number
  /** Pages on the LRU lists: anonymous, file, unevictable. */
  readonly lruBytes: number
  /** Anonymous memory without tmpfs and shared memory, which lie on the same lists. */
  readonly privateAnonBytes: number
  readonly shmemBytes: number
  readonly cacheBytes: number
  readonly kernelBytes: number
  readonly hugePageBytes: number
  readonly accountedBytes: number
  /** managed − accounted. */
  readonly missingBytes: number
}

const needed = [
  'active_anon',
  'inactive_anon',
  'active_file',
  'inactive_file',
  'unevictable',
  'slab_reclaimable',
  'slab_unreclaimable',
  'shmem',
  'free',
] as const

/** Kernel stacks stand in the node lines, up to 4.7 in the zone lines. */
export const kernelStackBytes = (node: NodeMemory): number | null => {
  const ofNodes = node.nodes.map(each => each.stats['kernel_stack']).filter(value => value !== undefined)
  const found = ofNodes.length > 0 ? ofNodes : node.zones.map(each => each.stats['kernel_stack'] ?? null)
  const told = found.filter(value => value !== null)
  return told.length === 0 ? null : told.reduce((sum, value) => sum + value, 0)
}

export const hugePageBytes = (node: NodeMemory): number =>
  node.hugePages.reduce((sum, pool) => sum + pool.total * pool.sizeBytes, 0)

/** Null when a line that the sum needs is not there. */
export const nodeBalance = (node: NodeMemory): NodeBalance | null => {
  const managed = managedBytes(node)
  if (managed === null || managed <= 0 || needed.some(key => node.stats[key] === undefined)) return null
  const of = (key: string): number => node.stats[key] ?? 0
  const shmemBytes = of('shmem')
  const anonymous = of('active_anon') + of('inactive_anon') + of('isolated_anon')
  const cacheBytes = of('active_file') + of('inactive_file') + of('isolated_file')
  const lruBytes = anonymous + cacheBytes + of('unevictable')
  const kernelBytes =
    of('slab_reclaimable') +
    of('slab_unreclaimable') +
    of('pagetables') +
    of('sec_pagetables') +
    of('bounce') +
    (kernelStackBytes(node) ?? 0)
  const freeBytes = of('free')
  const huge = hugePageBytes(node)
  const accountedBytes = freeBytes + of('free_pcp') + lruBytes + kernelBytes + huge
  return {
    managedBytes: managed,
    freeBytes,
    lruBytes,
    privateAnonBytes: Math.max(0, anonymous - shmemBytes),
    shmemBytes,
    cacheBytes,
    kernelBytes,
    hugePageBytes: huge,
    accountedBytes,
    missingBytes: managed - accountedBytes,
  }
}
