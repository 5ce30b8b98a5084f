import type { ListingFact } from '../model/listing.ts'
import { readLogName } from './log-name.ts'
import { readPodObjects } from './pod-objects.ts'
import { readRuntimeObjects } from './runtime-objects.ts'
import { readTable } from './tables.ts'

/**
 * Reads a listing that was given beside the logs, recognised by its content: tables of crictl, docker and kubectl, their
 * JSON, and pods in YAML. A path of /var/log/containers or /var/log/pods counts by its name alone.
 *
 * Never throws. Asynchronous because YAML is parsed by a package that is loaded only then.
 *
 * @returns null for anything that is no listing; an empty list for a listing of nothing
 */
export async function readListing(text: string, path: string): Promise<ListingFact[] | null> {
  const named = readLogName(path)
  if (named !== null) return [named]
  const start = text
    .slice(0, 4096)
    .replace(/^\uFEFF/, '')
    .trimStart()
  if (start.startsWith('{') || start.startsWith('[')) return readObject(parseJson(text.replace(/^\uFEFF/, '')))
  if (YAML_POD.test(start)) {
    const read = (await parseYaml(text)).map(readObject).filter(facts => facts !== null)
    return read.length === 0 ? null : read.flat()
  }
  return readTable(text.slice(0, TABLE_CHARS))
}

/** The first keys of an object of Kubernetes in YAML; kubectl sorts them. */
const YAML_POD =
  /^(?:---\s+)?apiVersion: v1\s[\s\S]*?^kind: (?:Pod|PodList|List)\s*$|^(?:---\s+)?apiVersion: v1\r?\nitems:/m
/** A table of a node is some kB; what is longer is a log. */
const TABLE_CHARS = 16 * 1024 * 1024

const readObject = (value: unknown): ListingFact[] | null =>
  value === undefined ? null : (readPodObjects(value) ?? readRuntimeObjects(value))

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The documents of a file (`---` parts them); broken ones are left out. */
async function parseYaml(text: string): Promise<unknown[]> {
  try {
    const { parseAllDocuments } = await import('yaml')
    return [...parseAllDocuments(text)].flatMap(doc => (doc.errors.length > 0 ? [] : [doc.toJS({ maxAliasCount: 0 })]))
  } catch {
    return []
  }
}
