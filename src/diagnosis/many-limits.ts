/** Other containers of the host reached limits of their own at the same time, and the node was not short. */
import { mainReport } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'
import { wholeWorkload } from './whole-workload.ts'

export const manyLimits: Rule = {
  code: 'many-limits',
  examine: given => {
    const { incident, around } = given
    if (incident.scope !== 'container' || !mainReport(incident)) return null
    const pods = new Set<string>()
    for (const { kind, scope, podUid } of around) {
      if (scope === 'node') return null
      if (kind === 'kernel' && scope === 'container' && podUid && podUid !== incident.pod?.uid) pods.add(podUid)
    }
    if (pods.size < 3 || wholeWorkload.examine(given)) return null
    return found({
      title: 'Several pods reached limits of their own',
      severity: 'info',
      confidence: 'computed',
      explanation: `${pods.size} other pods of this node reached limits of their own within 10 min, and the node did not run out: the limits are tight, the node is not.`,
      evidence: [proof('count(other pods with a limit reached within 10 min)', pods.size)],
      advice: 'Look at the limits together (a common default, a LimitRange): kubectl get limitrange -A',
    })
  },
}
