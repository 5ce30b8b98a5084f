/** The parts of the cgroup's memory do not add up to its use. */
import { limitedMemory } from './facts.ts'
import { found, proof } from './finding.ts'
import { memcgBalance } from './memcg-balance.ts'
import type { Rule } from './rule.ts'
import { bytes, share } from './words.ts'

export const memcgRemainder: Rule = {
  code: 'memcg-remainder',
  examine: ({ incident }) => {
    const seen = limitedMemory(incident)
    const balance = seen ? memcgBalance(seen.memory) : null
    // The one line of old kernels is of a single cgroup and not of those below it: its sum proves nothing.
    if (!seen || !balance?.hierarchical || balance.remainderBytes === null || balance.accountedBytes === null)
      return null
    if (balance.remainderBytes < 0.1 * balance.usageBytes || balance.remainderBytes < 8 * 1024 * 1024) return null
    return found({
      title: 'Part of the use is not accounted for',
      severity: 'info',
      confidence: 'computed',
      explanation: `Of ${bytes(balance.usageBytes)} in use the statistics explain ${bytes(balance.accountedBytes)}; ${bytes(balance.remainderBytes)} (${share(balance.remainderBytes, balance.usageBytes)}) stands in none of them.`,
      evidence: [
        proof(`${seen.at}.usageBytes`, balance.usageBytes),
        proof(`${seen.at}.stats: anonymous + file + kernel + sockets`, balance.accountedBytes),
        proof('usage - accounted', balance.remainderBytes),
      ],
      references: ['kernel: memory.stat'],
    })
  },
}
