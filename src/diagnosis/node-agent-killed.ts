/** The kubelet or the container runtime died: the node itself is in danger. */
import { isInPod } from './facts.ts'
import { found, proofs } from './finding.ts'
import type { Rule } from './rule.ts'

const agents = new Set([
  'kubelet',
  'containerd',
  'dockerd',
  'crio',
  'containerd-shim',
  'containerd-shim-',
  'conmon',
  'kube-proxy',
])
const units = /^(?:kubelet|containerd|docker|crio|cri-docker|k3s|k3s-agent|rke2-server|rke2-agent)\.service$/

export const nodeAgentKilled: Rule = {
  code: 'node-agent-killed',
  examine: ({ incident }) => {
    if (incident.kind !== 'kernel' || isInPod(incident.cgroup?.taskPath ?? null)) return null
    const unit = incident.cgroup?.unit ?? null
    const index = incident.victims.findIndex(
      victim => victim.containerId === null && victim.comm !== null && agents.has(victim.comm),
    )
    const victim = incident.victims[index]
    const isUnit = unit !== null && units.test(unit) && incident.victims.length > 0
    // A daemon of that name in somebody's container is not the node's: its cgroup must be told and be no container, or,
    // where the kill line stands alone, its oom_score_adj must be one that no pod's container but a node's service has.
    const isTold = victim !== undefined && incident.cgroup !== null && incident.cgroup.taskPath !== null
    const isLikely = victim !== undefined && !isTold && victim.oomScoreAdj !== null && victim.oomScoreAdj <= 0
    if (incident.container || !(isUnit || isTold || isLikely)) return null
    const name = victim?.comm ?? unit
    return found({
      title: `A part of the node was killed: ${name}`,
      severity: 'critical',
      confidence: isUnit || isTold ? 'stated' : 'likely',
      explanation: `The kernel killed ${name}${isUnit && unit !== name ? ` of ${unit}` : ''}, which the node's containers depend on: expect the node to turn NotReady, lost events and restarts.`,
      evidence: proofs([
        [`victims[${index}].comm`, victim?.comm],
        ['cgroup.unit', unit],
        [`victims[${index}].oomScoreAdj`, isUnit || isTold ? null : victim?.oomScoreAdj],
        ['cgroup.taskPath', incident.cgroup?.taskPath],
      ]),
      advice:
        'Reserve memory for the node: --kube-reserved, --system-reserved and --eviction-hard of the kubelet; see that OOMScoreAdjust=-999 is set for these services.',
      references: ['kubernetes: reserve compute resources for system daemons'],
    })
  },
}
