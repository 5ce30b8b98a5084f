/** The container restarts and is killed again and again. */

import { showResources } from './commands.ts'
import { limitedMemory } from './facts.ts'
import { found, proof, proofs } from './finding.ts'
import type { Rule } from './rule.ts'
import { crashLoop as findLoop } from './story.ts'
import { bytes, span, stamp } from './words.ts'

export const crashLoop: Rule = {
  code: 'crash-loop',
  examine: ({ incident, story }) => {
    const loop = findLoop(story)
    if (!loop || loop.last.id !== incident.id) return null
    const seen = limitedMemory(incident)
    const limit = incident.scope === 'container' ? (seen?.memory.limitBytes ?? null) : null
    const show = showResources(incident)
    return found({
      title: 'Crash loop',
      severity: 'critical',
      // Without names the containers may be several that stand side by side.
      confidence: incident.container?.name ? 'computed' : 'likely',
      explanation: `This is kill ${loop.kills} ${incident.container?.name ? 'of the same container of' : 'in'} this pod since ${stamp(loop.first.time ?? '?')}: ${incident.container?.name ? 'it restarts and dies' : 'a new container of it dies'} every ${span(loop.medianSeconds)}${limit === null ? '' : ` at a limit of ${bytes(limit)}`}.`,
      evidence: [
        proof('count(incidents of this container of this pod, at most 1 h apart)', loop.kills),
        proof(`incidents[id=${loop.first.id}].time`, loop.first.time),
        proof('median(seconds between them)', loop.medianSeconds),
        ...proofs([[`${seen?.at}.limitBytes`, limit]]),
      ],
      advice: `A restart does not cure it: change the limit or the program's need before the next one.${show ? `\nSee what is set: ${show}` : ''}`,
      references: ['kubernetes: CrashLoopBackOff'],
    })
  },
}
