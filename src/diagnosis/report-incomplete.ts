/** What the log lacks, and how to have it next time. */
import { found, proof } from './finding.ts'
import { reportsSuppressed } from './reports-suppressed.ts'
import type { Rule } from './rule.ts'
import { list } from './words.ts'

const words = {
  victim: 'who was killed',
  processTable: 'the table of processes',
  memory: 'the memory figures',
  trigger: 'the first line of the report',
} as const
type Lost = keyof typeof words
const isLost = (name: string): name is Lost => name in words

const collect =
  'Collect the whole log next time (or /var/log/messages with its rotated files), without grep: journalctl -k -o short-precise > kernel.log'

export const reportIncomplete: Rule = {
  code: 'report-incomplete',
  examine: given => {
    const { incident } = given
    if (incident.kind !== 'kernel') return null
    const lost = incident.missing.filter(isLost)
    const [only] = lost
    // Nobody is killed where nothing could be, or where the kernel panicked.
    const isVictimless = incident.kernelReports.some(report => report.outcome !== null && report.outcome !== 'killed')
    if (!only || (lost.length === 1 && only === 'victim' && isVictimless)) return null
    if (reportsSuppressed.examine(given) && incident.kernelReports.length === 0) return null
    const isTableOff = lost.length === 1 && only === 'processTable'
    const isAlone = incident.kernelReports.length === 0
    // A header and a victim with no trace between them: whole kinds of lines are missing, not the end.
    const isFiltered =
      lost.includes('memory') &&
      lost.includes('processTable') &&
      incident.kernelReports.every(
        report => report.trigger && report.callTrace.length === 0 && report.victims.length > 0,
      )
    return found({
      title: 'The report is not whole',
      severity: 'info',
      confidence: 'stated',
      explanation: isAlone
        ? 'Only the line of the kill is in the log, without the report before it.'
        : `The log lacks ${list(lost.map(name => words[name]))}${
            isFiltered
              ? ', and the lines between those that are there, as when a log went through grep'
              : isTableOff
                ? ', which the kernel prints only with vm.oom_dump_tasks=1'
                : ''
          }.`,
      evidence: [proof('missing', lost)],
      advice: isTableOff
        ? `Turn it on: sysctl -w vm.oom_dump_tasks=1\nIf it is on, the table was lost on the way.\n${collect}`
        : `${collect}${lost.includes('victim') ? '\nThe line with the kill says "Out of memory", in which "oom" need not occur.' : ''}`,
      references: [],
    })
  },
}
