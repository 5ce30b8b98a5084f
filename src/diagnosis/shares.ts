/** A part of a balance that has a rule of its own: how big it was against the limit or the node. */
import type { Cgroup, Incident } from '../model/report.ts'
import { limitedMemory, managedBytes, nodeMemory } from './facts.ts'
import { type Found, found, proof } from './finding.ts'
import { bytes, share } from './words.ts'

export interface Part {
  readonly bytes: number
  readonly field: string
  readonly wholeBytes: number
  readonly wholeField: string
  /** What it is a share of: `the memory charged to the cgroup` or `the RAM of the node`. */
  readonly whole: string
  readonly of: 'memcg' | 'node'
}

/** A key of the limited cgroup's statistics, of its usage. */
export const memcgPart = (incident: Incident, ...keys: readonly string[]): Part | null => {
  const seen = limitedMemory(incident)
  return seen && partOf(seen, keys)
}

interface Seen {
  readonly memory: Pick<Cgroup, 'usageBytes' | 'stats'>
  readonly at: string
}

/** The same of memory that is at hand. */
export const partOf = (seen: Seen, keys: readonly string[]): Part | null => {
  const usage = seen.memory.usageBytes
  const key = keys.find(each => seen.memory.stats[each] !== undefined)
  const value = key === undefined ? undefined : seen.memory.stats[key]
  if (!usage || value === undefined) return null
  return {
    bytes: value,
    field: `${seen.at}.stats.${key}`,
    wholeBytes: usage,
    wholeField: `${seen.at}.usageBytes`,
    whole: 'the memory charged to the cgroup',
    of: 'memcg',
  }
}

/** A key of the first record of Mem-Info, of the RAM that the kernel manages. */
export const nodePart = (incident: Incident, key: string): Part | null => {
  const seen = nodeMemory(incident)
  const managed = seen ? managedBytes(seen.node) : null
  const value = seen?.node.stats[key]
  if (!seen || !managed || value === undefined) return null
  return {
    bytes: value,
    field: `${seen.at}.stats.${key}`,
    wholeBytes: managed,
    wholeField: `${seen.at}.ramBytes - ${seen.at}.reservedBytes`,
    whole: 'the RAM of the node',
    of: 'node',
  }
}

export const isAtLeast = (part: Part | null, fraction: number): part is Part =>
  part !== null && part.bytes >= fraction * part.wholeBytes

const many = 8 * 1024 * 1024

/** A share that is also much: in a cgroup of some MiB a few tables and stacks are a large part, and mean nothing. */
export const isMuch = (part: Part | null, fraction: number): part is Part =>
  isAtLeast(part, fraction) && part.bytes >= many

interface Words {
  readonly title: string
  readonly subject: string
  readonly meaning: string
  readonly advice: string
  readonly severity?: 'info' | 'warning'
  readonly references?: readonly string[]
}

/** The finding of a share: `Shared memory (tmpfs) was 120 MiB, 24 % of …. What that means.` */
export const shareFinding = (part: Part, words: Words): Found =>
  found({
    title: words.title,
    severity: words.severity ?? 'warning',
    confidence: 'computed',
    explanation: `${words.subject} held ${bytes(part.bytes)}, ${share(part.bytes, part.wholeBytes)} of ${part.whole} (${bytes(part.wholeBytes)}). ${words.meaning}`,
    evidence: [proof(part.field, part.bytes), proof(part.wholeField, part.wholeBytes)],
    advice: words.advice,
    references: words.references ?? [],
  })
