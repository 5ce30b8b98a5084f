/** Huge pages are set aside for those who ask for them, used or not. */
import { managedBytes, nodeMemory } from './facts.ts'
import { found, proof } from './finding.ts'
import { hugePageBytes } from './node-balance.ts'
import type { Rule } from './rule.ts'
import { bytes, share } from './words.ts'

export const hugePages: Rule = {
  code: 'huge-pages',
  examine: ({ incident }) => {
    const seen = nodeMemory(incident)
    const managed = seen ? managedBytes(seen.node) : null
    if (!seen || !managed) return null
    const reserved = hugePageBytes(seen.node)
    const free = seen.node.hugePages.reduce((sum, pool) => sum + pool.free * pool.sizeBytes, 0)
    if (free < 0.1 * managed) return null
    return found({
      title: 'Unused huge pages are set aside',
      severity: 'warning',
      confidence: 'computed',
      explanation: `${bytes(reserved)} is reserved as huge pages and ${bytes(free)} of it (${share(free, managed)} of the ${bytes(managed)} of RAM) was unused, which nobody else can have.`,
      evidence: [
        proof(`sum(${seen.at}.hugePages[]: total × sizeBytes)`, reserved),
        proof(`sum(${seen.at}.hugePages[]: free × sizeBytes)`, free),
        proof(`${seen.at}.ramBytes - ${seen.at}.reservedBytes`, managed),
      ],
      advice: 'Shrink the pool (vm.nr_hugepages, or hugepages= on the kernel command line) to what the pods request.',
      references: ['kernel: hugetlb'],
    })
  },
}
