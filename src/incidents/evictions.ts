import type { Seen } from './seen.ts'

/** Which evictions of the kubelet are for memory: their own lines do not say which resource ran short, the one before does. */
export interface Evictions {
  /** The kubelet has said that it must evict pods for memory. */
  readonly decided: (seen: Seen) => void
  /** Whether the eviction of a pod is of such a decision. */
  readonly isForMemory: (seen: Seen) => boolean
}

/** An eviction follows the kubelet's decision within its manager's loop and the pod's grace period. */
const EVICTION_MS = 120_000

export function createEvictions(): Evictions {
  /** When the kubelet of a host last decided so, epoch ms. */
  const decisions = new Map<string, number | null>()
  return {
    decided: ({ record, moment }) => {
      decisions.set(record.host ?? '', moment?.ms ?? null)
    },
    isForMemory: ({ record, moment }) => {
      const decidedMs = decisions.get(record.host ?? '')
      if (decidedMs === undefined) return false
      return decidedMs === null || moment === null || moment.ms - decidedMs <= EVICTION_MS
    },
  }
}
