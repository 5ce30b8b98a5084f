/** Data waiting for a disk. */
import { managedBytes, nodeMemory } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'
import { bytes, share } from './words.ts'

export const dirtyPages: Rule = {
  code: 'dirty-pages',
  examine: ({ incident }) => {
    const seen = nodeMemory(incident)
    const managed = seen ? managedBytes(seen.node) : null
    const dirty = seen?.node.stats['dirty']
    const writeback = seen?.node.stats['writeback']
    if (!seen || !managed || dirty === undefined || writeback === undefined || dirty + writeback < 0.1 * managed)
      return null
    return found({
      title: 'Much data waited to be written',
      severity: 'warning',
      confidence: 'computed',
      explanation: `${bytes(dirty + writeback)} (${share(dirty + writeback, managed)} of the ${bytes(managed)} of RAM) waited to be written to disk and could not be dropped.`,
      evidence: [
        proof(`${seen.at}.stats.dirty`, dirty),
        proof(`${seen.at}.stats.writeback`, writeback),
        proof(`${seen.at}.ramBytes - ${seen.at}.reservedBytes`, managed),
      ],
      advice: 'Look for slow or hung storage: hung-task and I/O error lines around this time.',
      references: ['kernel: dirty, writeback'],
    })
  },
}
