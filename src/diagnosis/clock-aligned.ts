/** The kills come at the same minutes: something runs by the clock. */
import { mainReport } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'
import { clockAlignment, markWords } from './story.ts'

export const clockAligned: Rule = {
  code: 'clock-aligned',
  examine: ({ incident, earlier }) => {
    const alignment = clockAlignment([...earlier, incident])
    if (!alignment || (incident.kernelReports.length > 0 && !mainReport(incident))) return null
    return found({
      title: 'Killed by the clock',
      severity: 'warning',
      confidence: 'likely',
      explanation: `${alignment.aligned} of ${alignment.kills} kills of this workload came within 10 s after ${markWords(alignment)}: a job that runs by the clock drives them.`,
      evidence: [
        proof('count(incidents in step)', alignment.aligned),
        proof('count(incidents)', alignment.kills),
        proof('period (seconds)', alignment.periodSeconds),
        proof('mark', markWords(alignment)),
      ],
      advice:
        'Look for a cron job, a CronJob or a scheduled report or scrape at these minutes.\nList the CronJobs: kubectl get cronjobs -A',
    })
  },
}
