/** Several pods of one Deployment at once: a common cause. */
import { deploymentOf } from './commands.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'

export const wholeWorkload: Rule = {
  code: 'whole-workload',
  examine: ({ incident, around }) => {
    const name = deploymentOf(incident.pod?.name)
    if (!name || incident.scope === 'node') return null
    const pods = new Set([incident.pod?.name])
    for (const other of around)
      if (
        other.kind === incident.kind &&
        other.scope !== 'node' &&
        other.pod?.namespace === incident.pod?.namespace &&
        deploymentOf(other.pod?.name) === name &&
        other.container?.name === incident.container?.name
      )
        pods.add(other.pod?.name ?? null)
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
