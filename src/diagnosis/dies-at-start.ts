/** The container died within seconds of its start. */

import { limitAdvice } from './commands.ts'
import { limitedMemory, mainReport, timeMs } from './facts.ts'
import { found, proof } from './finding.ts'
import { limitBelowStartup } from './limit-below-startup.ts'
import type { Rule } from './rule.ts'
import { silentKill } from './silent-kill.ts'
import { bytes, span } from './words.ts'

const atMostSeconds = 30

export const diesAtStart: Rule = {
  code: 'dies-at-start',
  examine: given => {
    const { incident, containerStartedMs } = given
    const killed = timeMs(incident.time)
    const limit = limitedMemory(incident)
    if (!mainReport(incident) || incident.scope !== 'container' || killed === null || containerStartedMs === null)
      return null
    const seconds = (killed - containerStartedMs) / 1000
    if (seconds < 0 || seconds > atMostSeconds || limit === null || limit.memory.limitBytes === null) return null
    if (limitBelowStartup.examine(given) || silentKill.examine(given)) return null
    return found({
      title: 'Killed right after its start',
      severity: 'warning',
      confidence: 'likely',
      explanation: `The container was killed ${seconds < 1 ? 'less than 1 s' : span(seconds)} after it started: what it loads first does not fit into ${bytes(limit.memory.limitBytes)}. A slow leak does not look like this.`,
      evidence: [
        proof('time - start of the container (seconds)', seconds),
        proof(`${limit.at}.limitBytes`, limit.memory.limitBytes),
      ],
      advice: limitAdvice(incident),
    })
  },
}
