/** The limit cannot hold the start of the container: the runtime's own helper died. */

import { limitAdvice } from './commands.ts'
import { chosenVictim, limitedMemory, mainReport } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'
import { bytes } from './words.ts'

const mebibyte = 1024 * 1024
export const runtimeHelper = /^(?:runc(?::\[.*)?|crun|youki|exe)$/

export const limitBelowStartup: Rule = {
  code: 'limit-below-startup',
  examine: ({ incident }) => {
    const seen = limitedMemory(incident)
    const report = mainReport(incident)
    const chosen = chosenVictim(incident)
    const limit = seen?.memory.limitBytes
    if (!seen || !report || !chosen?.victim.comm || limit === null || limit === undefined) return null
    if (limit >= 64 * mebibyte || !runtimeHelper.test(chosen.victim.comm)) return null
    if (incident.scope !== 'container' && incident.scope !== 'pod') return null
    // Beside a program that runs already the helper came to run a command in the container, a probe for example.
    if (report.report.processes.some(row => row.comm !== 'pause' && !runtimeHelper.test(row.comm))) return null
    return found({
      title: 'The limit is too small to start a container',
      severity: 'critical',
      confidence: 'likely',
      explanation: `The victim ${chosen.victim.comm} is the runtime's helper that starts a container: a limit of ${bytes(limit)} does not hold even that, so the application had hardly begun.`,
      evidence: [proof(`${chosen.at}.comm`, chosen.victim.comm), proof(`${seen.at}.limitBytes`, limit)],
      advice: limitAdvice(incident),
      references: ['runc: init'],
    })
  },
}
