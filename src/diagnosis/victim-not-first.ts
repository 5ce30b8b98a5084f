/** By the kernel's own formula another process should have died. */
import { badness } from './badness.ts'
import { mainReport } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'
import { bytes } from './words.ts'

export const victimNotFirst: Rule = {
  code: 'victim-not-first',
  examine: ({ incident }) => {
    const seen = mainReport(incident)
    const answer = seen ? badness(seen.report) : null
    const first = answer?.ranking[0]
    if (!seen || !answer || !first || answer.explained) return null
    const row = answer.victim.row
    // The kernel says so in the kill line, and never does it for a cgroup's limit.
    const isAsker = seen.report.allocatingTask
    const why = isAsker
      ? 'It was the process that asked for memory, as vm.oom_kill_allocating_task=1 has it.'
      : seen.report.victims[0]?.score !== null
        ? 'Kernels of this age may kill a child in place of the process that they chose.'
        : 'Either the process before it could not be killed just then, or the table is not whole.'
    return found({
      title: 'Another process scored higher',
      severity: 'info',
      confidence: 'computed',
      explanation: `${row.comm} is number ${answer.victimRank} by the kernel's score (${bytes(answer.victim.pointsBytes)}), ${first.row.comm} was before it (${bytes(first.pointsBytes)}). ${why}`,
      evidence: [
        proof(`${seen.at}: rank of the victim`, answer.victimRank),
        proof(`${seen.at}.processes[${answer.victim.index}]: score in bytes`, answer.victim.pointsBytes),
        proof(`${seen.at}.processes[${first.index}]: score in bytes`, first.pointsBytes),
        ...(isAsker ? [proof(`${seen.at}.allocatingTask`, true)] : []),
      ],
      advice: isAsker ? 'See it: sysctl vm.oom_kill_allocating_task' : null,
      references: ['kernel: oom_badness()', 'kernel: oom_kill_process()'],
    })
  },
}
