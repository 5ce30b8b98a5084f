/**
 * What people save while they look for the cause, and give beside the logs: `kubectl describe pod`, `kubectl top`,
 * `crictl stats`, `free`. Facts for findings; never an event, and never a limit that the kernel did not print.
 */
export type SavedFact = SavedState | Reading

/** How a pod, or one container of it, stood when the listing was taken. */
export interface SavedState {
  readonly kind: 'state'
  readonly podName: string
  /** null in a listing of one namespace that does not name it. */
  readonly namespace: string | null
  /** null: the pod as a whole, as `kubectl get pods` shows it. */
  readonly container: string | null
  /** As printed: `Running`, `OOMKilled`, `CrashLoopBackOff`. */
  readonly status: string | null
  readonly restarts: number | null
  /** Age of the pod, seconds: as rounded as kubectl prints it. */
  readonly ageSeconds: number | null
  /** `resources.limits.memory` of the spec, bytes. */
  readonly limitBytes: number | null
  /** `resources.requests.memory` of the spec, bytes. */
  readonly requestBytes: number | null
  /** Why it ended last (`OOMKilled`), where the listing tells. */
  readonly lastReason: string | null
  readonly lastExitCode: number | null
}

/** Memory in use at one moment, of a container, a pod or a node. */
export interface Reading {
  readonly kind: 'reading'
  readonly of: 'container' | 'pod' | 'node'
  /** Whole, or the first 12 or 13 digits; null where the listing has none. */
  readonly containerId: string | null
  readonly container: string | null
  readonly podName: string | null
  readonly namespace: string | null
  /** Name of the node; null where it is the machine that the command ran on. */
  readonly node: string | null
  readonly usedBytes: number | null
  /** What could still be used without swapping; of nodes only. */
  readonly availableBytes: number | null
  /** The limit that docker prints, or all memory of the node. */
  readonly limitBytes: number | null
  /** Clock of the reading in seconds, from whatever beginning: only differences within one text mean anything. */
  readonly atSeconds: number | null
}

/** What was saved, with where it stands. */
export interface Saved {
  readonly states: readonly (SavedState & SavedIn)[]
  readonly readings: readonly (Reading & SavedIn)[]
  /** Who a container id belongs to, for readings that name only the id. */
  readonly containers: readonly SavedContainer[]
}

export interface SavedIn {
  /** Path of the file. */
  readonly source: string
  /** `crictl-stats`, `kubectl-get-pods`, … */
  readonly format: string
}

export interface SavedContainer {
  /** May be a prefix. */
  readonly id: string
  readonly name: string | null
  readonly podName: string | null
  readonly namespace: string | null
  readonly image: string | null
}
