/** A shortage of the node took processes of several containers. */
import { mainReport } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'
import { many } from './words.ts'

export const severalContainers: Rule = {
  code: 'several-containers',
  examine: ({ incident }) => {
    if (incident.scope !== 'node' || !mainReport(incident)) return null
    const containers = new Set(incident.victims.map(victim => victim.containerId).filter(id => id !== null)).size
    if (containers < 2) return null
    return found({
      title: 'One shortage, several containers',
      severity: 'info',
      confidence: 'computed',
      explanation: `Short of memory, the node killed ${many(incident.victims.length, 'process', 'processes')} in ${containers} containers: look at the node, not at each of them.`,
      evidence: [
        proof('count(victims)', incident.victims.length),
        proof('count(distinct victims[].containerId)', containers),
      ],
      references: [],
    })
  },
}
