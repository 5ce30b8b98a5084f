import type { ListedContainer, ListingFact } from '../model/listing.ts'
import type { SavedFact, SavedState } from '../model/saved.ts'
import { readDescribedPods } from './describe-pod.ts'
import { readLogName } from './log-name.ts'
import { readPodObjects } from './pod-objects.ts'
import { readRuntimeObjects } from './runtime-objects.ts'
import { readTables } from './tables.ts'

export interface Listing {
  /** Command that printed it: `crictl-ps`, `kubectl-describe-pod`, `free`. */
  readonly format: string
  /** Who is who. */
  readonly facts: readonly ListingFact[]
  /** How it stood, and how much memory was in use. */
  readonly saved: readonly SavedFact[]
}

/**
 * Reads a listing that was given beside the logs, recognised by its content: tables of crictl, docker, kubectl, free,
 * vmstat and sar, `kubectl describe pod`, JSON of kubectl, crictl and docker, pods in YAML. A path of /var/log/containers or
 * /var/log/pods counts by its name alone.
 *
 * Never throws. Asynchronous because YAML is parsed by a package that is loaded only then.
 *
 * @returns null for anything that is no listing; one without facts for a listing of nothing
 */
export async function readListing(text: string, path: string): Promise<Listing | null> {
  const named = readLogName(path)
  if (named !== null) return { format: 'container-log-name', facts: [named], saved: [] }
  const whole = text.replace(/^\uFEFF/, '')
  const start = beginningOf(whole)
  if (/^[{[]/.test(start)) return readObject(parseJson(whole), 'json')
  if (YAML_POD.test(start)) return readYaml(whole)
  if (DESCRIBED.test(start)) {
    const described = readDescribedPods(whole)
    return described === null ? null : { format: 'kubectl-describe-pod', ...described }
  }
  return readTables(whole)
}

/** So much of a text is enough to tell that it is no listing. */
export const LISTING_HEAD_CHARS = 4096

/**
 * Whether a text may be a listing, by its beginning alone: cheap, and too often yes.
 *
 * @param head at least the first {@link LISTING_HEAD_CHARS} characters
 */
export function mayBeListing(head: string, path: string): boolean {
  if (readLogName(path) !== null) return true
  const start = beginningOf(head.replace(/^\uFEFF/, ''))
  if (/^[{[]/.test(start)) return JSON_KEYS.test(start)
  if (YAML_POD.test(start) || DESCRIBED.test(start)) return true
  // Without its last line, which may be cut.
  const whole = head.length > LISTING_HEAD_CHARS ? start.slice(0, start.lastIndexOf('\n') + 1) : start
  return readTables(whole) !== null
}

const beginningOf = (text: string): string => text.slice(0, LISTING_HEAD_CHARS).replace(/^(?:[ \t]*\r?\n)+/, '')

/** Keys of an object of Kubernetes, of the CRI or of docker: a journal in JSON has none of them. */
const JSON_KEYS = /"(?:apiVersion|metadata|kind|Id|podSandboxId)"\s*:/
/** The first keys of an object of Kubernetes in YAML; kubectl sorts them. */
const YAML_POD =
  /^(?:---\s+)?apiVersion: v1\s[\s\S]*?^kind: (?:Pod|PodList|List)\s*$|^(?:---\s+)?apiVersion: v1\r?\n(?:items:|kind: Pod|metadata:)/m
/** A prompt with the command may stand before it. */
const DESCRIBED = /^(?:[^\n]{0,200}\bkubectl\b[^\n]{0,300}\n)?Name: {2,}\S+\r?\nNamespace: {2,}/

function readObject(value: unknown, form: 'json' | 'yaml'): Listing | null {
  if (value === undefined) return null
  const pods = readPodObjects(value)
  if (pods !== null) return { format: `kubectl-get-pods-${form}`, ...pods }
  const runtime = readRuntimeObjects(value)
  return runtime === null ? null : { ...runtime, saved: runtime.facts.flatMap(stateOf) }
}

/** What a runtime says of a container of a pod. */
function stateOf(fact: ListingFact): SavedState[] {
  if (fact.kind !== 'container' || fact.podName === null) return []
  const { podName, namespace, name, limitBytes, terminated }: ListedContainer = fact
  if (limitBytes === null && terminated === null) return []
  return [
    {
      kind: 'state',
      podName,
      namespace,
      container: name,
      status: null,
      restarts: null,
      ageSeconds: null,
      limitBytes,
      requestBytes: null,
      lastReason: terminated?.reason ?? null,
      lastExitCode: terminated?.exitCode ?? null,
    },
  ]
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The documents of a file (`---` parts them); broken ones are left out. */
async function readYaml(text: string): Promise<Listing | null> {
  const documents = await parseYaml(text)
  const read = documents.map(document => readObject(document, 'yaml')).filter(listing => listing !== null)
  const [first] = read
  return first === undefined
    ? null
    : { format: first.format, facts: read.flatMap(({ facts }) => facts), saved: read.flatMap(({ saved }) => saved) }
}

async function parseYaml(text: string): Promise<unknown[]> {
  try {
    const yaml = await import('yaml')
    // bundled, what is CommonJS comes as `default` alone
    const { parseAllDocuments } = 'parseAllDocuments' in yaml ? yaml : (yaml as { default: typeof yaml }).default
    return [...parseAllDocuments(text)].flatMap(doc => (doc.errors.length > 0 ? [] : [doc.toJS({ maxAliasCount: 0 })]))
  } catch {
    return []
  }
}
