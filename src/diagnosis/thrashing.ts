/** The container read its own files again and again before it died. */
import { limitedMemory } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'
import { share } from './words.ts'

export const thrashing: Rule = {
  code: 'thrashing',
  examine: ({ incident }) => {
    const seen = limitedMemory(incident)
    const faults = seen?.memory.stats['pgfault']
    const major = seen?.memory.stats['pgmajfault']
    if (!seen || faults === undefined || major === undefined || faults <= 0 || major > faults) return null
    if (major < 10_000 || major < 0.1 * faults) return null
    return found({
      title: 'It was thrashing before it died',
      severity: 'info',
      confidence: 'likely',
      explanation: `${major} of ${faults} page faults (${share(major, faults)}) had to read from disk: over its life the working set did not fit, so it was slow before it was killed.`,
      evidence: [proof(`${seen.at}.stats.pgmajfault`, major), proof(`${seen.at}.stats.pgfault`, faults)],
      advice: 'Alert on memory pressure (memory.pressure of the cgroup): it shows before the kill.',
      references: ['kernel: pgmajfault'],
    })
  },
}
