/** Page cache that was not dropped before the kill. */
import { limitedMemory } from './facts.ts'
import { found, proof, proofs } from './finding.ts'
import { memcgBalance } from './memcg-balance.ts'
import type { Rule } from './rule.ts'
import { bytes, share } from './words.ts'

export const pageCacheLeft: Rule = {
  code: 'page-cache-left',
  examine: ({ incident }) => {
    const seen = limitedMemory(incident)
    const balance = seen ? memcgBalance(seen.memory) : null
    if (seen && balance && balance.shmemBytes === null && balance.fileBytes >= 0.2 * balance.usageBytes)
      return found({
        title: 'File pages fill much of the limit',
        severity: 'warning',
        confidence: 'likely',
        explanation: `File pages were ${bytes(balance.fileBytes)}, ${share(balance.fileBytes, balance.usageBytes)} of the ${bytes(balance.usageBytes)} in use. This kernel counts tmpfs and shared memory among them without telling how much; clean page cache is dropped before a kill, so tmpfs or shared memory is more likely.`,
        evidence: [
          proof(`${seen.at}.stats.${balance.keys.file}`, balance.fileBytes),
          proof(`${seen.at}.usageBytes`, balance.usageBytes),
        ],
        advice: 'Look for volumes emptyDir with medium: Memory, for /dev/shm, and for shared buffers of a database.',
        references: ['kernel: memory.stat cache'],
      })
    if (!seen || !balance || balance.cacheBytes === null || balance.cacheBytes < 0.1 * balance.usageBytes) return null
    const { stats } = seen.memory
    const dirty = (stats['file_dirty'] ?? stats['dirty'] ?? 0) + (stats['file_writeback'] ?? stats['writeback'] ?? 0)
    const isDirty = dirty >= 0.5 * balance.cacheBytes
    return found({
      title: 'Page cache was left when the limit was hit',
      severity: 'warning',
      confidence: 'computed',
      explanation: `${bytes(balance.cacheBytes)} of page cache, ${share(balance.cacheBytes, balance.usageBytes)} of the ${bytes(balance.usageBytes)} in use, was still there: ${
        isDirty
          ? `${bytes(dirty)} of it waited to be written to disk.`
          : 'the kernel drops clean cache before it kills, so it could not free this in time or it is locked.'
      }`,
      evidence: [
        proof(`${seen.at}.stats.${balance.keys.file} - ${seen.at}.stats.${balance.keys.shmem}`, balance.cacheBytes),
        proof(`${seen.at}.usageBytes`, balance.usageBytes),
        ...proofs([[`${seen.at}.stats: dirty + writeback`, isDirty ? dirty : null]]),
      ],
      advice: isDirty ? 'Look for slow or hung storage at that time; the writer is faster than the disk.' : null,
    })
  },
}
