/** Somebody asked for the kill (SysRq f): nothing in the report is a cause. */
import { isManual } from './facts.ts'
import { found, proofs } from './finding.ts'
import type { Rule } from './rule.ts'

export const manualKill: Rule = {
  code: 'manual-kill',
  examine: ({ incident }) => {
    const index = incident.kernelReports.findIndex(isManual)
    const report = incident.kernelReports[index]
    if (!report) return null
    const frame = report.callTrace.findIndex(each => each.function === 'moom_callback')
    return found({
      title: 'Killed by hand (SysRq f)',
      severity: 'warning',
      confidence: 'stated',
      explanation:
        'A person or a program told the kernel to run its OOM killer (SysRq f): the node was not out of memory, so the report shows no cause.',
      evidence: proofs([
        [`kernelReports[${index}].trigger.order`, report.trigger?.order],
        [`kernelReports[${index}].callTrace[${frame}].function`, report.callTrace[frame]?.function],
      ]),
      advice: 'Find out who wrote f to /proc/sysrq-trigger or pressed Alt+SysRq+F at that time.',
      references: ['kernel: moom_callback()'],
    })
  },
}
