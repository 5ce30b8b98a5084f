/** Two witnesses of three: the runtime saw the exit and not the OOM. */
import { kernelKilled } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'
import { silentKill } from './silent-kill.ts'

export const runtimeMissed: Rule = {
  code: 'runtime-missed',
  examine: given => {
    const { incident } = given
    const { container } = incident
    if (!container || !kernelKilled(incident)) return null
    if (incident.runtimeEvents.some(event => event.type === 'TaskOOM')) return null
    // Only an exit that the runtime itself tells shows that its log was there to tell the OOM too.
    const index = incident.runtimeEvents.findIndex(
      event =>
        event.type === 'TaskExit' &&
        event.containerId === container.id &&
        event.exitCode === 137 &&
        event.source === 'containerd',
    )
    if (index < 0 || silentKill.examine(given)) return null
    return found({
      title: 'The runtime did not report the OOM',
      severity: 'warning',
      confidence: 'likely',
      explanation:
        'The kernel killed in this container and containerd reported its exit with 137, but no OOM event: Kubernetes may show the reason Error in place of OOMKilled.',
      evidence: [
        proof(`runtimeEvents[${index}].exitCode`, 137),
        proof('victims[0].pid', incident.victims[0]?.pid ?? null),
      ],
      advice: 'Trust the kernel here, and do not count OOM kills by the reason that Kubernetes shows.',
      references: ['containerd/containerd#8893', 'containerd/containerd#8180'],
    })
  },
}
