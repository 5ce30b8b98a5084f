/**
 * Who is who: container id → pod, namespace, container name, learned from the log. What is learned is bounded; the
 * oldest is forgotten first.
 */
import type { RuntimeEventSeen } from '../model/event.ts'
import type { ListingFact } from '../model/listing.ts'
import { createIdTable, type IdTable, NONE } from './id-table.ts'
import { createListed } from './listed.ts'
import type { Seen } from './seen.ts'
import { createTextStore, type TextStore } from './text-store.ts'

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

/** Containers, sandboxes and pods remembered: the newest so many of each, and at most twice as many. */
export const IDENTITIES = 100_000

/** Fields of the records: places of texts, 0 where nothing was told. Of pods the first two, of sandboxes the first three. */
const [POD_NAME, NAMESPACE, POD_UID, NAME, SANDBOX_ID, IMAGE, RUNTIME] = [0, 1, 2, 3, 4, 5, 6]
/** One more than the attempt. */
const ATTEMPT = 7

/** What was learned until there was too much of it. Then the next one begins, and the one before the last is forgotten. */
interface Generation {
  readonly store: TextStore
  readonly containers: IdTable
  readonly sandboxes: IdTable
  readonly pods: IdTable
  /** When containers started, epoch ms; NaN where nothing was told. */
  started: Float64Array
}

type Kind = 'containers' | 'sandboxes' | 'pods'

interface Found {
  readonly of: Generation
  readonly record: number
}

export function createIdentities(limit = IDENTITIES): Identities {
  const listed = createListed(limit)
  let current = createGeneration()
  let previous: Generation | null = null
  let forgotten = false

  function find(kind: Kind, id: string): Found | null {
    const record = current[kind].find(id)
    if (record >= 0) return { of: current, record }
    const older = previous?.[kind].find(id) ?? -1
    return previous === null || older < 0 ? null : { of: previous, record: older }
  }

  /** By a beginning that only one has. */
  function findOnly(kind: Kind, beginning: string): Found | null {
    if (beginning.length >= ID_LENGTH || beginning.length < SHORTEST_ID) return null
    const record = current[kind].findOnly(beginning)
    const older = previous?.[kind].findOnly(beginning) ?? NONE
    if (previous !== null && older >= 0 && record === NONE) return { of: previous, record: older }
    return record >= 0 && older === NONE ? { of: current, record } : null
  }

  /** null for an id that is too long to be remembered. */
  function findOrAdd(kind: Kind, id: string): Found | null {
    const known = previous === null ? null : find(kind, id)
    if (known !== null) return known
    const found = { of: current, record: current[kind].findOrAdd(id) }
    if (current[kind].size() > limit) {
      forgotten ||= previous !== null
      previous = current
      current = createGeneration()
    }
    return found.record < 0 ? null : found
  }

  /** What is told first, stays. */
  function tell({ of, record }: Found, kind: Kind, field: number, text: string | null): void {
    if (text !== null && of[kind].get(record, field) === 0) of[kind].set(record, field, of.store.add(text))
  }

  function tellStart({ of, record }: Found, ms: number | null): void {
    if (record >= of.started.length) of.started = longer(of.started, record)
    if (ms !== null && Number.isNaN(of.started[record])) of.started[record] = ms
  }

  function learnPod({ podUid, podName, namespace }: Pick<ContainerIdentity, 'podUid' | 'podName' | 'namespace'>): void {
    if (podUid === null || podName === null) return
    const pod = findOrAdd('pods', podUid)
    if (pod === null) return
    tell(pod, 'pods', POD_NAME, podName)
    tell(pod, 'pods', NAMESPACE, namespace)
  }

  function learn({ event, moment, record }: Seen<RuntimeEventSeen>): void {
    switch (event.kind) {
      case 'sandbox-created': {
        learnPod(event)
        const sandbox = findOrAdd('sandboxes', event.sandboxId)
        if (sandbox === null) return
        const { sandboxes, store } = sandbox.of
        sandboxes.set(sandbox.record, POD_NAME, store.add(event.podName))
        sandboxes.set(sandbox.record, NAMESPACE, store.add(event.namespace))
        sandboxes.set(sandbox.record, POD_UID, store.add(event.podUid))
        return
      }
      case 'container-created': {
        const container = findOrAdd('containers', event.containerId)
        if (container !== null) {
          tell(container, 'containers', NAME, event.name)
          tell(container, 'containers', RUNTIME, runtimeOf(record.ident))
          tell(container, 'containers', SANDBOX_ID, event.sandboxId)
          tell(container, 'containers', IMAGE, event.image)
          tellPod(container, event)
          const { containers } = container.of
          const attempt = (event.attempt ?? -1) + 1
          if (containers.get(container.record, ATTEMPT) === 0) containers.set(container.record, ATTEMPT, attempt)
        }
        learnPod(event)
        return
      }
      case 'container-started': {
        const container = findOrAdd('containers', event.containerId)
        if (container !== null) tellStart(container, moment?.ms ?? null)
        return
      }
      case 'container-named': {
        learnPod(event)
        // PLEG names sandboxes, too; only a line that tells something about the id is worth remembering
        if (event.name === null && event.podName === null && event.podUid === null) return
        if (find('sandboxes', event.containerId) !== null) return
        const container = findOrAdd('containers', event.containerId)
        if (container === null) return
        tell(container, 'containers', NAME, event.name)
        tellPod(container, event)
        if (event.event === 'ContainerStarted') tellStart(container, moment?.ms ?? null)
        return
      }
      case 'pod-named':
        learnPod(event)
        return
      case 'task-oom':
      case 'task-exit':
        return
      default:
        event satisfies never
    }
  }

  function tellPod(container: Found, said: Pick<ContainerIdentity, 'podUid' | 'podName' | 'namespace'>): void {
    tell(container, 'containers', POD_NAME, said.podName)
    tell(container, 'containers', NAMESPACE, said.namespace)
    tell(container, 'containers', POD_UID, said.podUid)
  }

  return {
    learn,
    learnListed: listed.learn,
    container: id => listed.container(id, containerOf(find('containers', id) ?? findOnly('containers', id))),
    sandbox: id => listed.sandbox(id, podOf('sandboxes', find('sandboxes', id) ?? findOnly('sandboxes', id))),
    pod: uid => listed.pod(uid, podOf('pods', find('pods', uid))),
    forgot: () => forgotten,
  }
}

const ID_LENGTH = 64
/** Shorter ones name nobody. */
const SHORTEST_ID = 6

function createGeneration(): Generation {
  const store = createTextStore()
  return {
    store,
    containers: createIdTable(store, ATTEMPT + 1),
    sandboxes: createIdTable(store, POD_UID + 1),
    pods: createIdTable(store, NAMESPACE + 1),
    started: new Float64Array(0),
  }
}

function longer(times: Float64Array, record: number): Float64Array {
  const more = new Float64Array((record + 1) * 2).fill(Number.NaN)
  more.set(times)
  return more
}

function containerOf(found: Found | null): ContainerIdentity | null {
  if (found === null) return null
  const { containers, store, started } = found.of
  const text = (field: number) => store.read(containers.get(found.record, field))
  const attempt = containers.get(found.record, ATTEMPT)
  const startedMs = started[found.record] ?? Number.NaN
  return {
    id: store.read(containers.idAt(found.record)) ?? '',
    name: text(NAME),
    attempt: attempt === 0 ? null : attempt - 1,
    runtime: text(RUNTIME),
    sandboxId: text(SANDBOX_ID),
    image: text(IMAGE),
    podName: text(POD_NAME),
    namespace: text(NAMESPACE),
    podUid: text(POD_UID),
    startedMs: Number.isNaN(startedMs) ? null : startedMs,
  }
}

function podOf(kind: 'sandboxes' | 'pods', found: Found | null): PodIdentity | null {
  if (found === null) return null
  const table = found.of[kind]
  const text = (field: number) => found.of.store.read(table.get(found.record, field))
  const uid = kind === 'pods' ? found.of.store.read(table.idAt(found.record)) : text(POD_UID)
  return { name: text(POD_NAME), namespace: text(NAMESPACE), uid }
}

function runtimeOf(ident: string | null): string | null {
  if (ident === null) return null
  if (/containerd/.test(ident)) return 'containerd'
  if (/^crio/.test(ident)) return 'cri-o'
  if (/^docker/.test(ident)) return 'docker'
  return null
}
