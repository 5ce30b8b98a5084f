/** A pod's owner, as far as its name tells. */
export interface WorkloadName {
  readonly workload: string
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'Job' | 'CronJob' | null
}

/** Kubernetes' generated suffixes use these letters only (no vowels, no 0, 1, 3). */
const SAFE = 'bcdfghjklmnpqrstvwxz2456789'
const REPLICA_SET = new RegExp(`^(.+)-([${SAFE}]{1,10})-([${SAFE}]{5})$`)
const RANDOM = new RegExp(`^(.+)-([${SAFE}]{5})$`)
const ORDINAL = /^(.+)-(\d{1,5})$/
const CRON = /^(.+)-(\d{8,10})$/

/**
 * The workload by the pod name's pattern: `billing-7d9f8c6b5-x2x4q` is of `billing`, `worker-0` of `worker`. A name that
 * fits no pattern is its own workload (a bare or static pod).
 *
 * @see kubernetes/apimachinery pkg/util/rand (SafeEncodeString), pkg/controller/replicaset
 */
export function workloadName(podName: string): WorkloadName {
  const replica = REPLICA_SET.exec(podName)
  // a pod-template hash has a digit nearly always; without one it may be a word of the name (`my-app-xkcdz`)
  if (replica && (/\d/.test(replica[2]!) || replica[2]!.length >= 8)) {
    return { workload: replica[1]!, kind: 'Deployment' }
  }
  const random = RANDOM.exec(podName)
  if (random) {
    const cron = CRON.exec(random[1]!)
    if (cron) return { workload: cron[1]!, kind: 'CronJob' }
    const indexed = ORDINAL.exec(random[1]!)
    if (indexed) return { workload: indexed[1]!, kind: 'Job' }
    return { workload: random[1]!, kind: 'DaemonSet' }
  }
  const ordinal = ORDINAL.exec(podName)
  if (ordinal) return { workload: ordinal[1]!, kind: 'StatefulSet' }
  return { workload: podName, kind: null }
}
