/** The limit of a cgroup that is neither a pod's nor a unit's was hit. */
import { limitedMemory, limitOwner, mainReport } from './facts.ts'
import { found, proof, proofs } from './finding.ts'
import { outerLimit } from './outer-limit.ts'
import type { Rule } from './rule.ts'
import { bytes } from './words.ts'

export const cgroupLimit: Rule = {
  code: 'cgroup-limit',
  examine: given => {
    const { incident } = given
    const path = incident.cgroup?.limitPath
    if (incident.scope !== 'cgroup' || !path || !mainReport(incident) || outerLimit.examine(given)) return null
    if (!['container', 'other'].includes(limitOwner(path))) return null
    const seen = limitedMemory(incident)
    const limit = seen?.memory.limitBytes ?? null
    return found({
      title: 'The limit of a cgroup was reached',
      severity: 'warning',
      confidence: 'stated',
      explanation: `The limit that was hit${limit === null ? '' : ` (${bytes(limit)})`} is of ${path}; the node as a whole was not the reason.`,
      evidence: [proof('cgroup.limitPath', path), ...proofs([[`${seen?.at}.limitBytes`, limit]])],
      references: ['kernel: mem_cgroup_out_of_memory()'],
    })
  },
}
