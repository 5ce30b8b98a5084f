/** The sum of resident memory over the table is more than was in use: pages that processes share count once for each. */
import { limitedMemory, mainReport } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'
import { bytes } from './words.ts'

export const sharedPages: Rule = {
  code: 'shared-pages',
  examine: ({ incident }) => {
    const seen = mainReport(incident)
    const memory = limitedMemory(incident)
    const usage = memory?.memory.usageBytes
    if (!seen || !memory || !usage || seen.report.processes.length < 2) return null
    const sum = seen.report.processes.reduce((all, row) => all + (row.rssBytes ?? 0), 0)
    if (sum < 1.2 * usage) return null
    return found({
      title: 'The sum of RSS misleads',
      severity: 'info',
      confidence: 'computed',
      explanation: `The resident sizes in the table add up to ${bytes(sum)}, but only ${bytes(usage)} was in use: pages that processes share count once for each of them.`,
      evidence: [proof(`sum(${seen.at}.processes[].rssBytes)`, sum), proof(`${memory.at}.usageBytes`, usage)],
      advice: 'Do not size the limit by the sum of RSS.',
    })
  },
}
