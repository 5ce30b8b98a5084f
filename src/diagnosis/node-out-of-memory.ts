/** The whole node ran out: who held the RAM. */
import type { Incident } from '../model/report.ts'
import { badness } from './badness.ts'
import { type ClosedZones, closedZones } from './closed-zones.ts'
import { nameOr } from './commands.ts'
import { isInPod, isManual, mainReport, managedBytes, nodeMemory } from './facts.ts'
import { type Found, found, proof, proofs } from './finding.ts'
import { fragmentation } from './fragmentation.ts'
import { nodeBalance } from './node-balance.ts'
import type { Rule } from './rule.ts'
import { bytes, list, share } from './words.ts'

interface Users {
  readonly told: readonly (readonly [comm: string, bytes: number])[]
  /** Private memory; else resident, in which what processes share counts once for each. */
  readonly isPrivate: boolean
}

/** The commands with most memory, up to three that hold 5 % or more. */
const biggest = (incident: Incident, managed: number): Users => {
  const rows = mainReport(incident)?.report.processes ?? []
  const isPrivate = rows.length > 0 && rows.every(row => row.rssAnonBytes !== null)
  const sums = new Map<string, number>()
  for (const row of rows)
    sums.set(row.comm, (sums.get(row.comm) ?? 0) + ((isPrivate ? row.rssAnonBytes : row.rssBytes) ?? 0))
  const told = [...sums]
    .filter(([, sum]) => sum >= 0.05 * managed)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 3)
  return { told, isPrivate }
}

const usersWords = ({ told, isPrivate }: Users, privateAnonBytes: number): string => {
  if (told.length === 0) return ''
  const who = list(told.map(([comm, sum]) => `${comm} (${bytes(sum)})`))
  const sum = told.reduce((all, [, each]) => all + each, 0)
  // More than there is in all: what the processes share was counted several times.
  if (!isPrivate && sum > 1.1 * privateAnonBytes)
    return `; by resident memory, in which shared pages count several times, the biggest were ${who}`
  return sum >= 0.5 * privateAnonBytes ? `, most of it in ${who}` : `, the biggest ${who}`
}

/** A pod's process, or a part of a Kubernetes node, is in the report: kubectl can tell more. */
const isKubernetes = (incident: Incident): boolean =>
  incident.pod !== null ||
  isInPod(incident.cgroup?.taskPath ?? null) ||
  incident.kernelReports.some(report =>
    report.processes.some(({ comm }) => comm === 'kubelet' || comm === 'k3s-server' || comm === 'k3s-agent'),
  )

const adviceFor = (incident: Incident, knowsWho: boolean): string => {
  const limit = knowsWho ? ['Limit or move the biggest users.'] : []
  if (!isKubernetes(incident))
    return [...limit, 'See who uses most now: ps -eo pid,rss,comm --sort=-rss | head'].join('\n')
  return [
    ...limit,
    `Compare what the pods may use with what the node has (Allocated resources): kubectl describe node ${nameOr(incident.host, 'NODE')}`,
    'See who uses most now: kubectl top pod -A --sort-by=memory',
    'The kubelet should evict pods before this: check its --eviction-hard, --kube-reserved and --system-reserved.',
  ].join('\n')
}

/** What a shortage of some zones comes from. */
const zonesAdvice = ({ closed }: ClosedZones): string =>
  closed.includes('HighMem')
    ? 'A 32-bit kernel serves its own requests from low memory alone, however much RAM there is: use a 64-bit kernel.'
    : 'Find the driver that asks for such memory: the call trace.'

const titleOf = (isFragmented: boolean, zones: ClosedZones | null): string => {
  if (isFragmented) return 'The node had no large piece of memory'
  return zones ? 'Zones of the node ran out of memory' : 'The node ran out of memory'
}

/** A kill line alone: also SysRq f and a shortage of some memory nodes print the same words. */
const lone = (incident: Incident): Found =>
  found({
    title: 'The node ran out of memory',
    severity: 'critical',
    confidence: 'likely',
    explanation:
      "The kernel's line says Out of memory and names no cgroup: that is the node as a whole, not the limit of a container or pod. The report that would prove it is not in the log.",
    evidence: [proof('constraint', incident.constraint), proof('count(kernelReports)', 0)],
    advice: adviceFor(incident, false),
    references: ['kernel: out_of_memory()'],
  })

export const nodeOutOfMemory: Rule = {
  code: 'node-out-of-memory',
  examine: given => {
    const { incident } = given
    const report = mainReport(incident)
    if (incident.scope !== 'node' || incident.constraint !== 'none' || incident.kernelReports.some(isManual))
      return null
    if (incident.kernelReports.length === 0) return lone(incident)
    const seen = nodeMemory(incident)
    const managed = seen ? managedBytes(seen.node) : null
    const evidence = [proof('constraint', incident.constraint)]
    const isFragmented = fragmentation.examine(given) !== null
    const zones = seen && !isFragmented ? closedZones(seen.node, report?.report.trigger ?? null) : null
    let explanation = 'The whole node ran out of memory; no limit of a container or pod was hit.'
    if (report && seen && managed) {
      const balance = nodeBalance(seen.node)
      const free = seen.node.freeBytes
      evidence.push(proof(`${seen.at}.ramBytes - ${seen.at}.reservedBytes`, managed))
      explanation = isFragmented
        ? `The kernel killed for the whole node (${bytes(managed)}), for want of one large piece and not of memory; no limit of a container or pod was hit.`
        : zones
          ? `The kernel killed for the whole node (${bytes(managed)}), of which the zones that may serve the request (${list(zones.full)}) were full; no limit of a container or pod was hit.`
          : `The whole node ran out of its ${bytes(managed)} of memory; no limit of a container or pod was hit.`
      if (balance) {
        const users = biggest(incident, managed)
        explanation += ` Private memory of processes was ${bytes(balance.privateAnonBytes)} (${share(balance.privateAnonBytes, managed)})${usersWords(users, balance.privateAnonBytes)}`
        if (free !== null) explanation += `; ${bytes(free)} was free`
        if (zones) explanation += `, ${bytes(zones.freeBytes)} of it in ${list(zones.closed)}, which may not serve it`
        explanation += '.'
        evidence.push(
          proof(`${seen.at}.stats: active_anon + inactive_anon + isolated_anon - shmem`, balance.privateAnonBytes),
          ...users.told.map(([comm, sum]) =>
            proof(`sum(${report.at}.processes[comm=${comm}].${users.isPrivate ? 'rssAnonBytes' : 'rssBytes'})`, sum),
          ),
          ...proofs([
            [`${seen.at}.freeBytes`, free],
            [`sum(${seen.at}.zones[${zones?.closed.join()}].freeBytes)`, zones?.freeBytes],
          ]),
        )
      }
    }
    return found({
      title: titleOf(isFragmented, zones),
      severity: 'critical',
      confidence: 'stated',
      explanation,
      evidence,
      advice: isFragmented
        ? null
        : zones
          ? zonesAdvice(zones)
          : adviceFor(incident, report !== null && badness(report.report)?.biggest !== undefined),
      references: ['kernel: out_of_memory()', 'kernel: CONSTRAINT_NONE'],
    })
  },
}
