/** The limit of a QoS class was hit. */
import { limitedMemory, limitOwner, mainReport } from './facts.ts'
import { found, proof, proofs } from './finding.ts'
import type { Rule } from './rule.ts'
import { bytes } from './words.ts'

export const qosLimit: Rule = {
  code: 'qos-limit',
  examine: ({ incident }) => {
    const path = incident.cgroup?.limitPath
    if (!path || !mainReport(incident) || limitOwner(path) !== 'qos') return null
    const seen = limitedMemory(incident)
    const limit = seen?.memory.limitBytes ?? null
    const name = path.includes('besteffort') ? 'BestEffort' : 'Burstable'
    return found({
      title: `All ${name} pods together reached a limit`,
      severity: 'critical',
      confidence: 'stated',
      explanation: `The limit that was hit is ${path}: all ${name} pods of the node together${limit === null ? '' : `, ${bytes(limit)}`}. No single pod need have broken a limit of its own.`,
      evidence: [proof('cgroup.limitPath', path), ...proofs([[`${seen?.at}.limitBytes`, limit]])],
      advice:
        'The kubelet sets such a limit for --qos-reserved=memory=…: lower that share, or set requests so that the pods that matter are Guaranteed.',
      references: ['kubernetes: --qos-reserved'],
    })
  },
}
