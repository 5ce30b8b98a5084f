/** The victim paid for somebody bigger: its oom_score_adj decided. */
import { badness } from './badness.ts'
import { isInPod, limitOwner, mainReport } from './facts.ts'
import { found, proof } from './finding.ts'
import { qosOf } from './qos.ts'
import type { Rule } from './rule.ts'
import { bytes } from './words.ts'

export const bystander: Rule = {
  code: 'bystander',
  examine: ({ incident }) => {
    const seen = mainReport(incident)
    const path = incident.cgroup?.limitPath ?? null
    // Below a container's limit every process is of that container.
    const isWide =
      incident.scope === 'node' ||
      incident.scope === 'pod' ||
      (path !== null && ['allocatable', 'qos', 'other'].includes(limitOwner(path)))
    if (!seen || !isWide) return null
    const answer = badness(seen.report)
    if (!answer?.explained) return null
    const { victim, biggest } = answer
    const own = victim.row.oomScoreAdj ?? 0
    const other = biggest.row.oomScoreAdj ?? 0
    if (biggest.row === victim.row || own <= other || victim.memoryBytes > 0.5 * biggest.memoryBytes) return null
    const isPods = isInPod(incident.cgroup?.taskPath ?? null)
    const qos = isPods ? qosOf(own) : null
    return found({
      title: `${victim.row.comm} paid for a bigger process`,
      severity: 'warning',
      confidence: 'computed',
      explanation:
        other <= -1000
          ? `${victim.row.comm} held ${bytes(victim.memoryBytes)} and was killed because ${biggest.row.comm}, which held ${bytes(biggest.memoryBytes)}, may not be killed (oom_score_adj ${other}).`
          : `${victim.row.comm} was killed because of its oom_score_adj of ${own}${qos ? ` (${qos})` : ''}, not for its size: it held ${bytes(victim.memoryBytes)}, while ${biggest.row.comm} with oom_score_adj ${other} held ${bytes(biggest.memoryBytes)}.`,
      evidence: [
        proof(`${seen.at}.processes[${victim.index}].oomScoreAdj`, own),
        proof(`${seen.at}.processes[${victim.index}]: rssBytes + pageTableBytes + swapBytes`, victim.memoryBytes),
        proof(`${seen.at}.processes[${biggest.index}].oomScoreAdj`, other),
        proof(`${seen.at}.processes[${biggest.index}]: rssBytes + pageTableBytes + swapBytes`, biggest.memoryBytes),
      ],
      advice: `Look at ${biggest.row.comm} first.${isPods ? ' To protect the victim, give its container a memory request (its oom_score_adj falls with it).' : ''}`,
      references: ['kernel: oom_badness()', 'kubernetes: oom_score_adj by QoS class'],
    })
  },
}
