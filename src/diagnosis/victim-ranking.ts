/** The proof that the kernel's choice follows from the table: rank and margin. */
import { badness, type Ranked } from './badness.ts'
import { bystander } from './bystander.ts'
import { mainReport } from './facts.ts'
import { found, proof } from './finding.ts'
import { oneProcess } from './one-process.ts'
import type { Rule } from './rule.ts'
import { bytes } from './words.ts'

export const victimRanking: Rule = {
  code: 'victim-ranking',
  examine: given => {
    const seen = mainReport(given.incident)
    const answer = seen ? badness(seen.report) : null
    if (!seen || !answer?.next || !answer.explained || answer.victimRank !== 1) return null
    const { victim, next } = answer
    // The part of oom_score_adj is a number of bytes only where the log tells how much swap there was.
    const isExact = answer.total.lowBytes === answer.total.highBytes
    if (!isExact && (victim.adjBytes !== 0 || next.adjBytes !== 0)) return null
    if (bystander.examine(given) || oneProcess.examine(given)) return null
    return found({
      title: `${victim.row.comm} had the highest score`,
      severity: 'info',
      confidence: 'computed',
      explanation: `Of ${answer.ranking.length} processes that may be killed, ${victim.row.comm} scored highest: ${partsOf(victim)}; ${next.pointsBytes < 0 ? `the others were below zero for their oom_score_adj` : `next was ${next.row.comm} with ${partsOf(next)}`}.`,
      evidence: [
        proof(`count(${seen.at}.processes that may be killed)`, answer.ranking.length),
        ...proofsOf(seen.at, victim),
        ...proofsOf(seen.at, next),
        proof(`${seen.at}.processes[${next.index}]: score in bytes`, next.pointsBytes),
      ],
      references: ['kernel: oom_badness()'],
    })
  },
}

/** The score's parts: what is memory must not be taken for the whole. */
const partsOf = ({ memoryBytes, adjBytes, row }: Ranked): string =>
  `${bytes(memoryBytes)} of memory${adjBytes === 0 ? '' : ` and ${bytes(adjBytes)} for its oom_score_adj of ${row.oomScoreAdj}`}`

const proofsOf = (at: string, { index, memoryBytes, adjBytes, row }: Ranked) => [
  proof(`${at}.processes[${index}]: rssBytes + pageTableBytes + swapBytes`, memoryBytes),
  ...(adjBytes === 0
    ? []
    : [
        proof(`${at}.processes[${index}].oomScoreAdj`, row.oomScoreAdj),
        proof(`${at}.processes[${index}]: oomScoreAdj × total / 1000`, adjBytes),
      ]),
]
