/** The limit of all pods together was hit: the node is short, though the constraint reads MEMCG. */
import { nameOr } from './commands.ts'
import { limitedMemory, limitOwner, mainReport } from './facts.ts'
import { found, proof, proofs } from './finding.ts'
import type { Rule } from './rule.ts'
import { bytes } from './words.ts'

export const allocatableLimit: Rule = {
  code: 'allocatable-limit',
  examine: ({ incident }) => {
    const path = incident.cgroup?.limitPath
    if (!path || !mainReport(incident) || limitOwner(path) !== 'allocatable') return null
    const seen = limitedMemory(incident)
    const limit = seen?.memory.limitBytes ?? null
    return found({
      title: 'All pods together reached what the node allots them',
      severity: 'critical',
      confidence: 'stated',
      explanation: `The limit that was hit is ${path}: all pods of the node together${limit === null ? '' : `, ${bytes(limit)}`} (node allocatable). No single pod need have broken a limit of its own.`,
      evidence: [proof('cgroup.limitPath', path), ...proofs([[`${seen?.at}.limitBytes`, limit]])],
      advice: `Pods may use more than the node has: give pods limits near their requests, move some away, or reserve less.\nSee what is promised (Allocatable, Allocated resources): kubectl describe node ${nameOr(incident.host, 'NODE')}\nSee who uses most now: kubectl top pod -A --sort-by=memory`,
      references: ['kubernetes: node allocatable, --enforce-node-allocatable'],
    })
  },
}
