/**
 * Who is who by the listings given beside the logs. Their ids are cut to 12 or 13 digits, so a whole id is looked up by its
 * beginnings. A listing fills what the log left open and contradicts nothing.
 */
import type { ListedContainer, ListingFact } from '../model/listing.ts'
import type { ContainerIdentity, PodIdentity } from './identities.ts'

export interface Listed {
  readonly learn: (fact: ListingFact) => void
  /** @param known what the log told of it */
  readonly container: (id: string, known: ContainerIdentity | null) => ContainerIdentity | null
  readonly sandbox: (id: string, known: PodIdentity | null) => PodIdentity | null
  readonly pod: (uid: string, known: PodIdentity | null) => PodIdentity | null
}

/** Shorter beginnings of ids are not unique enough to name somebody. */
const PREFIX_CHARS = 12

type ListedName = Omit<ContainerIdentity, 'id' | 'runtime' | 'startedMs'>

export function createListed(limit: number): Listed {
  const containers = createPrefixMap<ListedName>(limit)
  const sandboxes = createPrefixMap<PodIdentity>(limit)
  const pods = new Map<string, PodIdentity>()
  /** Namespaces by pod name, of listings that name both; null where two pods share the name. */
  const namespaces = new Map<string, string | null>()

  function learnPod(name: string | null, namespace: string | null, uid: string | null): void {
    if (name === null) return
    if (uid !== null && pods.size < limit && !pods.has(uid)) pods.set(uid, { name, namespace, uid })
    if (namespace === null || namespaces.size >= limit) return
    const known = namespaces.get(name)
    namespaces.set(name, known === undefined || known === namespace ? namespace : null)
  }

  return {
    learn: fact => {
      if (fact.kind === 'container') {
        if (fact.id !== null) containers.add(fact.id, nameOf(fact))
        learnPod(fact.podName, fact.namespace, fact.podUid)
        return
      }
      if (fact.kind === 'sandbox') {
        sandboxes.add(fact.id, { name: fact.podName, namespace: fact.namespace, uid: fact.podUid })
      }
      learnPod(fact.podName, fact.namespace, fact.podUid)
    },
    container: (id, known) => {
      if (containers.size() === 0) return known
      const told = containers.find(known?.id ?? id)
      if (told === null) return known
      const filled = { id, runtime: null, startedMs: null, ...filledWith(told, known) }
      filled.namespace ??= filled.podName === null ? null : (namespaces.get(filled.podName) ?? null)
      return filled
    },
    sandbox: (id, known) => {
      const told = id === '' || sandboxes.size() === 0 ? null : sandboxes.find(id)
      return told === null ? known : filledWith(told, known)
    },
    pod: (uid, known) => {
      const told = pods.get(uid)
      return told === undefined ? known : filledWith(told, known)
    },
  }
}

const nameOf = ({ name, attempt, sandboxId, image, podName, namespace, podUid }: ListedContainer): ListedName => ({
  name,
  attempt,
  sandboxId,
  image,
  podName,
  namespace,
  podUid,
})

/** What the log knows, and where it knows nothing, what the listing tells. */
function filledWith<T extends object, K extends T>(told: T, known: K | null): T & Partial<K> {
  const filled: T & Partial<K> = { ...told }
  for (const [key, value] of Object.entries(known ?? {})) {
    if (value !== null || !Object.hasOwn(told, key)) Object.assign(filled, { [key]: value })
  }
  return filled
}

/** By whole ids and by their beginnings; two that differ under one id are none. */
function createPrefixMap<T extends object>(limit: number) {
  const byId = new Map<string, T | null>()
  const lengths = new Set<number>()
  return {
    size: () => byId.size,
    add: (id: string, value: T): void => {
      if (id.length < PREFIX_CHARS) return
      const known = byId.get(id)
      if (known === null) return
      if (known === undefined) {
        if (byId.size >= limit) return
        byId.set(id, value)
        lengths.add(id.length)
      } else byId.set(id, agree(known, value))
    },
    /** Several listings may tell of one id, each cut at another length: together they tell most. */
    find: (id: string): T | null => {
      let found: T | null = null
      for (const length of lengths) {
        const told = length > id.length ? null : byId.get(id.slice(0, length))
        if (told === undefined || told === null) continue
        found = found === null ? told : agree(found, told)
        if (found === null) return null
      }
      return found ?? longer(byId, id)
    },
  }
}

/** The one listed id that begins with a shorter one. */
function longer<T>(byId: ReadonlyMap<string, T | null>, prefix: string): T | null {
  if (prefix.length >= 64 || prefix.length < PREFIX_CHARS) return null
  let found: T | null = null
  for (const [id, value] of byId) {
    if (!id.startsWith(prefix)) continue
    if (found !== null) return null
    found = value
  }
  return found
}

/** Both together; null where they name different things. The attempt and the image may differ between two listings. */
function agree<T extends object>(a: T, b: T): T | null {
  const both = { ...a }
  for (const [key, value] of Object.entries(b)) {
    const mine: unknown = Reflect.get(both, key)
    if (value === null || mine === value) continue
    if (mine === null) Object.assign(both, { [key]: value })
    else if (key === 'sandboxId' && typeof mine === 'string' && typeof value === 'string') {
      if (value.startsWith(mine)) Object.assign(both, { [key]: value })
      else if (!mine.startsWith(value)) return null
    } else if (key !== 'attempt' && key !== 'image') return null
  }
  return both
}
