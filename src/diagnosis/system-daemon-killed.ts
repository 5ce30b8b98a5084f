/** A daemon of the host died: it pays for the pods. */
import { isInPod } from './facts.ts'
import { found, proofs } from './finding.ts'
import { nodeAgentKilled } from './node-agent-killed.ts'
import type { Rule } from './rule.ts'

export const systemDaemonKilled: Rule = {
  code: 'system-daemon-killed',
  examine: given => {
    const { incident } = given
    const path = incident.cgroup?.taskPath ?? null
    if (incident.kind !== 'kernel' || incident.scope !== 'node' || incident.container || nodeAgentKilled.examine(given))
      return null
    if (path === null || isInPod(path) || !/\/system\.slice\/[^/]+\.service$/.test(path)) return null
    const unit = incident.cgroup?.unit ?? path.slice(path.lastIndexOf('/') + 1)
    const victim = incident.victims[0]
    if (!victim) return null
    return found({
      title: `A service of the host was killed: ${unit}`,
      severity: 'critical',
      confidence: 'stated',
      explanation: `The whole node was short of memory and the kernel killed ${victim.comm ?? 'a process'} of ${unit}, a service of the host and no container.`,
      evidence: proofs([
        ['victims[0].comm', victim.comm],
        ['cgroup.taskPath', path],
        ['cgroup.unit', incident.cgroup?.unit],
      ]),
      advice:
        'Reserve memory for the host (--system-reserved, --eviction-hard of the kubelet) and look whether this service itself is the one that grew.',
      references: ['kubernetes: reserve compute resources for system daemons'],
    })
  },
}
