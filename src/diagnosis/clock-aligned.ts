/** The kills come at the same minutes: something runs by the clock. */
import { mainReport } from './facts.ts'
import { type Found, found, proof } from './finding.ts'
import type { Rule } from './rule.ts'
import { type Alignment, clockAlignment, markWords } from './story.ts'

export const clockAligned: Rule = {
  code: 'clock-aligned',
  examine: ({ incident, story }) => {
    const alignment = clockAlignment(story)
    if (!alignment || (incident.kernelReports.length > 0 && !mainReport(incident))) return null
    return alignedFinding(alignment, ' of this workload')
  },
}

/** @param whose ` of this workload`, where the finding stands with one incident of it */
export const alignedFinding = (seen: Alignment, whose = ''): Found =>
  found({
    title: 'Killed by the clock',
    severity: 'warning',
    confidence: 'likely',
    explanation: `${seen.aligned} of ${seen.kills} kills${whose} came within 10 s after ${markWords(seen)}: a job that runs by the clock drives them.`,
    evidence: [
      proof('count(incidents in step)', seen.aligned),
      proof('count(incidents)', seen.kills),
      proof('period (seconds)', seen.periodSeconds),
      proof('mark', markWords(seen)),
    ],
    advice:
      'Look for a cron job, a CronJob or a scheduled report or scrape at these minutes.\nList the CronJobs: kubectl get cronjobs -A',
  })
