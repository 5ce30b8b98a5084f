/** From kill to kill there are more processes of one command. */
import type { Incident } from '../model/report.ts'
import { mainReport } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'
import { timedKills } from './story.ts'

const countOf = (incident: Incident, comm: string): number =>
  mainReport(incident)?.report.processes.filter(row => row.comm === comm).length ?? 0

export const pileUp: Rule = {
  code: 'pile-up',
  examine: ({ incident, earlier }) => {
    const seen = mainReport(incident)
    if (!seen || seen.report.constraint !== 'memcg') return null
    const counts = new Map<string, number>()
    for (const row of seen.report.processes) counts.set(row.comm, (counts.get(row.comm) ?? 0) + 1)
    const [comm, now] = [...counts].reduce<[string, number]>((most, each) => (each[1] > most[1] ? each : most), ['', 0])
    const last = timedKills([...earlier, incident])
      .filter(({ incident: each }) => (mainReport(each)?.report.processes.length ?? 0) > 0)
      .slice(-3)
      .map(kill => kill.incident)
    const first = last[0]
    if (now < 6 || last.length < 3 || last.at(-1)?.id !== incident.id || !first) return null
    const series = last.map(each => countOf(each, comm))
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
