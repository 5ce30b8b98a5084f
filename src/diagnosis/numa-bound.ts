/** The memory nodes that this process may use were full; others need not be. */
import { mainReport, nodeMemory } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'
import { bytes } from './words.ts'

export const numaBound: Rule = {
  code: 'numa-bound',
  examine: ({ incident }) => {
    const seen = mainReport(incident)
    const constraint = seen?.report.constraint
    if (!seen || (constraint !== 'cpuset' && constraint !== 'memory_policy')) return null
    const node = nodeMemory(incident)
    const allowed = node?.node.zones.reduce((sum, zone) => sum + (zone.freeBytes ?? 0), 0) ?? null
    const all = node?.node.freeBytes ?? null
    const evidence = [proof(`${seen.at}.constraint`, constraint)]
    // only pages that can be moved away come from the zone Movable, however much of it is free
    const flags = seen.report.trigger?.gfpFlags ?? null
    const isUnusable =
      flags !== null &&
      !flags.some(flag => flag.includes('MOVABLE')) &&
      node !== null &&
      node.node.zones.length > 0 &&
      node.node.zones.every(({ zone }) => zone === 'Movable')
    if (isUnusable) evidence.push(proof(`${seen.at}.trigger.gfpFlags`, flags.join('|')))
    let numbers = ''
    // Mem-Info prints the zones of the allowed nodes only, but counts the free pages of all.
    if (node && allowed !== null && all !== null && node.node.zones.length > 0 && all > 2 * allowed) {
      numbers = ` The allowed memory nodes had ${bytes(allowed)} free, the whole machine ${bytes(all)}.`
      evidence.push(proof(`sum(${node.at}.zones[].freeBytes)`, allowed), proof(`${node.at}.freeBytes`, all))
    }
    return found({
      title: isUnusable ? 'Bound to memory nodes that serve no such request' : 'Bound to memory nodes that were full',
      severity: 'critical',
      confidence: 'stated',
      explanation: `${constraint === 'cpuset' ? 'The cpuset of the process allows' : 'The memory policy of the process allows'} only some memory nodes (NUMA), and these ${isUnusable ? 'have nothing but the zone Movable, from which the kernel may not serve a request that was not for movable memory, however much is free' : 'were full'}.${numbers}`,
      evidence,
      advice:
        constraint === 'cpuset'
          ? 'See cpuset.mems of the cgroup and the policies of the CPU, Memory and Topology Manager of the kubelet; numastat -m shows use per memory node.'
          : 'See the use: numastat -p PID\nThe policy is set by numactl --membind or by mbind() in the program.',
      references: [
        constraint === 'cpuset' ? 'kernel: CONSTRAINT_CPUSET' : 'kernel: CONSTRAINT_MEMORY_POLICY',
        'kubernetes: Memory Manager',
      ],
    })
  },
}
