/**
 * Who is who: container id → pod, namespace, container name, learned from the log. What is learned is bounded: who was met
 * longest ago is forgotten first, and no name of more than 1024 characters is kept.
 */
import type { DockerLabels, RuntimeEventSeen } from '../model/event.ts'
import type { ListingFact } from '../model/listing.ts'
import { createListed } from './listed.ts'
import {
  createRemembered,
  idOf,
  numberOf,
  type RecordOf,
  type Remembered,
  setNumber,
  setText,
  textOf,
} from './remembered.ts'
import type { Seen } from './seen.ts'

export interface ContainerIdentity {
  readonly id: string
  readonly name: string | null
  readonly attempt: number | null
  readonly runtime: string | null
  readonly sandboxId: string | null
  readonly image: string | null
  readonly podName: string | null
  readonly namespace: string | null
  readonly podUid: string | null
  /** When its first process began, epoch ms. */
  readonly startedMs: number | null
}

export interface PodIdentity {
  readonly name: string | null
  readonly namespace: string | null
  readonly uid: string | null
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

/** Containers, sandboxes and pods remembered, each: those met last, and at most twice as many. */
export const IDENTITIES = 100_000

/** Fields of the records: of pods the first two, of sandboxes the first three. */
const [POD_NAME, NAMESPACE, POD_UID, NAME, SANDBOX_ID, IMAGE, RUNTIME] = [0, 1, 2, 3, 4, 5, 6]
/** One more than the attempt; epoch ms. */
const [ATTEMPT, STARTED_MS] = [7, 8]

export function createIdentities(limit = IDENTITIES): Identities {
  const listed = createListed(limit)
  const pods = createRemembered(limit, NAMESPACE + 1, 0)
  const sandboxes = createRemembered(limit, POD_UID + 1, 0)
  const containers = createRemembered(limit, RUNTIME + 1, 2)

  function learnPod(said: Pick<ContainerIdentity, 'podUid' | 'podName' | 'namespace'>): void {
    if (said.podUid === null || said.podName === null) return
    const pod = pods.findOrAdd(said.podUid)
    if (pod === null) return
    tell(pod, POD_NAME, said.podName)
    tell(pod, NAMESPACE, said.namespace)
  }

  function learnContainer(id: string, said: DockerLabels, runtime: string | null): RecordOf | null {
    if (said.sandboxId !== null) sandboxes.meet(said.sandboxId)
    const container = containers.findOrAdd(id)
    if (container === null) return null
    tell(container, NAME, said.name)
    tell(container, RUNTIME, runtime)
    tell(container, SANDBOX_ID, said.sandboxId)
    tell(container, IMAGE, said.image)
    tellPod(container, said)
    return container
  }

  function learn({ event, moment, record }: Seen<RuntimeEventSeen>): void {
    switch (event.kind) {
      case 'sandbox-created': {
        learnPod(event)
        const sandbox = sandboxes.findOrAdd(event.sandboxId)
        if (sandbox === null) return
        setText(sandbox, POD_NAME, event.podName)
        setText(sandbox, NAMESPACE, event.namespace)
        setText(sandbox, POD_UID, event.podUid)
        return
      }
      case 'container-created': {
        learnPod(event)
        const container = learnContainer(event.containerId, event, runtimeOf(record.ident))
        if (container !== null && event.attempt !== null && numberOf(container, ATTEMPT) === 0)
          setNumber(container, ATTEMPT, event.attempt + 1)
        return
      }
      case 'container-started': {
        const container = containers.findOrAdd(event.containerId)
        if (container !== null) tellStart(container, moment?.ms ?? null)
        return
      }
      case 'container-named': {
        learnPod(event)
        // PLEG names sandboxes, too; only a line that tells something about the id is worth remembering
        if (event.name === null && event.podName === null && event.podUid === null) return
        if (sandboxes.find(event.containerId) !== null) return
        const container = containers.findOrAdd(event.containerId)
        if (container === null) return
        tell(container, NAME, event.name)
        tellPod(container, event)
        if (event.event === 'ContainerStarted') tellStart(container, moment?.ms ?? null)
        return
      }
      case 'pod-named':
        learnPod(event)
        return
      case 'task-oom':
      case 'task-exit':
        if (event.docker === undefined) return
        learnPod(event.docker)
        learnContainer(event.containerId, event.docker, 'docker')
        return
      default:
        event satisfies never
    }
  }

  const byIdOrBeginning = (of: Remembered, id: string): RecordOf | null =>
    of.find(id) ?? (id.length < ID_LENGTH && id.length >= SHORTEST_ID ? of.findOnly(id) : null)

  return {
    learn,
    learnListed: listed.learn,
    container: id => listed.container(id, containerOf(byIdOrBeginning(containers, id))),
    sandbox: id => listed.sandbox(id, sandboxOf(byIdOrBeginning(sandboxes, id))),
    pod: uid => listed.pod(uid, podOf(pods.find(uid))),
    forgot: () => containers.forgot() || sandboxes.forgot() || pods.forgot(),
  }
}

const ID_LENGTH = 64
/** Shorter ones name nobody. */
const SHORTEST_ID = 6

/** What is told first, stays. */
function tell(record: RecordOf, field: number, text: string | null): void {
  if (text !== null && numberOf(record, field) === 0) setText(record, field, text)
}

function tellPod(container: RecordOf, said: Pick<ContainerIdentity, 'podUid' | 'podName' | 'namespace'>): void {
  tell(container, POD_NAME, said.podName)
  tell(container, NAMESPACE, said.namespace)
  tell(container, POD_UID, said.podUid)
}

function tellStart(container: RecordOf, ms: number | null): void {
  if (ms !== null && numberOf(container, STARTED_MS) === 0) setNumber(container, STARTED_MS, ms)
}

function containerOf(record: RecordOf | null): ContainerIdentity | null {
  if (record === null) return null
  const attempt = numberOf(record, ATTEMPT)
  const startedMs = numberOf(record, STARTED_MS)
  return {
    id: idOf(record),
    name: textOf(record, NAME),
    attempt: attempt === 0 ? null : attempt - 1,
    runtime: textOf(record, RUNTIME),
    sandboxId: textOf(record, SANDBOX_ID),
    image: textOf(record, IMAGE),
    podName: textOf(record, POD_NAME),
    namespace: textOf(record, NAMESPACE),
    podUid: textOf(record, POD_UID),
    startedMs: startedMs === 0 ? null : startedMs,
  }
}

function sandboxOf(record: RecordOf | null): PodIdentity | null {
  return (
    record && { name: textOf(record, POD_NAME), namespace: textOf(record, NAMESPACE), uid: textOf(record, POD_UID) }
  )
}

function podOf(record: RecordOf | null): PodIdentity | null {
  return record && { name: textOf(record, POD_NAME), namespace: textOf(record, NAMESPACE), uid: idOf(record) }
}

function runtimeOf(ident: string | null): string | null {
  if (ident === null) return null
  if (/containerd/.test(ident)) return 'containerd'
  if (/^crio/.test(ident)) return 'cri-o'
  if (/^docker/.test(ident)) return 'docker'
  return null
}
