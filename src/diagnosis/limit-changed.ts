/** The limit of the spec, by a saved listing, is not the one that the kernel had: somebody changed it between the two. */
import { limitedMemory } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'
import { commandOf, statesFor } from './saved-series.ts'
import { bytes } from './words.ts'

/** The kernel rounds a limit down to whole pages, of 64 KiB at most. */
const largestPage = 64 * 1024

export const limitChanged: Rule = {
  code: 'limit-changed',
  examine: ({ incident, saved }) => {
    const seen = limitedMemory(incident)
    const limit = incident.scope === 'container' ? (seen?.memory.limitBytes ?? null) : null
    const name = incident.container?.name ?? null
    const state = statesFor(incident, saved).find(
      ({ container, limitBytes }) => container !== null && container === name && limitBytes !== null,
    )
    if (!seen || limit === null || state?.limitBytes == null) return null
    if (Math.abs(state.limitBytes - limit) < largestPage || bytes(state.limitBytes) === bytes(limit)) return null
    return found({
      title: 'Another limit in the listing',
      severity: 'info',
      confidence: 'computed',
      explanation: `By ${commandOf(state)} the limit of this container is ${bytes(state.limitBytes)}; at the kill the kernel had ${bytes(limit)}. It was changed in between.`,
      evidence: [
        proof('file', state.source),
        proof(`${state.source}: limits.memory`, state.limitBytes),
        proof(`${seen.at}.limitBytes`, limit),
      ],
    })
  },
}
