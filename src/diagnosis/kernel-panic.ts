/** The kernel panicked instead of killing. */
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'

export const kernelPanic: Rule = {
  code: 'kernel-panic',
  examine: ({ incident }) => {
    const index = incident.kernelReports.findIndex(report => report.outcome === 'panic')
    const report = incident.kernelReports[index]
    if (!report) return null
    // With somebody to kill in the table, it was the policy.
    const at = report.processes.findIndex(row => row.oomScoreAdj !== null && row.oomScoreAdj > -1000 && row.tgid !== 1)
    const row = report.processes[at]
    const policy = 'See the policy (0 lets the kernel kill a process instead): sysctl vm.panic_on_oom'
    return found({
      title: 'The node panicked for lack of memory',
      severity: 'critical',
      confidence: 'stated',
      explanation: row
        ? `The kernel did not kill a process but panicked, although ${row.comm} and others in the table may be killed: that is what vm.panic_on_oom asks for.`
        : 'The kernel did not kill a process but panicked: either vm.panic_on_oom says so, or nothing was left that may be killed.',
      evidence: [
        proof(`kernelReports[${index}].outcome`, 'panic'),
        ...(row
          ? [
              proof(`kernelReports[${index}].processes[${at}].comm`, row.comm),
              proof(`kernelReports[${index}].processes[${at}].oomScoreAdj`, row.oomScoreAdj),
            ]
          : []),
      ],
      advice: row ? policy : `${policy}\nIf it is 0, look for processes with oom_score_adj -1000 that hold the memory.`,
      references: ['kernel: check_panic_on_oom()', 'kernel: out_of_memory()'],
    })
  },
}
