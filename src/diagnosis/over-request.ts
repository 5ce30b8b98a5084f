/** On a node that is short, a pod used more than it asked the scheduler for. */
import { setResources } from './commands.ts'
import { chosenVictim, isInPod, managedBytes, nodeMemory } from './facts.ts'
import { found, proof, proofs } from './finding.ts'
import { requestBounds } from './qos.ts'
import type { Rule } from './rule.ts'
import { bytes } from './words.ts'

export const overRequest: Rule = {
  code: 'over-request',
  examine: ({ incident }) => {
    const seen = nodeMemory(incident)
    const managed = seen ? managedBytes(seen.node) : null
    const chosen = chosenVictim(incident)
    const bounds = requestBounds(chosen?.victim.oomScoreAdj ?? null)
    // Pages that it shares with others need not be counted to its pod.
    const own = chosen?.victim.anonRssBytes ?? null
    if (incident.constraint !== 'none') return null
    if (!seen || !managed || !chosen || !bounds || own === null || !isInPod(incident.cgroup?.taskPath ?? null))
      return null
    if (own <= 1.1 * bounds.high * managed) return null
    const adj = chosen.victim.oomScoreAdj
    const who = chosen.victim.comm ?? 'the victim'
    const change = setResources(incident, '--requests=memory=REQUEST')
    return found({
      title: `${who} used more than it requested`,
      severity: 'warning',
      confidence: 'computed',
      explanation: `The oom_score_adj of ${who}, ${adj}, means a memory request ${bounds.low === 0 ? 'below' : `between ${bytes(bounds.low * managed)} and`} ${bytes(bounds.high * managed)}${bounds.low === 0 ? ', or none' : ''}, but the process alone had ${bytes(own)} of private memory.`,
      evidence: [
        ...proofs([[`${chosen.at}.comm`, chosen.victim.comm]]),
        proof(`${chosen.at}.oomScoreAdj`, adj),
        ...(bounds.low === 0 ? [] : [proof('(1000 - oomScoreAdj) / 1000 × RAM', bounds.low * managed)]),
        proof('(1001 - oomScoreAdj) / 1000 × RAM', bounds.high * managed),
        proof(`${chosen.at}.anonRssBytes`, own),
      ],
      advice: `The scheduler counts requests, so the node was fuller than it knew: set the request near the real use.${change ? `\nSet it: ${change}` : ''}`,
      references: ['kubernetes: oom_score_adj by QoS class'],
    })
  },
}
