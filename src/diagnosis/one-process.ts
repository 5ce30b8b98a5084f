/** One process held the limited memory. */
import { limitedMemory, mainReport } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'
import { bytes, share } from './words.ts'

export const oneProcess: Rule = {
  code: 'one-process',
  examine: ({ incident }) => {
    const seen = mainReport(incident)
    const memory = limitedMemory(incident)
    const usage = memory?.memory.usageBytes
    const rows = seen?.report.processes ?? []
    // With one row there is nothing to single out.
    if (!seen || !memory || !usage || rows.length < 2 || incident.scope === 'node') return null
    const index = rows.reduce((best, row, at) => ((row.rssBytes ?? 0) > (rows[best]?.rssBytes ?? 0) ? at : best), 0)
    const row = rows[index]
    if (!row || row.rssBytes === null || row.rssBytes < 0.8 * usage) return null
    return found({
      title: `One process held the memory: ${row.comm}`,
      severity: 'info',
      confidence: 'computed',
      explanation: `Process ${row.comm} (pid ${row.tgid}) alone had ${bytes(row.rssBytes)} resident, ${share(row.rssBytes, usage)} of the ${bytes(usage)} in use: look at its heap, not at the number of processes.`,
      evidence: [
        proof(`${seen.at}.processes[${index}].rssBytes`, row.rssBytes),
        proof(`${seen.at}.processes[${index}].tgid`, row.tgid),
        proof(`${memory.at}.usageBytes`, usage),
      ],
    })
  },
}
