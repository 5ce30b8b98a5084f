/** By its name the container runs before the others. */
import { mainReport } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'

export const initContainer: Rule = {
  code: 'init-container',
  examine: ({ incident }) => {
    const name = incident.container?.name
    if (!name || !incident.pod || !mainReport(incident) || !/(?:^|-)init(?:-|$)/.test(name)) return null
    if (incident.scope !== 'container') return null
    return found({
      title: 'An init container was the victim',
      severity: 'info',
      confidence: 'likely',
      explanation: `By its name (${name}) this is an init container: it has a limit of its own, and the pod does not start until it ends well.`,
      evidence: [proof('container.name', name)],
      advice: 'Look at spec.initContainers of the pod, not at spec.containers.',
    })
  },
}
