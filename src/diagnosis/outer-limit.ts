/** A cgroup above the pods set the limit: the node is itself a container (kind, LXC, a virtual node). */
import { isInPod, limitedMemory, limitOwner, mainReport } from './facts.ts'
import { found, proof, proofs } from './finding.ts'
import type { Rule } from './rule.ts'
import { bytes } from './words.ts'

export const outerLimit: Rule = {
  code: 'outer-limit',
  examine: ({ incident }) => {
    const limitPath = incident.cgroup?.limitPath
    const taskPath = incident.cgroup?.taskPath
    if (!limitPath || !taskPath || isInPod(limitPath) || !isInPod(taskPath) || !mainReport(incident)) return null
    if (!taskPath.startsWith(`${limitPath}/`) || !['container', 'other'].includes(limitOwner(limitPath))) return null
    const seen = limitedMemory(incident)
    const limit = seen?.memory.limitBytes ?? null
    return found({
      title: 'A limit around the whole node was reached',
      severity: 'critical',
      confidence: 'stated',
      explanation: `The limit that was hit${limit === null ? '' : ` (${bytes(limit)})`} is of ${limitPath}, above all pods: the node itself runs in that cgroup, so for its pods this is the node running out of memory.`,
      evidence: [
        proof('cgroup.limitPath', limitPath),
        proof('cgroup.taskPath', taskPath),
        ...proofs([[`${seen?.at}.limitBytes`, limit]]),
      ],
      advice: 'Give the container or machine that the node runs in more memory, or its pods less.',
      references: ['kernel: mem_cgroup_out_of_memory()'],
    })
  },
}
