/** The kernel left reports out: it prints ten in five seconds. */
import { found, proof, proofs } from './finding.ts'
import type { Rule } from './rule.ts'
import { many } from './words.ts'

export const reportsSuppressed: Rule = {
  code: 'reports-suppressed',
  examine: ({ incident }) => {
    const told = incident.suppressedReports ?? 0
    // Without the kernel's own word a lone kill line may as well have lost its report on the way.
    if (told === 0 && incident.kernelReports.length < 10) return null
    const reported = new Set(incident.kernelReports.flatMap(report => report.victims.map(victim => victim.pid)))
    const bare = incident.victims.filter(victim => victim.pid !== null && !reported.has(victim.pid)).length
    if (told === 0 && bare === 0) return null
    return found({
      title: 'The kernel left reports out',
      severity: 'info',
      confidence: told > 0 ? 'stated' : 'likely',
      explanation:
        told > 0
          ? `The kernel says that it left out ${many(told, 'report')} around here: it prints at most a few in some seconds, and the kills go on.`
          : `${many(bare, 'kill')} here ${bare === 1 ? 'has' : 'have'} no report: after ${many(incident.kernelReports.length, 'report')} in a short time the kernel prints only the kill lines.`,
      evidence:
        told > 0
          ? [proof('suppressedReports', told)]
          : proofs([
              ['count(victims without a report)', bare],
              ['count(kernelReports)', incident.kernelReports.length],
            ]),
      references: ['kernel: oom_kill_process(), rate limit'],
    })
  },
}
