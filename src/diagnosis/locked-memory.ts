/** Memory that may not be moved or dropped. */
import type { Rule } from './rule.ts'
import { isAtLeast, memcgPart, nodePart, shareFinding } from './shares.ts'

export const lockedMemory: Rule = {
  code: 'locked-memory',
  examine: ({ incident }) => {
    const part = memcgPart(incident, 'total_unevictable', 'unevictable') ?? nodePart(incident, 'unevictable')
    if (!isAtLeast(part, 0.2)) return null
    return shareFinding(part, {
      title: 'Much memory is locked',
      subject: 'Memory that the kernel may not reclaim (unevictable)',
      meaning: 'Programs lock memory with mlock; ramfs and shared memory can be locked too.',
      advice: 'Find who locks: VmLck in /proc/PID/status on the node.',
      references: ['kernel: unevictable'],
    })
  },
}
