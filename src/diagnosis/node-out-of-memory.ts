/** The whole node ran out: who held the RAM. */
import { badness } from './badness.ts'
import { nameOr } from './commands.ts'
import { isManual, mainReport, managedBytes, nodeMemory } from './facts.ts'
import { found, proof, proofs } from './finding.ts'
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
    if (incident.scope !== 'node' || incident.constraint !== 'none' || incident.kernelReports.some(isManual))
      return null
    const seen = nodeMemory(incident)
    const managed = seen ? managedBytes(seen.node) : null
    const evidence = [proof('constraint', incident.constraint)]
    let explanation = 'The whole node ran out of memory; no limit of a container or pod was hit.'
    if (report && seen && managed) {
      const balance = nodeBalance(seen.node)
      const free = seen.node.freeBytes
      evidence.push(proof(`${seen.at}.ramBytes - ${seen.at}.reservedBytes`, managed))
      explanation = `The whole node ran out of its ${bytes(managed)} of memory; no limit of a container or pod was hit.`
      if (balance) {
        const top = biggest(incident, managed)
        const isMost = top.reduce((sum, [, each]) => sum + each, 0) >= 0.5 * balance.privateAnonBytes
        const who = list(top.map(([comm, sum]) => `${comm} (${bytes(sum)})`))
        explanation += ` Private memory of processes was ${bytes(balance.privateAnonBytes)} (${share(balance.privateAnonBytes, managed)})`
        if (top.length > 0) explanation += isMost ? `, most of it in ${who}` : `, the biggest ${who}`
        if (free !== null) explanation += `; ${bytes(free)} was free`
        explanation += '.'
        evidence.push(
          proof(`${seen.at}.stats: active_anon + inactive_anon + isolated_anon - shmem`, balance.privateAnonBytes),
          ...top.map(([comm, sum]) => proof(`sum(${report.at}.processes[comm=${comm}].rssBytes)`, sum)),
          ...proofs([[`${seen.at}.freeBytes`, free]]),
        )
      }
    }
    return found({
      title: 'The node ran out of memory',
      severity: 'critical',
      confidence: 'stated',
      explanation,
      evidence,
      advice: adviceFor(
        report ? (badness(report.report)?.biggest.row.comm ?? null) : null,
        nameOr(incident.host, 'NODE'),
      ),
      references: ['kernel: out_of_memory()', 'kernel: CONSTRAINT_NONE'],
    })
  },
}

const adviceFor = (comm: string | null, node: string): string =>
  [
    comm ? 'Limit or move the biggest users.' : null,
    `Compare what the pods may use with what the node has (Allocated resources): kubectl describe node ${node}`,
    'See who uses most now: kubectl top pod -A --sort-by=memory',
    "Memory rose past the kubelet's eviction threshold: check --eviction-hard, --kube-reserved and --system-reserved.",
  ]
    .filter(step => step !== null)
    .join('\n')
