/** The kubelet evicted the pod: no kill of the kernel. */
import { nameOr } from './commands.ts'
import { found, proof, proofs } from './finding.ts'
import type { Rule } from './rule.ts'

export const evicted: Rule = {
  code: 'evicted',
  examine: ({ incident }) => {
    if (incident.kind !== 'eviction') return null
    const index = incident.runtimeEvents.findIndex(event => event.type === 'Evicted')
    return found({
      title: 'Evicted by the kubelet, not killed by the kernel',
      severity: 'warning',
      confidence: 'stated',
      explanation:
        'The kubelet evicted the pod because the node was short of memory; the pod need not have reached any limit of its own.',
      evidence: [
        proof('kind', 'eviction'),
        ...proofs([[`runtimeEvents[${index}].source`, incident.runtimeEvents[index]?.source]]),
      ],
      advice: `Eviction takes pods first that use more than they request: set the memory request near the real use.\nSee the pressure: kubectl describe node ${nameOr(incident.host, 'NODE')}`,
      references: ['kubernetes: node-pressure eviction'],
    })
  },
}
