/** RAM that stands in none of the kernel's lists. */
import { nodeMemory } from './facts.ts'
import { found, proof } from './finding.ts'
import { nodeBalance } from './node-balance.ts'
import type { Rule } from './rule.ts'
import { bytes, share } from './words.ts'

export const nodeRemainder: Rule = {
  code: 'node-remainder',
  examine: ({ incident }) => {
    const seen = nodeMemory(incident)
    const balance = seen ? nodeBalance(seen.node) : null
    if (!seen || !balance || balance.missingBytes < 0.1 * balance.managedBytes) return null
    const used = (seen.node.swapTotalBytes ?? 0) - (seen.node.swapFreeBytes ?? 0)
    const isSwapping = seen.node.swapTotalBytes !== null && seen.node.swapFreeBytes !== null && used > 0
    return found({
      title: 'Memory is held outside of processes and caches',
      severity: 'warning',
      confidence: 'computed',
      explanation: `${bytes(balance.missingBytes)} (${share(balance.missingBytes, balance.managedBytes)}) of the ${bytes(balance.managedBytes)} of RAM stands in none of the kernel's lists: no process, cache or slab holds it.`,
      evidence: [
        proof(`${seen.at}.ramBytes - ${seen.at}.reservedBytes`, balance.managedBytes),
        proof(`${seen.at}: free + lists + kernel + huge pages`, balance.accountedBytes),
        proof('RAM - accounted', balance.missingBytes),
      ],
      advice: `The log cannot tell who holds it. Candidates: ${isSwapping ? 'compressed swap (zram, zswap), ' : ''}the balloon of a hypervisor, drivers of GPU, network or RDMA, vmalloc (/proc/vmallocinfo).`,
    })
  },
}
