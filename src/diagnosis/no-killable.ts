/** Nothing could be killed: the shortage goes on. */
import { found, proof, proofs } from './finding.ts'
import type { Rule } from './rule.ts'

export const noKillable: Rule = {
  code: 'no-killable',
  examine: ({ incident }) => {
    const all = incident.kernelReports.map((report, index) => ({ report, index }))
    const without = all.filter(({ report }) => report.outcome === 'no-killable')
    const first = without[0]
    if (!first) return null
    const rows = first.report.processes
    const isShielded = rows.length > 0 && rows.every(row => row.oomScoreAdj !== null && row.oomScoreAdj <= -1000)
    return found({
      title: 'Nothing could be killed',
      severity: 'critical',
      confidence: 'stated',
      explanation: isShielded
        ? 'The kernel found no process that it may kill, since every process in the table has oom_score_adj -1000; the shortage goes on.'
        : 'The kernel found no process that it may kill; the shortage goes on.',
      evidence: [
        proof(`kernelReports[${first.index}].outcome`, first.report.outcome),
        ...(isShielded
          ? proofs([[`kernelReports[${first.index}].processes[0].oomScoreAdj`, rows[0]?.oomScoreAdj]])
          : []),
      ],
      advice: isShielded
        ? 'Take oom_score_adj -1000 off the processes that hold the memory (OOMScoreAdjust= of a systemd unit), or give this cgroup more.'
        : 'Look for what is charged to this cgroup without a process of its own: tmpfs files, or processes with oom_score_adj -1000.',
      references: ['kernel: out_of_memory()'],
    })
  },
}
