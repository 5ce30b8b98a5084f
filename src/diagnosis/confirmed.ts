/** Three witnesses agree. */
import { kernelKilled } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'

export const confirmed: Rule = {
  code: 'confirmed',
  examine: ({ incident }) => {
    const { container } = incident
    if (!container || !kernelKilled(incident)) return null
    const oom = incident.runtimeEvents.findIndex(
      event => event.type === 'TaskOOM' && event.containerId === container.id,
    )
    const exit = incident.runtimeEvents.findIndex(
      event =>
        (event.type === 'TaskExit' || event.type === 'ContainerDied') &&
        event.containerId === container.id &&
        event.exitCode === 137,
    )
    if (oom < 0 || exit < 0) return null
    return found({
      title: 'Kernel and runtime agree',
      severity: 'info',
      confidence: 'stated',
      explanation:
        "The kernel's kill, the runtime's OOM event and the exit with 137 are all in the log for this container.",
      evidence: [
        proof('victims[0].pid', incident.victims[0]?.pid ?? null),
        proof(`runtimeEvents[${oom}].type`, 'TaskOOM'),
        proof(`runtimeEvents[${exit}].exitCode`, 137),
      ],
    })
  },
}
