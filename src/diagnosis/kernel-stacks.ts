/** Kernel stacks: a pile of threads. */

import type { Incident } from '../model/report.ts'
import { limitedMemory, managedBytes, nodeMemory } from './facts.ts'
import { kernelStackBytes } from './node-balance.ts'
import type { Rule } from './rule.ts'
import { isMuch, memcgPart, type Part, shareFinding } from './shares.ts'

const ofNode = (incident: Incident): Part | null => {
  const seen = nodeMemory(incident)
  const managed = seen ? managedBytes(seen.node) : null
  const stacks = seen ? kernelStackBytes(seen.node) : null
  if (!seen || !managed || stacks === null) return null
  return {
    bytes: stacks,
    field: `sum(${seen.at}.nodes[].stats.kernel_stack)`,
    wholeBytes: managed,
    wholeField: `${seen.at}.ramBytes - ${seen.at}.reservedBytes`,
    whole: 'the RAM of the node',
    of: 'node',
  }
}

export const kernelStacks: Rule = {
  code: 'kernel-stacks',
  examine: ({ incident }) => {
    const part = limitedMemory(incident) ? memcgPart(incident, 'kernel_stack') : ofNode(incident)
    if (!isMuch(part, 0.05)) return null
    return shareFinding(part, {
      title: 'Very many threads',
      subject: 'Stacks that the kernel keeps for threads',
      meaning: 'Each thread takes some KiB of it, so there were very many threads or processes.',
      advice:
        'Find the pile-up (ps -eLf on the node, or pids.current of the cgroup) and bound it: thread pools, or --pod-max-pids of the kubelet.',
      references: ['kernel: kernel_stack'],
    })
  },
}
