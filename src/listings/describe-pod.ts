import type { ListedContainer, ListingFact } from '../model/listing.ts'
import type { SavedState } from '../model/saved.ts'
import { whole } from './object.ts'
import { quantityBytes, withoutScheme } from './pod-objects.ts'

export interface Described {
  readonly facts: ListingFact[]
  readonly saved: SavedState[]
}

/** First lines of a pod: a Deployment has no `Node:`, a node no `Namespace:`. */
const BEGINS = /^Name: {2,}\S+\r?\nNamespace: {2,}\S+\r?\n/
const SECTIONS = /^(?:Init |Ephemeral )?Containers:$/

/**
 * What `kubectl describe pod` tells, of one pod or of several. The blanks at the beginning of a line say where it belongs.
 *
 * @returns null for anything else, also for what `describe` says of a node or a Deployment
 * @see kubernetes/kubectl pkg/describe/describe.go describePod(), describeContainers()
 */
export function readDescribedPods(text: string): Described | null {
  const lines = text.split(/\r?\n/)
  const starts = lines.flatMap((line, i) => (BEGINS.test(`${line}\n${lines[i + 1] ?? ''}\n`) ? [i] : []))
  const facts: ListingFact[] = []
  const saved: SavedState[] = []
  for (const [at, start] of starts.entries()) {
    const pod = readPod(lines.slice(start, starts[at + 1]))
    facts.push(...pod.facts)
    saved.push(...pod.saved)
  }
  return facts.length === 0 ? null : { facts, saved }
}

function readPod(lines: readonly string[]): Described {
  const top = (label: string) => labelled(lines, '', label)
  const podName = top('Name')
  const node = top('Node')
  if (podName === null || node === null || !lines.some(line => SECTIONS.test(line))) return { facts: [], saved: [] }
  const namespace = top('Namespace')
  const hash = lines.map(line => /\bkubernetes\.io\/config\.hash: ([0-9a-f]{32})$/.exec(line.slice(0, 300))?.[1])
  const podUid = hash.find(found => found !== undefined) ?? null
  const facts: ListingFact[] = [
    { kind: 'pod', podName, namespace, podUid, node: node === '<none>' ? null : node.replace(/\/.*$/, '') },
  ]
  const saved: SavedState[] = []
  for (const { name, lines: own } of containersIn(lines)) {
    const limitBytes = quantityBytes(labelled(under(own, '    ', 'Limits'), '      ', 'memory'))
    const state = under(own, '    ', 'State')
    const last = labelled(own, '    ', 'State') === 'Terminated' ? state : under(own, '    ', 'Last State')
    const restarts = whole(labelled(own, '    ', 'Restart Count'))
    const container: ListedContainer = {
      kind: 'container',
      id: withoutScheme(labelled(own, '    ', 'Container ID')),
      name,
      attempt: restarts,
      podName,
      namespace,
      podUid,
      sandboxId: null,
      image: labelled(own, '    ', 'Image'),
      limitBytes,
      terminated: null,
    }
    if (container.id !== null) facts.push(container)
    saved.push({
      kind: 'state',
      podName,
      namespace,
      container: name,
      status: labelled(state, '      ', 'Reason') ?? labelled(own, '    ', 'State'),
      restarts,
      ageSeconds: null,
      limitBytes,
      requestBytes: quantityBytes(labelled(under(own, '    ', 'Requests'), '      ', 'memory')),
      lastReason: labelled(last, '      ', 'Reason'),
      lastExitCode: whole(labelled(last, '      ', 'Exit Code')),
    })
  }
  return { facts, saved }
}

/** `  app:` and the lines under it, of each section of containers. */
function containersIn(lines: readonly string[]): { name: string; lines: string[] }[] {
  const found: { name: string; lines: string[] }[] = []
  let inside = false
  for (const line of lines) {
    if (/^\S/.test(line)) inside = SECTIONS.test(line)
    else if (inside) {
      const name = /^ {2}([a-z0-9][a-z0-9-]{0,62}):$/.exec(line)?.[1]
      if (name !== undefined) found.push({ name, lines: [] })
      else found.at(-1)?.lines.push(line)
    }
  }
  return found
}

/** The value of `label:` at this depth. */
function labelled(lines: readonly string[], blanks: string, label: string): string | null {
  const begin = `${blanks}${label}:`
  const value = lines
    .find(line => line.startsWith(begin))
    ?.slice(begin.length, 1000)
    .trim()
  return value === undefined || value === '' ? null : value
}

/** The lines that stand deeper under a label. */
function under(lines: readonly string[], blanks: string, label: string): readonly string[] {
  const start = lines.findIndex(line => line.startsWith(`${blanks}${label}:`))
  if (start < 0) return []
  const rest = lines.slice(start + 1)
  const end = rest.findIndex(line => !line.startsWith(`${blanks}  `))
  return end < 0 ? rest : rest.slice(0, end)
}
