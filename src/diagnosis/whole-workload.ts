/** Several pods of one Deployment at once: a common cause. */
import { deploymentOf } from './commands.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'

export const wholeWorkload: Rule = {
  code: 'whole-workload',
  examine: ({ incident, around }) => {
    const name = deploymentOf(incident.pod?.name)
    if (!name || incident.scope === 'node') return null
    const pods = new Set<string | null>([incident.pod?.name ?? null])
    for (const other of around)
      if (
        other.kind === incident.kind &&
        other.scope !== 'node' &&
        other.deployment === name &&
        other.namespace === (incident.pod?.namespace ?? null) &&
        other.container === (incident.container?.name ?? null)
      )
        pods.add(other.podName)
    if (pods.size < 3) return null
    return found({
      title: 'Several pods of one workload at once',
      severity: 'warning',
      confidence: 'computed',
      explanation: `${pods.size} pods of ${name} on this node had an OOM within 10 min of this one: look for a common cause (load, a release, a bad request), not for one bad pod.`,
      evidence: [proof('count(pods of the same name within 10 min)', pods.size), proof('pod.name', incident.pod?.name)],
      advice: null,
    })
  },
}
