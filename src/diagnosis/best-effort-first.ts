/** Short of memory, the node killed a BestEffort pod: these go first. */
import { bystander } from './bystander.ts'
import { setResources } from './commands.ts'
import { chosenVictim, isInPod, limitOwner, mainReport } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'

export const bestEffortFirst: Rule = {
  code: 'best-effort-first',
  examine: given => {
    const { incident } = given
    const chosen = chosenVictim(incident)
    const path = incident.cgroup?.limitPath ?? null
    const isNode = incident.scope === 'node' || (path !== null && limitOwner(path) === 'allocatable')
    if (!isNode || (!mainReport(incident) && incident.kernelReports.length > 0)) return null
    if (!chosen || chosen.victim.oomScoreAdj !== 1000 || !isInPod(incident.cgroup?.taskPath ?? null)) return null
    if (bystander.examine(given)) return null
    const change = setResources(incident, '--requests=memory=REQUEST')
    return found({
      title: 'A BestEffort pod goes first',
      severity: 'info',
      confidence: 'computed',
      explanation:
        'The victim has oom_score_adj 1000, which is a pod without requests and limits (BestEffort): the kernel takes such a process before any other of its size.',
      evidence: [proof(`${chosen.at}.oomScoreAdj`, 1000)],
      advice: `Nothing bounds such a pod and the scheduler counts no memory for it: give it a request, and a limit.${change ? `\nSet it: ${change}` : ''}`,
      references: ['kubernetes: QoS classes'],
    })
  },
}
