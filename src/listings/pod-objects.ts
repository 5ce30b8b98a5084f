import type { ListedContainer, ListingFact, Terminated } from '../model/listing.ts'
import type { SavedState } from '../model/saved.ts'
import { at, listAt, textAt, wholeAt } from './object.ts'

/**
 * Facts of a Pod, or of a list of them, as the API server has it (`kubectl get pods -o json`, `-o yaml`, must-gather).
 *
 * A container that was restarted gives two facts: its present id, and the id that ended last, with how it ended.
 *
 * @returns null for an object that is no pod and no list of pods
 */
export function readPodObjects(value: unknown): { facts: ListingFact[]; saved: SavedState[] } | null {
  const pods = podsIn(value)
  return pods === null ? null : { facts: pods.flatMap(readPod), saved: pods.flatMap(readStates) }
}

function podsIn(value: unknown): readonly unknown[] | null {
  const kind = at(value, 'kind')
  if (kind === 'Pod') return [value]
  if (kind !== 'List' && kind !== 'PodList') return null
  // The members of a PodList do not repeat their kind; a List may hold anything.
  const pods = listAt(value, 'items').filter(
    item => (at(item, 'kind') ?? (kind === 'PodList' ? 'Pod' : null)) === 'Pod',
  )
  return kind === 'List' && pods.length === 0 ? null : pods
}

const SETS = [
  ['containers', 'containerStatuses'],
  ['initContainers', 'initContainerStatuses'],
  ['ephemeralContainers', 'ephemeralContainerStatuses'],
] as const

function readPod(pod: unknown): ListingFact[] {
  const podName = textAt(pod, 'metadata', 'name')
  if (podName === null) return []
  const namespace = textAt(pod, 'metadata', 'namespace')
  // A static pod's cgroup has the hash of its manifest in the place of the uid.
  const podUid = textAt(pod, 'metadata', 'annotations', 'kubernetes.io/config.hash') ?? textAt(pod, 'metadata', 'uid')
  const facts: ListingFact[] = [{ kind: 'pod', podName, namespace, podUid, node: textAt(pod, 'spec', 'nodeName') }]
  for (const [specs, statuses] of SETS) {
    const limits = new Map<string, number | null>()
    for (const spec of listAt(pod, 'spec', specs))
      limits.set(textAt(spec, 'name') ?? '', quantityBytes(at(spec, 'resources', 'limits', 'memory')))
    for (const status of listAt(pod, 'status', statuses)) {
      const name = textAt(status, 'name')
      const limitBytes = limits.get(name ?? '') ?? null
      const common = { kind: 'container' as const, name, podName, namespace, podUid, sandboxId: null, limitBytes }
      const image = textAt(status, 'image')
      facts.push(
        ...readStatus(status).map(({ id, attempt, terminated }) => ({ ...common, image, id, attempt, terminated })),
      )
    }
  }
  return facts
}

/** How each container of a pod stands, and what it may use by its spec. */
function readStates(pod: unknown): SavedState[] {
  const podName = textAt(pod, 'metadata', 'name')
  if (podName === null) return []
  const namespace = textAt(pod, 'metadata', 'namespace')
  return SETS.flatMap(([specs, statuses]) =>
    listAt(pod, 'spec', specs).map((spec): SavedState => {
      const container = textAt(spec, 'name')
      const status = listAt(pod, 'status', statuses).find(one => textAt(one, 'name') === container)
      const ended = at(status, 'state', 'terminated') ?? at(status, 'lastState', 'terminated')
      return {
        kind: 'state',
        podName,
        namespace,
        container,
        status: textAt(status, 'state', 'waiting', 'reason') ?? textAt(status, 'state', 'terminated', 'reason'),
        restarts: wholeAt(status, 'restartCount'),
        ageSeconds: null,
        limitBytes: quantityBytes(at(spec, 'resources', 'limits', 'memory')),
        requestBytes: quantityBytes(at(spec, 'resources', 'requests', 'memory')),
        lastReason: textAt(ended, 'reason'),
        lastExitCode: wholeAt(ended, 'exitCode'),
      }
    }),
  )
}

type OneLife = Pick<ListedContainer, 'id' | 'attempt' | 'terminated'>

function readStatus(status: unknown): OneLife[] {
  const restarts = wholeAt(status, 'restartCount')
  const now = at(status, 'state', 'terminated')
  const last = at(status, 'lastState', 'terminated')
  const lives: OneLife[] = []
  const id = withoutScheme(textAt(status, 'containerID') ?? textAt(now, 'containerID'))
  if (id !== null) lives.push({ id, attempt: restarts, terminated: readTerminated(now) })
  const before = withoutScheme(textAt(last, 'containerID'))
  if (before !== null && before !== id)
    lives.push({
      id: before,
      attempt: restarts === null || restarts === 0 ? null : restarts - 1,
      terminated: readTerminated(last),
    })
  return lives
}

const readTerminated = (value: unknown): Terminated | null =>
  typeof value !== 'object' || value === null
    ? null
    : {
        reason: textAt(value, 'reason'),
        exitCode: wholeAt(value, 'exitCode'),
        finishedAt: textAt(value, 'finishedAt'),
      }

/** `containerd://4f0e…` without its scheme. */
export const withoutScheme = (id: string | null): string | null =>
  /^[a-z0-9-]{1,30}:\/\/(.{6,80})$/.exec(id ?? '')?.[1] ?? null

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
}

/** A quantity of Kubernetes (`512Mi`, `1.5G`, `1e9`) in bytes; null where it is none. */
export function quantityBytes(quantity: unknown): number | null {
  const match = /^(\d{1,18}(?:\.\d{1,9})?(?:[eE]\d{1,2})?)([kMGT]i?|Ki|m|)$/.exec(String(quantity))
  const unit = UNITS[match?.[2] ?? '']
  return match === null || unit === undefined ? null : Math.round(Number(match[1]) * unit)
}
