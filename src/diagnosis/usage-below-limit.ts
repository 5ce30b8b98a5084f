/** The kernel killed although the printed use is below the printed limit. */
import { limitedMemory } from './facts.ts'
import { found, proof } from './finding.ts'
import { kmemLimit } from './kmem-limit.ts'
import { limitLowered } from './limit-lowered.ts'
import { memswLimit } from './memsw-limit.ts'
import type { Rule } from './rule.ts'
import { bytes, share } from './words.ts'

export const usageBelowLimit: Rule = {
  code: 'usage-below-limit',
  examine: given => {
    const seen = limitedMemory(given.incident)
    const usage = seen?.memory.usageBytes
    const limit = seen?.memory.limitBytes
    if (!seen || !usage || !limit || usage >= 0.98 * limit) return null
    if ([kmemLimit, memswLimit, limitLowered].some(rule => rule.examine(given))) return null
    return found({
      title: 'The use printed is below the limit',
      severity: 'info',
      confidence: 'likely',
      explanation: `At the report ${bytes(usage)} was in use, ${share(usage, limit)} of the limit of ${bytes(limit)}: memory was most likely freed while the report was printed.`,
      evidence: [proof(`${seen.at}.usageBytes`, usage), proof(`${seen.at}.limitBytes`, limit)],
    })
  },
}
