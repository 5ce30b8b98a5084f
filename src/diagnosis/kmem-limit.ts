/** cgroup v1: the limit of kernel memory was hit, not that of memory. */
import { limitedMemory, limitHolder } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'
import { bytes } from './words.ts'

export const kmemLimit: Rule = {
  code: 'kmem-limit',
  examine: ({ incident }) => {
    const seen = limitedMemory(incident)
    if (!seen) return null
    const whose = limitHolder(incident)
    const { kmemUsageBytes, kmemLimitBytes, usageBytes, limitBytes } = seen.memory
    if (kmemUsageBytes === null || kmemLimitBytes === null || kmemUsageBytes < 0.99 * kmemLimitBytes) return null
    if (usageBytes === null || (limitBytes !== null && usageBytes >= 0.98 * limitBytes)) return null
    return found({
      title: 'The limit of kernel memory was reached',
      severity: 'warning',
      confidence: 'computed',
      explanation: `Kernel memory of ${whose} was at its own limit of ${bytes(kmemLimitBytes)} (${bytes(kmemUsageBytes)} in use), while ${bytes(usageBytes)} was in use in all.`,
      evidence: [
        proof(`${seen.at}.kmemUsageBytes`, kmemUsageBytes),
        proof(`${seen.at}.kmemLimitBytes`, kmemLimitBytes),
        proof(`${seen.at}.usageBytes`, usageBytes),
      ],
      advice:
        'Set no limit for kernel memory (memory.kmem.limit_in_bytes): it is deprecated, and the memory limit counts kernel memory anyway.',
      references: ['kernel: memory.kmem.limit_in_bytes'],
    })
  },
}
