/** A daemon of the host died: it pays for the pods. */
import { badness } from './badness.ts'
import { isInPod, mainReport } from './facts.ts'
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
    const seen = mainReport(incident)
    const answer = seen ? badness(seen.report) : null
    // The one that held most is itself what grew, not a victim of the pods.
    const isBiggest = answer !== null && answer.biggest.row === answer.victim.row
    return found({
      title: `A service of the host was killed: ${unit}`,
      severity: isBiggest ? 'warning' : 'critical',
      confidence: 'stated',
      explanation: `For the node as a whole the kernel killed ${victim.comm ?? 'a process'} of ${unit}, a service of the host and no container${isBiggest ? ', which held more memory than any other process' : ''}.`,
      evidence: proofs([
        ['victims[0].comm', victim.comm],
        ['cgroup.taskPath', path],
        ['cgroup.unit', incident.cgroup?.unit],
      ]),
      advice: isBiggest
        ? `Look at this service first: what it grew by, and whether MemoryMax= should bound it.`
        : 'On a Kubernetes node, reserve memory for the host: --system-reserved and --eviction-hard of the kubelet.',
      references: ['kubernetes: reserve compute resources for system daemons'],
    })
  },
}
