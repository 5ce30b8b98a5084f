/**
 * Who is who: container id → pod, namespace, container name, learned from the log. What is learned is bounded; the
 * oldest is forgotten first.
 */
import type { RuntimeEventSeen } from '../model/event.ts'
import type { ListingFact } from '../model/listing.ts'
import { createListed } from './listed.ts'
import { detached, type Seen } from './seen.ts'

export interface ContainerIdentity {
  readonly id: string
  name: string | null
  attempt: number | null
  runtime: string | null
  sandboxId: string | null
  image: string | null
  podName: string | null
  namespace: string | null
  podUid: string | null
  /** When its first process began, epoch ms. */
  startedMs: number | null
}

export interface PodIdentity {
  name: string | null
  namespace: string | null
  uid: string | null
}

export interface Identities {
  readonly learn: (seen: Seen<RuntimeEventSeen>) => void
  /** From a listing beside the logs. What a line of a log says goes before it. */
  readonly learnListed: (fact: ListingFact) => void
  /** By whole id, or by a prefix that only one known id has. */
  readonly container: (id: string) => ContainerIdentity | null
  /** The pod of a sandbox. */
  readonly sandbox: (id: string) => PodIdentity | null
  readonly pod: (uid: string) => PodIdentity | null
  /** True once something had to be forgotten. */
  readonly forgot: () => boolean
}

/** Containers, sandboxes and pods remembered, each. */
export const IDENTITIES = 100_000

export function createIdentities(limit = IDENTITIES): Identities {
  const containers = new Map<string, ContainerIdentity>()
  const sandboxes = new Map<string, Sandbox>()
  const pods = new Map<string, PodIdentity>()
  const listed = createListed(limit)
  const shared = createSharedTexts()
  let forgotten = false

  function bounded<T>(map: Map<string, T>): void {
    if (map.size <= limit) return
    const [oldest] = map.keys()
    if (oldest !== undefined) map.delete(oldest)
    forgotten = true
  }

  function containerOf(id: string): ContainerIdentity {
    let known = containers.get(id)
    if (!known) {
      known = {
        id: detached(id),
        name: null,
        attempt: null,
        runtime: null,
        sandboxId: null,
        image: null,
        podName: null,
        namespace: null,
        podUid: null,
        startedMs: null,
      }
      containers.set(known.id, known)
      bounded(containers)
    }
    return known
  }

  /** The pod as it is remembered; null where the line does not tell enough to remember one. */
  function learnPod(uid: string | null, name: string | null, namespace: string | null): PodIdentity | null {
    if (uid === null || name === null) return null
    const known = pods.get(uid)
    if (known) {
      known.namespace ??= shared(namespace)
      return known
    }
    const pod = { name: detached(name), namespace: shared(namespace), uid: detached(uid) }
    pods.set(pod.uid, pod)
    bounded(pods)
    return pod
  }

  function learn({ event, moment, record }: Seen<RuntimeEventSeen>): void {
    switch (event.kind) {
      case 'sandbox-created': {
        const { podName: name, namespace, podUid: uid } = event
        const pod = learnPod(uid, name, namespace)
        const isSame = pod !== null && pod.name === name && pod.namespace === namespace
        const own = () => ({ name: detached(name), namespace: shared(namespace), uid: sameText(pod?.uid, uid) })
        const sandbox = { id: detached(event.sandboxId), pod: isSame ? pod : own() }
        sandboxes.set(sandbox.id, sandbox)
        bounded(sandboxes)
        return
      }
      case 'container-created': {
        const pod = learnPod(event.podUid, event.podName, event.namespace)
        const known = containerOf(event.containerId)
        known.name ??= shared(event.name)
        known.attempt ??= event.attempt
        known.runtime ??= runtimeOf(record.ident)
        known.sandboxId ??= sandboxes.get(event.sandboxId ?? '')?.id ?? detached(event.sandboxId)
        known.image ??= shared(event.image)
        learnPodOf(known, event, pod)
        return
      }
      case 'container-started': {
        const known = containerOf(event.containerId)
        known.startedMs ??= moment?.ms ?? null
        return
      }
      case 'container-named': {
        const pod = learnPod(event.podUid, event.podName, event.namespace)
        // PLEG names sandboxes, too; only a line that tells something about the id is worth remembering
        if (event.name === null && event.podName === null && event.podUid === null) return
        if (sandboxes.has(event.containerId)) return
        const known = containerOf(event.containerId)
        known.name ??= shared(event.name)
        learnPodOf(known, event, pod)
        if (event.event === 'ContainerStarted') known.startedMs ??= moment?.ms ?? null
        return
      }
      case 'pod-named':
        learnPod(event.podUid, event.podName, event.namespace)
        return
      case 'task-oom':
      case 'task-exit':
        return
      default:
        event satisfies never
    }
  }

  /** What a line says of a container's pod; `pod` is that pod as it is remembered, whose texts are taken. */
  function learnPodOf(
    known: ContainerIdentity,
    said: Pick<ContainerIdentity, 'podName' | 'namespace' | 'podUid'>,
    pod: PodIdentity | null,
  ): void {
    known.podName ??= sameText(pod?.name, said.podName)
    known.namespace ??= shared(said.namespace)
    known.podUid ??= sameText(pod?.uid, said.podUid)
  }

  return {
    learn,
    learnListed: listed.learn,
    container: id => listed.container(id, containers.get(id) ?? uniqueByPrefix(containers, id)),
    sandbox: id => listed.sandbox(id, (sandboxes.get(id) ?? uniqueByPrefix(sandboxes, id))?.pod ?? null),
    pod: uid => listed.pod(uid, pods.get(uid) ?? null),
    forgot: () => forgotten,
  }
}

interface Sandbox {
  readonly id: string
  /** The pod as {@link Identities.pod} knows it, unless the sandbox's line says otherwise. */
  readonly pod: PodIdentity
}

/** Thousands of containers have the same few names, namespaces and images: each is kept once. */
const SHARED_TEXTS = 10_000

function createSharedTexts(): <T extends string | null>(text: T) => T {
  const texts = new Map<string, string>()
  return <T extends string | null>(text: T): T => {
    if (text === null) return text
    let known = texts.get(text)
    if (known === undefined) {
      known = detached(text) as string
      if (texts.size >= SHARED_TEXTS) texts.clear()
      texts.set(known, known)
    }
    return known as T
  }
}

/** `kept` where it is the same text, else a copy that may be kept. */
function sameText(kept: string | null | undefined, text: string | null): string | null {
  return kept === text ? (text === null ? null : kept) : detached(text)
}

const ID_LENGTH = 64

function uniqueByPrefix<T>(map: Map<string, T>, prefix: string): T | null {
  if (prefix.length >= ID_LENGTH || prefix.length < 6) return null
  let found: T | null = null
  for (const [id, value] of map) {
    if (!id.startsWith(prefix)) continue
    if (found !== null) return null
    found = value
  }
  return found
}

function runtimeOf(ident: string | null): string | null {
  if (ident === null) return null
  if (/containerd/.test(ident)) return 'containerd'
  if (/^crio/.test(ident)) return 'cri-o'
  if (/^docker/.test(ident)) return 'docker'
  return null
}
