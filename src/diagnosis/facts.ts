/** Where in an incident a fact stands. Each answer carries its path, which becomes the evidence's `field`. */
import type { Cgroup, Incident, KernelReport, NodeMemory, Process, Victim } from '../model/report.ts'

export interface SeenReport {
  readonly report: KernelReport
  /** `kernelReports[0]` */
  readonly at: string
}
export interface SeenMemory {
  readonly memory: Cgroup
  readonly at: string
}
export interface SeenNode {
  readonly node: NodeMemory
  readonly at: string
}
export interface SeenVictim {
  readonly victim: Victim
  readonly at: string
}

/**
 * A person or a program asked for it with SysRq f: the request has order -1, and its work item stands in the trace.
 * There was no shortage, so nothing of the report is a cause.
 *
 * @see torvalds/linux drivers/tty/sysrq.c moom_callback()
 */
export const isManual = (report: KernelReport): boolean =>
  report.trigger?.order === -1 || report.callTrace.some(frame => frame.function === 'moom_callback')

const weight = (report: KernelReport): number =>
  (report.memory || report.node ? 4 : 0) + (report.processes.length > 0 ? 2 : 0) + (report.victims.length > 0 ? 1 : 0)

const fullest = (incident: Incident): SeenReport | null => {
  let best: SeenReport | null = null
  incident.kernelReports.forEach((report, index) => {
    if (!best || weight(report) > weight(best.report)) best = { report, at: `kernelReports[${index}]` }
  })
  return best
}

// Every rule asks, of the same incident, one rule after the other.
let asked: Incident | null = null
let answer: { readonly report: SeenReport | null; readonly isByHand: boolean } = { report: null, isByHand: false }
const lookAt = (incident: Incident): typeof answer => {
  if (incident !== asked) {
    answer = { report: fullest(incident), isByHand: incident.kernelReports.some(isManual) }
    asked = incident
  }
  return answer
}

/** The fullest kernel report (the first of equals), whatever it is about. */
const anyReport = (incident: Incident): SeenReport | null => lookAt(incident).report

/** The report that causes are looked for in; null when there is none, or when somebody asked for the kill by hand. */
export const mainReport = (incident: Incident): SeenReport | null => {
  const { report, isByHand } = lookAt(incident)
  return isByHand ? null : report
}

/** The limited cgroup's numbers, of a limit's OOM only. */
export const limitedMemory = (incident: Incident): SeenMemory | null => {
  if (lookAt(incident).isByHand) return null
  const seen = mainReport(incident)
  if (seen?.report.memory) return { memory: seen.report.memory, at: `${seen.at}.memory` }
  return incident.cgroup && incident.scope !== 'node' ? { memory: incident.cgroup, at: 'cgroup' } : null
}

/** Mem-Info of an OOM of the node (of a limit's OOM only 2.6.32 prints it, and there it is not the cause). */
export const nodeMemory = (incident: Incident): SeenNode | null => {
  const seen = mainReport(incident)
  if (!seen?.report.node || incident.scope !== 'node') return null
  return { node: seen.report.node, at: `${seen.at}.node` }
}

/** The process that the kernel chose: the first one of the main report, else of the incident. */
export const chosenVictim = (incident: Incident): SeenVictim | null => {
  const seen = anyReport(incident)
  const ofReport = seen?.report.victims[0]
  if (seen && ofReport) return { victim: ofReport, at: `${seen.at}.victims[0]` }
  const first = incident.victims[0]
  return first ? { victim: first, at: 'victims[0]' } : null
}

/** Resident memory at the kill; null when the line tells none of its parts. */
export const residentBytes = (victim: Victim): number | null =>
  victim.anonRssBytes === null && victim.fileRssBytes === null
    ? null
    : (victim.anonRssBytes ?? 0) + (victim.fileRssBytes ?? 0) + (victim.shmemRssBytes ?? 0)

/** RAM that the kernel manages: the reserved pages hold the kernel's image and the page structures. */
export const managedBytes = (node: NodeMemory): number | null =>
  node.ramBytes === null || node.reservedBytes === null ? null : node.ramBytes - node.reservedBytes

/** cgroup v1 alone prints a counter of kernel memory; there `swapLimitBytes` is memory and swap together. */
export const isVersion1 = (memory: Cgroup): boolean => memory.kmemUsageBytes !== null

export const timeMs = (iso: string | null): number | null => {
  const ms = iso === null ? Number.NaN : Date.parse(iso)
  return Number.isNaN(ms) ? null : ms
}

/** The row of a victim: the table names the thread that holds the memory, the kill line the process. */
export const rowOf = (processes: readonly Process[], victim: Victim): Process | null =>
  processes.find(row => row.tgid === victim.pid) ?? processes.find(row => row.pid === victim.pid) ?? null

const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

export type LimitOwner = 'allocatable' | 'qos' | 'pod' | 'unit' | 'slice' | 'container' | 'other'

// Half a dozen rules ask of one path.
let askedPath: string | null = null
let owner: LimitOwner = 'other'

/** Whose the limit of a cgroup path is, by its last component (kind puts `kubelet-` before Kubernetes' names). */
export const limitOwner = (path: string): LimitOwner => {
  if (path !== askedPath) {
    owner = ownerOf(path)
    askedPath = path
  }
  return owner
}

const ownerOf = (path: string): LimitOwner => {
  const last = lastPart(path)
  if (/^(?:kubelet-)?kubepods(?:\.slice)?$/.test(last)) return 'allocatable'
  if (/^(?:kubelet-)?kubepods-(?:burstable|besteffort)\.slice$/.test(last)) return 'qos'
  if (/(?:^|\/)kubepods\/(?:burstable|besteffort)$/.test(path)) return 'qos'
  if (/(?:^|-)pod[0-9a-f]{8}[-_0-9a-f]{24,28}(?:\.slice)?$/.test(last)) return 'pod'
  if (/(?:^|[-:])[0-9a-f]{64}(?:\.scope)?$/.test(last)) return 'container'
  if (/\.service$/.test(last)) return 'unit'
  if (/\.slice$/.test(last)) return 'slice'
  return 'other'
}

/** The path of a pod or of something in one. */
export const isInPod = (path: string | null): boolean => path !== null && /kubepods/.test(path)

/** Events of the container (or its sandbox) of one type. */
export const eventsOf = (incident: Incident, ...types: string[]) =>
  incident.runtimeEvents.filter(event => types.includes(event.type))

/** Killed by the kernel: a victim of a kernel incident, not one that somebody asked for. */
export const kernelKilled = (incident: Incident): boolean => incident.kind === 'kernel' && incident.victims.length > 0

/** Whose figures a report of a cgroup's limit prints, in words. */
export const limitHolder = ({ scope }: Incident): string =>
  scope === 'container' || scope === 'pod' ? `the ${scope}` : 'the cgroup'
