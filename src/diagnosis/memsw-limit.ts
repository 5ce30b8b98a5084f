/** cgroup v1: memory and swap together reached their limit. */
import { isVersion1, limitedMemory, limitHolder } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'
import { bytes } from './words.ts'

export const memswLimit: Rule = {
  code: 'memsw-limit',
  examine: ({ incident }) => {
    const seen = limitedMemory(incident)
    if (!seen || !isVersion1(seen.memory)) return null
    const whose = limitHolder(incident)
    const { usageBytes, limitBytes, failcnt, swapUsageBytes, swapLimitBytes } = seen.memory
    if (usageBytes === null || swapUsageBytes === null || swapLimitBytes === null) return null
    if (swapUsageBytes < 0.99 * swapLimitBytes) return null
    if (limitBytes !== null && usageBytes >= 0.98 * limitBytes) {
      // nearly both: where memory was never refused, it was this one, which counts where it is the higher of the two
      if (failcnt !== 0 || swapLimitBytes <= limitBytes) return null
    }
    return found({
      title: 'Memory and swap together reached their limit',
      severity: 'warning',
      confidence: 'computed',
      explanation: `Memory and swap of ${whose} together were at ${bytes(swapUsageBytes)} of the ${bytes(swapLimitBytes)} allowed (its own limit), with ${bytes(usageBytes)} of it in memory.`,
      evidence: [
        proof(`${seen.at}.swapUsageBytes`, swapUsageBytes),
        proof(`${seen.at}.swapLimitBytes`, swapLimitBytes),
        proof(`${seen.at}.usageBytes`, usageBytes),
      ],
      advice: 'The limit that matters here is memory.memsw.limit_in_bytes (docker --memory-swap).',
      references: ['kernel: memory.memsw.limit_in_bytes'],
    })
  },
}
