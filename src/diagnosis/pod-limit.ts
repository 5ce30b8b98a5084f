/** The limit of the pod as a whole was hit. */
import { limitAdvice } from './commands.ts'
import { limitedMemory, mainReport } from './facts.ts'
import { found, proof, proofs } from './finding.ts'
import { limitLowered } from './limit-lowered.ts'
import type { Rule } from './rule.ts'
import { bytes } from './words.ts'

export const podLimit: Rule = {
  code: 'pod-limit',
  examine: given => {
    const { incident } = given
    if (incident.scope !== 'pod' || !mainReport(incident) || limitLowered.examine(given)) return null
    const seen = limitedMemory(incident)
    const limit = seen?.memory.limitBytes ?? null
    const name = incident.container?.name
    return found({
      title: 'The pod as a whole reached its memory limit',
      severity: 'warning',
      confidence: 'stated',
      explanation: `The limit that was hit${limit === null ? '' : ` (${bytes(limit)})`} is the pod's: its containers and its memory-backed volumes together${name ? `, so container ${name}, which lost a process, need not be the one that grew` : ''}. With a single container the pod's limit is that container's.`,
      evidence: proofs([
        ['cgroup.limitPath', incident.cgroup?.limitPath],
        [`${seen?.at}.limitBytes`, limit],
        ['container.name', name],
      ]).concat(incident.cgroup?.limitPath ? [] : [proof('scope', incident.scope)]),
      advice: limitAdvice(incident, true),
      references: ['containerd/containerd#6323', 'kubernetes: pod-level resources'],
    })
  },
}
