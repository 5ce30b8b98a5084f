/** The whole node ran out: who held the RAM. */
import { badness } from './badness.ts'
import { mainReport, managedBytes, nodeMemory } from './facts.ts'
import { found, proof } from './finding.ts'
import { nodeBalance } from './node-balance.ts'
import type { Rule } from './rule.ts'
import { bytes, list, share } from './words.ts'

/** The commands with most resident memory, up to three that hold 5 % or more. */
const biggest = (incident: Parameters<typeof mainReport>[0], managed: number) => {
  const seen = mainReport(incident)
  const sums = new Map<string, number>()
  for (const row of seen?.report.processes ?? [])
    sums.set(row.comm, (sums.get(row.comm) ?? 0) + (row.rssAnonBytes ?? row.rssBytes ?? 0))
  return [...sums]
    .filter(([, sum]) => sum >= 0.05 * managed)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 3)
}

export const nodeOutOfMemory: Rule = {
  code: 'node-out-of-memory',
  examine: ({ incident }) => {
    const report = mainReport(incident)
    if (incident.scope !== 'node' || !report || report.report.constraint !== 'none') return null
    const seen = nodeMemory(incident)
    const managed = seen ? managedBytes(seen.node) : null
    const evidence = [proof(`${report.at}.constraint`, report.report.constraint)]
    let explanation = 'The whole node ran out of memory; no limit of a container or pod was hit.'
    if (seen && managed) {
      const balance = nodeBalance(seen.node)
      const free = seen.node.freeBytes ?? balance?.freeBytes
      evidence.push(proof(`${seen.at}.ramBytes - ${seen.at}.reservedBytes`, managed))
      explanation = `The whole node ran out of its ${bytes(managed)} of memory; no limit of a container or pod was hit.`
      const parts: string[] = []
      if (balance) {
        parts.push(
          `private memory of processes was ${bytes(balance.privateAnonBytes)} (${share(balance.privateAnonBytes, managed)})`,
        )
        evidence.push(
          proof(`${seen.at}.stats: active_anon + inactive_anon + isolated_anon - shmem`, balance.privateAnonBytes),
        )
      }
      const top = biggest(incident, managed)
      if (top.length > 0) {
        parts.push(`most of it in ${list(top.map(([comm, sum]) => `${comm} ${bytes(sum)}`))}`)
        for (const [comm, sum] of top) evidence.push(proof(`sum(${report.at}.processes[comm=${comm}].rssBytes)`, sum))
      }
      if (free !== null && free !== undefined) {
        parts.push(`${bytes(free)} was free`)
        evidence.push(proof(`${seen.at}.freeBytes`, free))
      }
      // "Most of it" only where it is: the commands named hold more than half of the private memory.
      const held = top.reduce((sum, [, each]) => sum + each, 0)
      if (balance && held < balance.privateAnonBytes / 2) {
        const at = parts.findIndex(part => part.startsWith('most of it'))
        if (at >= 0) parts[at] = (parts[at] ?? '').replace('most of it in', 'the biggest commands were')
      }
      if (parts.length > 0) explanation += ` ${sentence(list(parts))}`
    }
    return found({
      title: 'The node ran out of memory',
      severity: 'critical',
      confidence: 'stated',
      explanation,
      evidence,
      advice: adviceFor(badness(report.report)?.biggest.row.comm ?? null),
      references: ['kernel: out_of_memory()', 'kernel: CONSTRAINT_NONE'],
    })
  },
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`

const adviceFor = (comm: string | null): string =>
  `${comm ? 'Limit or move the biggest users. ' : ''}Compare what the pods may use with what the node has: kubectl describe node NODE (Allocated resources), kubectl top pod -A --sort-by=memory. Memory rose past the kubelet's eviction threshold: check --eviction-hard, --kube-reserved and --system-reserved.`
