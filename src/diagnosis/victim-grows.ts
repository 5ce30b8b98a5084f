/** From kill to kill of the node the same command died bigger: it takes more of the node each time. */
import type { Told } from '../model/told.ts'
import { chosenVictim, mainReport, nodeMemory } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'
import { timedKills } from './story.ts'
import { bytes, list, many } from './words.ts'

/** Under a limit of its own a victim has always the size of the limit; only on the node its size is free. */
const sizeOf = ({ figures }: Told, comm: string): number | null =>
  figures?.victim?.comm === comm ? figures.victim.anonRssBytes : null

export const victimGrows: Rule = {
  code: 'victim-grows',
  examine: ({ incident, story }) => {
    const comm = chosenVictim(incident)?.victim.comm
    if (!comm || !mainReport(incident) || !nodeMemory(incident)) return null
    const last = timedKills(story)
      .flatMap(each => {
        const size = sizeOf(each, comm)
        return size === null ? [] : [{ id: each.id, size }]
      })
      .slice(-4)
    const first = last[0]
    const now = last.at(-1)
    if (!first || now?.id !== incident.id || last.length < 3) return null
    const isRising = last.slice(1).every((each, index) => each.size > (last[index]?.size ?? each.size))
    if (!isRising || now.size < 1.3 * first.size) return null
    return found({
      title: `${comm} was bigger at each kill`,
      severity: 'warning',
      confidence: 'computed',
      explanation: `At the last ${many(last.length, 'kill')} of ${comm} by this node's shortage it had ${list(last.map(({ size }) => bytes(size)))} of private memory: it takes more of the node each time.`,
      evidence: [
        proof('comm', comm),
        proof('count(kills)', last.length),
        ...last.map(({ id, size }) => proof(`incidents[id=${id}] victim[comm=${comm}].anonRssBytes`, size)),
      ],
      advice: 'Look for what grows in it. A limit of its own would let it fail alone, before the node runs short.',
    })
  },
}
