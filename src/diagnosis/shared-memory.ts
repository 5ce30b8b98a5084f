/** tmpfs and shared memory: files that no process need hold open. */
import { limitedMemory } from './facts.ts'
import type { Rule } from './rule.ts'
import { isAtLeast, memcgPart, nodePart, shareFinding } from './shares.ts'

export const sharedMemory: Rule = {
  code: 'shared-memory',
  examine: ({ incident }) => {
    const part = limitedMemory(incident) ? memcgPart(incident, 'total_shmem', 'shmem') : nodePart(incident, 'shmem')
    if (!isAtLeast(part, 0.2)) return null
    return shareFinding(part, {
      title: 'Shared memory (tmpfs) counts as memory',
      subject: 'tmpfs files and shared memory (shmem)',
      meaning:
        'It belongs to no single process, so a kill frees it only when the last user or the volume goes; monitoring that shows it as cache misleads.',
      advice:
        part.of === 'memcg'
          ? 'Look for volumes emptyDir with medium: Memory (set their sizeLimit and count it into the limit), for /dev/shm, and for shared buffers of a database.'
          : 'Look for pods with emptyDir medium: Memory, for /dev/shm and other tmpfs mounts (df -t tmpfs), and for shared buffers of databases.',
      references: ['kernel: shmem', 'kubernetes: emptyDir medium Memory'],
    })
  },
}
