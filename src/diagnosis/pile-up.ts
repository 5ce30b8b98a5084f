/** From kill to kill there are more processes of one command. */
import { mainReport } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'
import { timedKills } from './story.ts'

export const pileUp: Rule = {
  code: 'pile-up',
  examine: ({ incident, story }) => {
    const seen = mainReport(incident)
    if (!seen || seen.report.constraint !== 'memcg') return null
    const counts = story.at(-1)?.figures?.commands ?? []
    const [comm, now] = [...counts].reduce<[string, number]>((most, each) => (each[1] > most[1] ? each : most), ['', 0])
    const last = timedKills(story)
      .filter(({ figures }) => figures?.commands)
      .slice(-3)
    const first = last[0]
    if (now < 6 || last.length < 3 || last.at(-1)?.id !== incident.id || !first) return null
    const series = last.map(({ figures }) => figures?.commands?.get(comm) ?? 0)
    const [a = 0, b = 0, c = 0] = series
    if (!(a > 0 && a < b && b < c && c >= 2 * a)) return null
    return found({
      title: `${comm} piles up`,
      severity: 'warning',
      confidence: 'computed',
      explanation: `At the last three kills there were ${a}, ${b} and ${c} processes named ${comm}: runs overlap or workers are not bounded.`,
      evidence: last.map((each, index) =>
        proof(`count(incidents[id=${each.id}] processes[comm=${comm}])`, series[index]),
      ),
      advice: 'Keep runs from overlapping (concurrencyPolicy: Forbid of a CronJob, a lock), or bound the workers.',
    })
  },
}
