/** The chosen process was on its way out: nobody was killed. */
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'

export const victimExiting: Rule = {
  code: 'victim-exiting',
  examine: ({ incident }) => {
    const index = incident.kernelReports.findIndex(report => report.outcome === 'skipped')
    if (index < 0 || incident.victims.length > 0) return null
    return found({
      title: 'The chosen process was exiting already',
      severity: 'info',
      confidence: 'stated',
      explanation: 'The kernel chose a process that was exiting already, so it killed nobody this time.',
      evidence: [proof(`kernelReports[${index}].outcome`, 'skipped')],
      references: ['kernel: oom_kill_process()'],
    })
  },
}
