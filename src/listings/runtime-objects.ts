import type { ListedContainer, ListingFact } from '../model/listing.ts'
import { at, listAt, textAt, whole, wholeAt } from './object.ts'

/**
 * Facts of what a runtime says of itself in JSON: `crictl inspect`, `inspectp`, `ps -o json`, `pods -o json`,
 * `docker inspect`.
 *
 * @returns null for any other object
 */
export function readRuntimeObjects(value: unknown): { format: string; facts: ListingFact[] } | null {
  const docker = (Array.isArray(value) ? value : [value]).filter(isDockerContainer)
  if (docker.length > 0) return { format: 'docker-inspect', facts: docker.map(readDockerContainer) }
  if (textAt(value, 'status', 'id') !== null && at(value, 'status', 'metadata') !== undefined)
    return { format: 'crictl-inspect', facts: [readCri(at(value, 'status'), value)] }
  const containers = listAt(value, 'containers').filter(isCri)
  if (containers.length > 0)
    return { format: 'crictl-ps', facts: containers.map(container => readCri(container, null)) }
  const sandboxes = listAt(value, 'items').filter(isCri)
  return sandboxes.length > 0
    ? { format: 'crictl-pods', facts: sandboxes.map(sandbox => readCri(sandbox, null)) }
    : null
}

const isCri = (value: unknown): boolean => textAt(value, 'id') !== null && textAt(value, 'metadata', 'name') !== null
const isDockerContainer = (value: unknown): boolean =>
  textAt(value, 'Id') !== null && typeof at(value, 'Config') === 'object' && typeof at(value, 'State') === 'object'

const labels = {
  podName: 'io.kubernetes.pod.name',
  namespace: 'io.kubernetes.pod.namespace',
  podUid: 'io.kubernetes.pod.uid',
  name: 'io.kubernetes.container.name',
} as const

/** A container or a sandbox of the CRI; a sandbox's metadata has the pod's namespace, a container's has none. */
function readCri(status: unknown, whole: unknown): ListingFact {
  const id = textAt(status, 'id')!
  const attempt = wholeAt(status, 'metadata', 'attempt') ?? 0
  const namespace = textAt(status, 'metadata', 'namespace')
  if (namespace !== null) {
    const podName = textAt(status, 'metadata', 'name')
    return { kind: 'sandbox', id, podName, namespace, podUid: textAt(status, 'metadata', 'uid'), attempt }
  }
  const reason = textAt(status, 'reason')
  return {
    kind: 'container',
    id,
    name: textAt(status, 'metadata', 'name'),
    attempt,
    podName: textAt(status, 'labels', labels.podName),
    namespace: textAt(status, 'labels', labels.namespace),
    podUid: textAt(status, 'labels', labels.podUid),
    sandboxId: textAt(status, 'podSandboxId') ?? textAt(whole, 'info', 'sandboxID'),
    image: textAt(status, 'image', 'userSpecifiedImage') ?? textAt(status, 'image', 'image'),
    limitBytes:
      positive(wholeAt(status, 'resources', 'linux', 'memoryLimitInBytes')) ??
      positive(wholeAt(whole, 'info', 'runtimeSpec', 'linux', 'resources', 'memory', 'limit')),
    terminated:
      reason === null
        ? null
        : { reason, exitCode: wholeAt(status, 'exitCode'), finishedAt: textAt(status, 'finishedAt') },
  }
}

function readDockerContainer(container: unknown): ListedContainer {
  const label = (key: string) => textAt(container, 'Config', 'Labels', key)
  const ended = at(container, 'State', 'Running') === false && textAt(container, 'State', 'Status') !== 'created'
  return {
    kind: 'container',
    id: textAt(container, 'Id'),
    name: label(labels.name) ?? textAt(container, 'Name')?.replace(/^\//, '') ?? null,
    attempt: whole(/^\/?k8s_.*_(\d{1,9})$/.exec(textAt(container, 'Name') ?? '')?.[1]),
    podName: label(labels.podName),
    namespace: label(labels.namespace),
    podUid: label(labels.podUid),
    sandboxId: label('io.kubernetes.sandbox.id'),
    image: textAt(container, 'Config', 'Image'),
    limitBytes: positive(wholeAt(container, 'HostConfig', 'Memory')),
    terminated: ended
      ? {
          reason: at(container, 'State', 'OOMKilled') === true ? 'OOMKilled' : null,
          exitCode: wholeAt(container, 'State', 'ExitCode'),
          finishedAt: textAt(container, 'State', 'FinishedAt'),
        }
      : null,
  }
}

/** 0 is "no limit" for all of them. */
const positive = (bytes: number | null): number | null => (bytes === null || bytes <= 0 ? null : bytes)
