/**
 * What a listing given beside the logs says (`crictl ps -a`, `kubectl get pods -o json`, a name in /var/log/pods): whose
 * a container, a sandbox or a pod is. Facts to name ids with; never an event.
 */
export type ListingFact = ListedContainer | ListedSandbox | ListedPod

export interface ListedContainer {
  readonly kind: 'container'
  /** 64 hex digits, or the first 12 (docker), 13 (crictl) or so; null where the listing has none. */
  readonly id: string | null
  readonly name: string | null
  /** 0 for the first start. */
  readonly attempt: number | null
  readonly podName: string | null
  readonly namespace: string | null
  readonly podUid: string | null
  /** May be a prefix, as `id`. */
  readonly sandboxId: string | null
  readonly image: string | null
  /** Bytes; null: no limit, or not told. */
  readonly limitBytes: number | null
  /** How this very container ended; null while it runs, or where the listing does not say. */
  readonly terminated: Terminated | null
}

export interface Terminated {
  /** `OOMKilled`, `Error`, … */
  readonly reason: string | null
  readonly exitCode: number | null
  /** ISO 8601, as printed. */
  readonly finishedAt: string | null
}

export interface ListedSandbox {
  readonly kind: 'sandbox'
  /** May be a prefix. */
  readonly id: string
  readonly podName: string | null
  readonly namespace: string | null
  readonly podUid: string | null
  readonly attempt: number | null
}

export interface ListedPod {
  readonly kind: 'pod'
  readonly podName: string
  /** null in a listing of one namespace that does not name it. */
  readonly namespace: string | null
  readonly podUid: string | null
  readonly node: string | null
}
