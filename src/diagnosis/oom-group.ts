/** The whole container was killed with the chosen process. */
import { mainReport } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'

export const oomGroup: Rule = {
  code: 'oom-group',
  examine: ({ incident }) => {
    const seen = mainReport(incident)
    if (!seen || seen.report.constraint !== 'memcg' || (incident.scope !== 'container' && incident.scope !== 'pod'))
      return null
    const isPod = incident.scope === 'pod'
    const count = new Set(seen.report.victims.map(victim => victim.pid)).size
    if (count < 2 || seen.report.victims.some(victim => victim.score !== null)) return null
    return found({
      title: isPod ? 'Several processes were killed as a group' : 'All processes of the container were killed',
      severity: 'info',
      confidence: 'likely',
      explanation: `One report lists ${count} victims: ${isPod ? 'they are' : 'the container is'} killed as a group (memory.oom.group, which Kubernetes sets for containers from 1.28 on with cgroup v2).`,
      evidence: [proof(`count(${seen.at}.victims)`, count)],
      advice:
        'If the container should survive the death of one process, set singleProcessOOMKill: true in the configuration of the kubelet.',
      references: ['kernel: memory.oom.group', 'kubernetes/kubernetes#117793', 'kubernetes/kubernetes#126096'],
    })
  },
}
