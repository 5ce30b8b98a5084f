/** The kernel panicked instead of killing. */
import type { KernelReport } from '../model/report.ts'
import { found, proof, proofs } from './finding.ts'
import type { Rule } from './rule.ts'

const policy = 'See the policy (0 lets the kernel kill a process instead): sysctl vm.panic_on_oom'
const shielded = 'Look for processes with oom_score_adj -1000 that hold the memory.'

/** Why: by the kernel's own words, else by a process in the table that it might have killed. */
const whyOf = (report: KernelReport, at: string) => {
  const reason = report.panicReason
  const said = [`${at}.panicReason`, reason] as const
  if (reason?.includes('panic_on_oom'))
    return { told: 'panicked, as vm.panic_on_oom asks for', advice: policy, evidence: proofs([said]) }
  if (reason !== null && /deadlocked|no killable/.test(reason))
    return { told: 'panicked: nothing was left that may be killed', advice: shielded, evidence: proofs([said]) }
  const index = report.processes.findIndex(row => row.oomScoreAdj !== null && row.oomScoreAdj > -1000 && row.tgid !== 1)
  const row = report.processes[index]
  return row
    ? {
        told: `panicked, although ${row.comm} in the table may be killed: that is what vm.panic_on_oom asks for`,
        advice: policy,
        evidence: proofs([
          [`${at}.processes[${index}].comm`, row.comm],
          [`${at}.processes[${index}].oomScoreAdj`, row.oomScoreAdj],
        ]),
      }
    : {
        told: 'panicked: either vm.panic_on_oom says so, or nothing was left that may be killed',
        advice: `${policy}\nIf it is 0: ${shielded}`,
        evidence: [],
      }
}

export const kernelPanic: Rule = {
  code: 'kernel-panic',
  examine: ({ incident }) => {
    const index = incident.kernelReports.findIndex(report => report.outcome === 'panic')
    const report = incident.kernelReports[index]
    if (!report) return null
    const { told, advice, evidence } = whyOf(report, `kernelReports[${index}]`)
    return found({
      title: 'The node panicked for lack of memory',
      severity: 'critical',
      confidence: 'stated',
      explanation: `The kernel did not kill a process but ${told}.`,
      evidence: [proof(`kernelReports[${index}].outcome`, 'panic'), ...evidence],
      advice,
      references: ['kernel: check_panic_on_oom()', 'kernel: out_of_memory()'],
    })
  },
}
