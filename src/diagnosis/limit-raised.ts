/** The limit was raised since an earlier kill, and the container filled the higher one as well. */
import type { Told } from '../model/told.ts'
import { mainReport } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'
import { timedKills } from './story.ts'
import { bytes, stamp } from './words.ts'

const ownLimit = ({ kind, scope, limitBytes }: Pick<Told, 'kind' | 'scope' | 'limitBytes'>): number | null =>
  kind === 'kernel' && scope === 'container' ? limitBytes : null

export const limitRaised: Rule = {
  code: 'limit-raised',
  examine: ({ incident, earlier }) => {
    const { kind, scope, cgroup } = incident
    const limit = ownLimit({ kind, scope, limitBytes: cgroup?.limitBytes ?? null })
    const name = incident.container?.name
    if (limit === null || !name || !mainReport(incident)) return null
    // The last one at another limit: of older ones the story has moved on.
    const before = timedKills(earlier).findLast(other => {
      const theirs = ownLimit(other)
      return other.container === name && theirs !== null && theirs !== limit
    })
    const lower = before ? ownLimit(before) : null
    if (!before?.time || lower === null || lower > 0.95 * limit) return null
    return found({
      title: 'A higher limit was filled as well',
      severity: 'warning',
      confidence: 'computed',
      explanation: `At the kill of ${stamp(before.time)} the limit of this container was ${bytes(lower)}; now it is ${bytes(limit)}, and that was reached too.`,
      evidence: [
        proof(`incidents[id=${before.id}].time`, before.time),
        proof(`incidents[id=${before.id}].cgroup.limitBytes`, lower),
        proof('cgroup.limitBytes', limit),
      ],
      advice:
        'Before it is raised again, find out whether its use ever levels off: a heap profile, or its use over a day.',
    })
  },
}
