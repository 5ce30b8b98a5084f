/** The ordinary kill: the container reached its own memory limit. */
import { limitAdvice } from './commands.ts'
import { limitedMemory, mainReport } from './facts.ts'
import { found, proof, proofs } from './finding.ts'
import { kmemLimit } from './kmem-limit.ts'
import { limitLowered } from './limit-lowered.ts'
import { balanceHolds, type MemcgBalance, memcgBalance } from './memcg-balance.ts'
import { memswLimit } from './memsw-limit.ts'
import type { Rule } from './rule.ts'
import { bytes, many, share } from './words.ts'

const madeOf = ({ anonBytes, usageBytes }: MemcgBalance): string =>
  anonBytes >= 0.5 * usageBytes
    ? `${share(anonBytes, usageBytes)} of it was private memory of its processes (${bytes(anonBytes)}).`
    : `Only ${bytes(anonBytes)} of it was private memory of its processes (${share(anonBytes, usageBytes)}).`

export const containerLimit: Rule = {
  code: 'container-limit',
  examine: given => {
    const { incident } = given
    if (incident.scope !== 'container' || !mainReport(incident)) return null
    // Lowered, or another counter of the same cgroup: then it did not grow into its memory limit.
    if ([limitLowered, kmemLimit, memswLimit].some(rule => rule.examine(given))) return null
    const seen = limitedMemory(incident)
    const limit = seen?.memory.limitBytes ?? null
    const balance = seen ? memcgBalance(seen.memory) : null
    const anon = seen && balance && balanceHolds(balance) ? balance : null
    const of = limit === null ? '' : ` of ${bytes(limit)}`
    const victims = incident.victims.length
    return found({
      title: 'The container reached its memory limit',
      severity: 'warning',
      confidence: 'stated',
      explanation: `The container reached its own memory limit${of}${victims > 1 ? ` and ${many(victims, 'process', 'processes')} of it were killed` : ''}; the node as a whole was not the reason.${
        anon ? ` ${madeOf(anon)}` : ''
      }`,
      evidence: proofs([
        ['cgroup.limitPath', incident.cgroup?.limitPath],
        [`${seen?.at}.limitBytes`, limit],
        [`${seen?.at}.usageBytes`, seen?.memory.usageBytes],
        [`${seen?.at}.stats.${anon?.keys.anon}`, anon?.anonBytes],
        ...(victims > 1 ? [['count(victims)', victims] as const] : []),
      ]).concat(incident.cgroup?.limitPath ? [] : [proof('scope', incident.scope)]),
      advice: limitAdvice(incident),
      references: ['kernel: mem_cgroup_out_of_memory()'],
    })
  },
}
