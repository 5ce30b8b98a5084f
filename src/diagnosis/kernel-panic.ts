/** The kernel panicked instead of killing. */
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'

export const kernelPanic: Rule = {
  code: 'kernel-panic',
  examine: ({ incident }) => {
    const index = incident.kernelReports.findIndex(report => report.outcome === 'panic')
    if (index < 0) return null
    return found({
      title: 'The node panicked for lack of memory',
      severity: 'critical',
      confidence: 'stated',
      explanation:
        'The kernel did not kill a process but panicked: either vm.panic_on_oom says so, or nothing was left that may be killed.',
      evidence: [proof(`kernelReports[${index}].outcome`, 'panic')],
      advice:
        'See the policy (0 lets the kernel kill a process instead): sysctl vm.panic_on_oom\nIf it is 0, look for processes with oom_score_adj -1000 that hold the memory.',
      references: ['kernel: check_panic_on_oom()', 'kernel: out_of_memory()'],
    })
  },
}
