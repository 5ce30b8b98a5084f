/** Page cache is often blamed: it was as good as empty. Never together with page-cache-left, which needs ten times as much. */
import { limitedMemory } from './facts.ts'
import { found, proof } from './finding.ts'
import { balanceHolds, memcgBalance } from './memcg-balance.ts'
import type { Rule } from './rule.ts'
import { bytes } from './words.ts'

export const pageCacheNotCause: Rule = {
  code: 'page-cache-not-cause',
  examine: ({ incident }) => {
    const seen = limitedMemory(incident)
    const balance = seen ? memcgBalance(seen.memory) : null
    if (!seen || !balance || balance.cacheBytes === null || !balanceHolds(balance)) return null
    if (balance.cacheBytes >= 0.01 * balance.usageBytes || incident.scope === 'node') return null
    return found({
      title: 'Page cache was not the cause',
      severity: 'info',
      confidence: 'computed',
      explanation: `Page cache was ${bytes(balance.cacheBytes)} of the ${bytes(balance.usageBytes)} in use: files read from disk or written to it did not fill the limit.`,
      evidence: [
        proof(`${seen.at}.stats.${balance.keys.file} - ${seen.at}.stats.${balance.keys.shmem}`, balance.cacheBytes),
        proof(`${seen.at}.usageBytes`, balance.usageBytes),
      ],
    })
  },
}
