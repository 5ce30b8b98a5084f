/** Many processes of one command held the limited memory. */
import { limitedMemory, mainReport } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'
import { bytes, many, share } from './words.ts'

export const manyProcesses: Rule = {
  code: 'many-processes',
  examine: ({ incident }) => {
    const seen = mainReport(incident)
    const memory = limitedMemory(incident)
    const usage = memory?.memory.usageBytes
    if (!seen || !memory || !usage || incident.scope === 'node') return null
    const groups = new Map<string, { count: number; sum: number; most: number }>()
    for (const row of seen.report.processes) {
      // Anonymous pages are nobody else's; resident ones of several processes may be the same.
      const own = row.rssAnonBytes ?? row.rssBytes ?? 0
      const group = groups.get(row.comm)
      if (group) {
        group.count += 1
        group.sum += own
        group.most = Math.max(group.most, own)
      } else groups.set(row.comm, { count: 1, sum: own, most: own })
    }
    const [comm, group] = [...groups].reduce<[string, { count: number; sum: number; most: number }]>(
      (best, each) => (each[1].sum > best[1].sum ? each : best),
      ['', { count: 0, sum: 0, most: 0 }],
    )
    // One that holds half of it all is a big process with small helpers, not a crowd.
    if (group.count < 5 || group.sum < 0.5 * usage || group.most > 0.5 * group.sum) return null
    const isAnon = seen.report.processes.some(row => row.rssAnonBytes !== null)
    return found({
      title: `Many processes: ${many(group.count, comm, comm)}`,
      severity: 'warning',
      confidence: 'computed',
      explanation: `${group.count} processes named ${comm} had ${bytes(group.sum)} resident together${isAnon ? '' : ' (shared pages counted several times)'}, ${share(group.sum, usage)} of the ${bytes(usage)} in use, the biggest ${bytes(group.most)}.`,
      evidence: [
        proof(`count(${seen.at}.processes[comm=${comm}])`, group.count),
        proof(`sum(${seen.at}.processes[comm=${comm}].${isAnon ? 'rssAnonBytes' : 'rssBytes'})`, group.sum),
        proof(`max(${seen.at}.processes[comm=${comm}].${isAnon ? 'rssAnonBytes' : 'rssBytes'})`, group.most),
        proof(`${memory.at}.usageBytes`, usage),
      ],
      advice: 'Fewer of them at once (workers, connections, overlapping jobs) helps more than a higher limit.',
    })
  },
}
