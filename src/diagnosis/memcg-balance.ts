/**
 * What the memory of a limited cgroup was made of, adding up to what the kernel charged.
 *
 * usage = anonymous + file (page cache and shared memory) + kernel memory + sockets, to about 3 %: the rest is charged in
 * batches per CPU.
 */
import type { Cgroup } from '../model/report.ts'

export interface MemcgBalance {
  readonly usageBytes: number
  readonly anonBytes: number
  /** Page cache and shared memory together. */
  readonly fileBytes: number
  /** tmpfs and shared memory; null where the kernel does not tell (up to 4.9). */
  readonly shmemBytes: number | null
  /** Page cache alone; null where shared memory is not told. */
  readonly cacheBytes: number | null
  /** Slab, stacks, page tables, …; null where the lines were cut or the kernel does not tell. */
  readonly kernelBytes: number | null
  readonly socketBytes: number | null
  /** anon + file + kernel + sockets; null where kernel memory is not told. */
  readonly accountedBytes: number | null
  /** usage − accounted; negative when pages were freed while the report was printed. */
  readonly remainderBytes: number | null
  /** The numbers are of the cgroup and all below it. The one line a cgroup of old kernels tells of that cgroup alone. */
  readonly hierarchical: boolean
  /** The keys that were read: names in `stats`. */
  readonly keys: { readonly anon: string; readonly file: string; readonly shmem: string | null }
}

const stat = (memory: Cgroup, key: string): number | null => memory.stats[key] ?? null

/** Slab of a cgroup: printed as the sum, as its two parts, or both (then it is counted once). Null when cut. */
export const slabBytes = (memory: Cgroup): number | null => {
  const sum = stat(memory, 'slab')
  if (sum !== null) return sum
  const reclaimable = stat(memory, 'slab_reclaimable')
  const unreclaimable = stat(memory, 'slab_unreclaimable')
  return reclaimable !== null && unreclaimable !== null ? reclaimable + unreclaimable : null
}

const kernelOf = (memory: Cgroup): number | null => {
  const kernel = stat(memory, 'kernel')
  if (kernel !== null) return kernel
  const slab = slabBytes(memory)
  // Without slab the block was cut before its end: a sum would be too small and its remainder a false finding.
  if (slab === null) return null
  return ['kernel_stack', 'pagetables', 'sec_pagetables', 'percpu', 'vmalloc'].reduce(
    (sum, key) => sum + (stat(memory, key) ?? 0),
    slab,
  )
}

const modern = (memory: Cgroup, usageBytes: number): MemcgBalance | null => {
  const anonBytes = stat(memory, 'anon')
  const fileBytes = stat(memory, 'file')
  if (anonBytes === null || fileBytes === null) return null
  const shmemBytes = stat(memory, 'shmem')
  const kernelBytes = kernelOf(memory)
  const socketBytes = stat(memory, 'sock')
  const accountedBytes = kernelBytes === null ? null : anonBytes + fileBytes + kernelBytes + (socketBytes ?? 0)
  return {
    usageBytes,
    anonBytes,
    fileBytes,
    shmemBytes,
    cacheBytes: shmemBytes === null ? null : Math.max(0, fileBytes - shmemBytes),
    kernelBytes,
    socketBytes,
    accountedBytes,
    remainderBytes: accountedBytes === null ? null : usageBytes - accountedBytes,
    hierarchical: true,
    keys: { anon: 'anon', file: 'file', shmem: shmemBytes === null ? null : 'shmem' },
  }
}

const old = (memory: Cgroup, usageBytes: number): MemcgBalance | null => {
  const hierarchical = stat(memory, 'total_rss') !== null
  const prefix = hierarchical ? 'total_' : ''
  const anonBytes = stat(memory, `${prefix}rss`)
  const fileBytes = stat(memory, `${prefix}cache`)
  if (anonBytes === null || fileBytes === null) return null
  const shmemBytes = stat(memory, `${prefix}shmem`)
  const kernelBytes = memory.kmemUsageBytes
  const accountedBytes = kernelBytes === null ? null : anonBytes + fileBytes + kernelBytes
  return {
    usageBytes,
    anonBytes,
    fileBytes,
    shmemBytes,
    cacheBytes: shmemBytes === null ? null : Math.max(0, fileBytes - shmemBytes),
    kernelBytes,
    socketBytes: null,
    accountedBytes,
    remainderBytes: accountedBytes === null ? null : usageBytes - accountedBytes,
    hierarchical,
    keys: { anon: `${prefix}rss`, file: `${prefix}cache`, shmem: shmemBytes === null ? null : `${prefix}shmem` },
  }
}

/** Null without a usage, or without the two keys that all else is measured against. */
export const memcgBalance = (memory: Cgroup): MemcgBalance | null => {
  const { usageBytes } = memory
  if (usageBytes === null || usageBytes <= 0) return null
  return modern(memory, usageBytes) ?? old(memory, usageBytes)
}

/**
 * The statistics are of the same cgroup and moment as the usage: their sum covers at least nine tenths of it. A claim
 * that something is *small* needs this; that something is large does not.
 */
export const balanceHolds = (balance: MemcgBalance): boolean =>
  (balance.accountedBytes ?? balance.anonBytes + balance.fileBytes) >= 0.9 * balance.usageBytes &&
  (balance.accountedBytes ?? balance.anonBytes + balance.fileBytes) <= 1.1 * balance.usageBytes
