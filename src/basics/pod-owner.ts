/** Whose a pod is, by the pattern of its name. */

/** Kubernetes' generated suffixes use these letters only (no vowels, no 0, 1, 3). */
const SAFE = 'bcdfghjklmnpqrstvwxz2456789'
/** The hash is a number of 32 bits in these letters: of ten digits nearly always, of fewer than five hardly ever. */
const REPLICA_SET = new RegExp(`^(.+)-([${SAFE}]{5,10})-([${SAFE}]{5})$`)
const RANDOM = new RegExp(`^(.+)-([${SAFE}]{5})$`)
const ORDINAL = /^(.+)-(\d{1,5})$/
const CRON = /^(.+)-(\d{8,10})$/

/**
 * The Deployment that a name points to (`billing-7d9f8c6b5-x2x4q`: `billing`); null for any other form of name.
 *
 * @see kubernetes/apimachinery pkg/util/rand (SafeEncodeString), pkg/controller/replicaset
 */
export function deploymentOf(podName: string): string | null {
  const [, name, hash] = REPLICA_SET.exec(podName) ?? []
  // of figures alone it is the minute of a CronJob
  if (name === undefined || hash === undefined || CRON.test(`${name}-${hash}`)) return null
  // a pod-template hash has a digit nearly always; without one it may be a word of the name (`my-app-xkcdz`)
  return /\d/.test(hash) || hash.length >= 8 ? name : null
}

/**
 * The workload: `billing-7d9f8c6b5-x2x4q` is of the Deployment `billing`, `worker-0` of the StatefulSet `worker`. A name that
 * fits no pattern is its own workload (a bare or static pod).
 */
export function workloadName(podName: string): string {
  const deployment = deploymentOf(podName)
  if (deployment !== null) return deployment
  const random = RANDOM.exec(podName)?.[1]
  // of a DaemonSet or a Job, whose name may be a CronJob's with the minute behind, or have an index behind
  if (random !== undefined) return CRON.exec(random)?.[1] ?? ORDINAL.exec(random)?.[1] ?? random
  return ORDINAL.exec(podName)?.[1] ?? podName
}
