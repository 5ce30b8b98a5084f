/** The limit of the pod as a whole was hit. */
import { limitAdvice } from './commands.ts'
import { chosenVictim, limitedMemory, mainReport } from './facts.ts'
import { found, proof, proofs } from './finding.ts'
import { kmemLimit } from './kmem-limit.ts'
import { limitLowered } from './limit-lowered.ts'
import { memswLimit } from './memsw-limit.ts'
import type { Rule } from './rule.ts'
import { bytes } from './words.ts'

export const podLimit: Rule = {
  code: 'pod-limit',
  examine: given => {
    const { incident } = given
    if (incident.scope !== 'pod' || !mainReport(incident)) return null
    // Lowered, or another counter of the same cgroup: then it did not grow into its memory limit.
    if ([limitLowered, kmemLimit, memswLimit].some(rule => rule.examine(given))) return null
    const seen = limitedMemory(incident)
    const limit = seen?.memory.limitBytes ?? null
    const name = incident.container?.name
    const chosen = chosenVictim(incident)
    const usage = seen?.memory.usageBytes ?? null
    const own = chosen?.victim.anonRssBytes ?? null
    // A victim with most of the memory is the one that grew; of any other nothing is said.
    const isMost = chosen !== null && own !== null && usage !== null && own >= 0.5 * usage
    const whose = isMost
      ? `, ${bytes(own)} of it private memory of the victim ${chosen.victim.comm}`
      : name
        ? `, so container ${name}, which lost a process, need not be the one that grew`
        : ''
    return found({
      title: 'The pod as a whole reached its memory limit',
      severity: 'warning',
      confidence: 'stated',
      explanation: `The limit that was hit${limit === null ? '' : ` (${bytes(limit)})`} is the pod's: its containers and its memory-backed volumes together${whose}. With a single container the pod's limit is that container's.`,
      evidence: proofs([
        ['cgroup.limitPath', incident.cgroup?.limitPath],
        [`${seen?.at}.limitBytes`, limit],
        ...(isMost
          ? ([
              [`${chosen.at}.comm`, chosen.victim.comm],
              [`${chosen.at}.anonRssBytes`, own],
            ] as const)
          : [['container.name', name] as const]),
      ]).concat(incident.cgroup?.limitPath ? [] : [proof('scope', incident.scope)]),
      advice: limitAdvice(incident, true, isMost),
      references: ['containerd/containerd#6323', 'kubernetes: pod-level resources'],
    })
  },
}
