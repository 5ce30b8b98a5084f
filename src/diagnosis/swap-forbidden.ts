/** The limited cgroup may not swap. In Kubernetes that is the default and says nothing; elsewhere it may surprise. */
import { isInPod, isVersion1, limitedMemory } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'

export const swapForbidden: Rule = {
  code: 'swap-forbidden',
  examine: ({ incident }) => {
    const seen = limitedMemory(incident)
    const path = incident.cgroup?.limitPath ?? null
    if (!seen || path === null || isInPod(path) || incident.pod || isVersion1(seen.memory)) return null
    if (seen.memory.swapLimitBytes !== 0) return null
    return found({
      title: 'This cgroup may not swap',
      severity: 'info',
      confidence: 'stated',
      explanation: 'The limit of swap of this cgroup is 0, so swap of the host, if there is any, could not help it.',
      evidence: [proof(`${seen.at}.swapLimitBytes`, 0)],
      advice: 'If it should swap, set MemorySwapMax= of the unit (docker --memory-swap).',
    })
  },
}
