/** The first kill of this workload after days of quiet: something changed. */
import { timeMs } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'
import { timedKills } from './story.ts'
import { span } from './words.ts'

const atLeastSeconds = 3 * 86_400

export const afterQuiet: Rule = {
  code: 'after-quiet',
  examine: ({ incident, earlier }) => {
    const now = timeMs(incident.time)
    const last = timedKills(earlier).at(-1)
    if (now === null || !last) return null
    const seconds = (now - last.ms) / 1000
    if (seconds < atLeastSeconds) return null
    return found({
      title: 'First kill after a quiet time',
      severity: 'info',
      confidence: 'computed',
      explanation: `The kill before this one of the same workload was ${span(seconds)} earlier.`,
      evidence: [proof(`incidents[id=${last.id}].time`, last.time), proof('seconds between them', seconds)],
      advice: 'Look for what changed since: a release, its configuration, traffic.',
    })
  },
}
