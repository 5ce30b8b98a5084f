/** One process held the limited memory. */
import type { Process, Victim } from '../model/report.ts'
import { limitedMemory, mainReport } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'
import { bytes } from './words.ts'

/** Private memory where the table or the kill line tells it, else all that is resident. */
const ownBytes = (row: Process, victims: readonly Victim[]) => {
  const anon = row.rssAnonBytes ?? victims.find(victim => victim.pid === row.tgid)?.anonRssBytes ?? null
  return {
    bytes: anon ?? row.rssBytes ?? 0,
    isPrivate: anon !== null,
    isOfKillLine: anon !== null && row.rssAnonBytes === null,
  }
}

export const oneProcess: Rule = {
  code: 'one-process',
  examine: ({ incident }) => {
    const seen = mainReport(incident)
    const memory = limitedMemory(incident)
    const usage = memory?.memory.usageBytes
    const rows = seen?.report.processes ?? []
    // With one row there is nothing to single out; of a series of kills one report is not the whole.
    if (!seen || !memory || !usage || rows.length < 2 || incident.kernelReports.length > 2 || incident.scope === 'node')
      return null
    const victims = seen.report.victims
    const sizeOf = (row: Process): number => ownBytes(row, victims).bytes
    const index = rows.reduce((best, row, at) => (sizeOf(row) > sizeOf(rows[best] ?? row) ? at : best), 0)
    const row = rows[index]
    if (!row) return null
    const own = ownBytes(row, victims)
    // Resident pages that others pay for can be more than the whole use: then they prove nothing.
    if (own.bytes < 0.8 * usage || own.bytes > 1.05 * usage) return null
    return found({
      title: `One process held the memory: ${row.comm}`,
      severity: 'info',
      confidence: 'computed',
      explanation: `Process ${row.comm} (pid ${row.tgid}) alone had ${bytes(own.bytes)} ${own.isPrivate ? 'of private memory' : 'resident'}, of ${bytes(usage)} in use: look at this process, not at their number.`,
      evidence: [
        proof(
          own.isOfKillLine
            ? `${seen.at}.victims[pid=${row.tgid}].anonRssBytes`
            : `${seen.at}.processes[${index}].${own.isPrivate ? 'rssAnonBytes' : 'rssBytes'}`,
          own.bytes,
        ),
        proof(`${seen.at}.processes[${index}].tgid`, row.tgid),
        proof(`${memory.at}.usageBytes`, usage),
      ],
    })
  },
}
