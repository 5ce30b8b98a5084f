/**
 * What oom_score_adj says of a pod.
 *
 * @see kubernetes pkg/kubelet/qos/policy.go GetContainerOOMScoreAdjust()
 */

/** Null for values that no container of a pod gets. */
export const qosOf = (adj: number | null): 'BestEffort' | 'Burstable' | 'Guaranteed' | null => {
  if (adj === null) return null
  if (adj === 1000) return 'BestEffort'
  if (adj >= 2 && adj <= 999) return 'Burstable'
  return adj === -997 || adj === -998 ? 'Guaranteed' : null
}

/** The bounds of the memory request as a share of the node's memory, of a Burstable container; null otherwise. */
export const requestBounds = (adj: number | null): { low: number; high: number } | null =>
  adj === null || adj < 3 || adj > 999
    ? null
    : { low: adj === 999 ? 0 : (1000 - adj) / 1000, high: (1001 - adj) / 1000 }
