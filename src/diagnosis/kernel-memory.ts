/** Kernel memory of the cgroup is large, and no part of it is large enough for a finding of its own. */
import { limitedMemory } from './facts.ts'
import { found, proof } from './finding.ts'
import { kernelSlab } from './kernel-slab.ts'
import { kernelStacks } from './kernel-stacks.ts'
import { memcgBalance } from './memcg-balance.ts'
import { pageTables } from './page-tables.ts'
import type { Rule } from './rule.ts'
import { bytes, share } from './words.ts'

export const kernelMemory: Rule = {
  code: 'kernel-memory',
  examine: given => {
    const seen = limitedMemory(given.incident)
    const balance = seen ? memcgBalance(seen.memory) : null
    if (!seen || !balance || balance.kernelBytes === null || balance.kernelBytes < 0.15 * balance.usageBytes)
      return null
    if ([kernelSlab, pageTables, kernelStacks].some(rule => rule.examine(given))) return null
    const isCounter = seen.memory.stats['kernel'] === undefined && seen.memory.stats['anon'] === undefined
    return found({
      title: 'Much kernel memory in the limit',
      severity: 'warning',
      confidence: 'computed',
      explanation: `The kernel held ${bytes(balance.kernelBytes)} on behalf of the cgroup, ${share(balance.kernelBytes, balance.usageBytes)} of the ${bytes(balance.usageBytes)} in use; it counts towards the limit but stands in no process.`,
      evidence: [
        proof(isCounter ? `${seen.at}.kmemUsageBytes` : `${seen.at}.stats: kernel memory`, balance.kernelBytes),
        proof(`${seen.at}.usageBytes`, balance.usageBytes),
      ],
      advice:
        'While it runs, memory.stat of the cgroup (memory.kmem.* on cgroup v1) and slabtop tell which part grows.',
      references: ['kernel: memory.stat'],
    })
  },
}
