/** From kill to kill one part of the memory takes more of the limit. */
import type { Told } from '../model/told.ts'
import { mainReport } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'
import { isAtLeast, memcgPart, type Part, partOf } from './shares.ts'
import { sameLimit, timedKills } from './story.ts'
import { many, share } from './words.ts'

const parts = [
  { keys: ['slab', 'slab_unreclaimable'], name: 'Kernel objects (slab)' },
  { keys: ['total_shmem', 'shmem'], name: 'Shared memory and tmpfs files (shmem)' },
  { keys: ['pagetables'], name: 'Page tables' },
  { keys: ['sock'], name: 'Socket buffers (sock)' },
  { keys: ['kernel_stack'], name: 'Kernel stacks' },
] as const

/** What is remembered of an incident for this rule. */
export const growingKeys: readonly string[] = parts.flatMap(({ keys }) => keys)

const fraction = (part: Part): number => part.bytes / part.wholeBytes

/** The parts of the incidents that tell them, oldest first. */
const series = (incidents: readonly Told[], keys: readonly string[]): { incident: Told; part: Part }[] =>
  incidents.flatMap(incident => {
    const { memory } = incident.figures ?? {}
    const part = memory ? partOf({ memory, at: memory.at }, keys) : null
    return part ? [{ incident, part }] : []
  })

export const growingShare: Rule = {
  code: 'growing-share',
  examine: ({ incident, story }) => {
    if (!mainReport(incident) || !memcgPart(incident, 'anon', 'rss', 'total_rss')) return null
    const incidents = timedKills(sameLimit(story)).slice(-20)
    if (incidents.length < 4 || incidents.at(-1)?.id !== incident.id) return null
    for (const { keys, name } of parts) {
      const steps = series(incidents, keys)
      const first = steps[0]
      const last = steps.at(-1)
      if (!first || !last || steps.length < 4 || last.incident.id !== incident.id || !isAtLeast(last.part, 0.1))
        continue
      const rises = steps
        .slice(1)
        .filter((step, index) => fraction(step.part) >= fraction(steps[index]?.part ?? step.part)).length
      const isHighest = steps.every(step => fraction(step.part) <= fraction(last.part))
      if (!isHighest || rises < 0.7 * (steps.length - 1) || fraction(last.part) - fraction(first.part) < 0.1) continue
      return found({
        title: `More from kill to kill: ${name}`,
        severity: 'warning',
        confidence: 'computed',
        explanation: `${name} took ${share(first.part.bytes, first.part.wholeBytes)} of the memory in use at the first of the last ${many(steps.length, 'kill')} and ${share(last.part.bytes, last.part.wholeBytes)} now: this part grows.`,
        evidence: [
          proof('count(incidents at the same limit)', steps.length),
          proof(`incidents[id=${first.incident.id}].${first.part.field}`, first.part.bytes),
          proof(`incidents[id=${first.incident.id}].${first.part.wholeField}`, first.part.wholeBytes),
          proof(last.part.field, last.part.bytes),
          proof(last.part.wholeField, last.part.wholeBytes),
        ],
        advice: 'Follow this part in memory.stat of the cgroup over a day; the size of the processes is not the story.',
      })
    }
    return null
  },
}
