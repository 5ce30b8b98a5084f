/** The sentences that text, markdown and html share: what an incident is, whose limit, who died, what is not known. */
import { span } from '../basics/span.ts'
import type { Incident, Victim } from '../model/report.ts'
import { formatBytes, formatClockBeside, formatLimit, plural, shortId } from './format.ts'

export function isPanic(incident: Incident): boolean {
  return incident.kernelReports.some(report => report.outcome === 'panic')
}

/** A person or tool asked for the kill (SysRq-f); no memory was short. */
export function isAskedFor(incident: Incident): boolean {
  return incident.kernelReports.some(report => report.trigger?.order === -1)
}

/** `2022-03-15 09:22:41 +09:00`, or what the kernel's clock says where the log has no wall time. */
export function whenWords(incident: Incident, format: (time: string | null) => string): string {
  const uptime = incident.kernelReports.find(report => report.uptimeSeconds !== null)?.uptimeSeconds ?? null
  return incident.time === null && uptime !== null ? `time unknown, ${uptime} s after boot` : format(incident.time)
}

/** A panic's heading, whatever the writer does to make it stand out. */
export function panicWords(incident: Incident): string {
  return incident.host === null ? 'KERNEL PANIC' : `KERNEL PANIC on ${incident.host}`
}

/** What it happened to, as the reader would name it. */
export function subjectOf(incident: Incident): string {
  if (incident.scope === 'node') return incident.host === null ? 'the node' : `node ${incident.host}`
  const known =
    containerOf(incident) ??
    incident.cgroup?.unit ??
    lastPart(incident.cgroup?.taskPath ?? incident.cgroup?.limitPath ?? null)
  if (known !== null) return known
  const died = incident.victims[0]?.comm ?? null
  if (died !== null) return `process ${died}`
  return incident.host === null ? 'unknown container' : `unknown container on ${incident.host}`
}

/** `shop/api-7d9c5b6f4-x8k2p, container api`, or as much of it as the log tells; `null` when it tells nothing. */
export function containerOf(incident: Incident): string | null {
  const { pod, container } = incident
  const name = container === null ? null : (container.name ?? shortId(container.id))
  if (pod?.name != null) {
    const whole = pod.namespace === null ? `pod ${pod.name}` : `${pod.namespace}/${pod.name}`
    return name === null ? whole : `${whole}, container ${name}`
  }
  if (name !== null) return pod?.uid != null ? `container ${name} of pod uid ${pod.uid}` : `container ${name}`
  return pod?.uid != null ? `pod uid ${pod.uid}` : null
}

/** Whose limit was hit, in words: `container limit 64 MiB`, `node out of memory`. */
export function limitWords(incident: Incident): string {
  if (isAskedFor(incident)) return 'asked for by hand (SysRq-f), no memory was short'
  if (incident.kind === 'eviction') return 'evicted by the kubelet'
  if (incident.kind === 'userspace') return `killed by ${sourcesOf(incident)}, not by the kernel`
  const limit = incident.cgroup?.limitBytes ?? null
  const size = limit === null ? '' : ` ${formatLimit(limit)}`
  switch (incident.scope) {
    case 'container':
      return limit === null ? 'container limit, size not in this log' : `container limit${size}`
    case 'pod':
      return limit === null ? 'pod limit, size not in this log' : `pod limit${size}`
    case 'cgroup':
      return `limit of ${cgroupOwner(incident.cgroup?.limitPath ?? null)}${limit === null ? ', size not in this log' : ':'}${size}`
    case 'node':
      return nodeWords(incident)
    case 'unknown':
      if (incident.constraint !== 'memcg' && incident.kind === 'kernel') return 'whose limit is not in this log'
      return `a cgroup limit${size} (whose is not in this log)`
    default:
      return incident.scope satisfies never
  }
}

function nodeWords(incident: Incident): string {
  if (incident.constraint === 'cpuset') return 'node out of memory on the memory nodes that its cpuset allows'
  if (incident.constraint === 'memory_policy') return 'node out of memory on the memory nodes that its policy allows'
  return 'node out of memory'
}

/** What the limit of a cgroup that is no container and no pod governs. */
function cgroupOwner(path: string | null): string {
  if (path === null) return 'a cgroup'
  if (/\/kubepods(?:\.slice)?$/.test(path)) return 'node allocatable (all pods together)'
  const qos = /\/(?:kubepods[-/])?(burstable|besteffort|guaranteed)(?:\.slice)?$/i.exec(path)?.[1]
  if (qos !== undefined) return `QoS class ${qos.toLowerCase()} (all its pods together)`
  return lastPart(path) ?? 'the root cgroup'
}

function lastPart(path: string | null): string | null {
  const part = path?.split('/').filter(Boolean).at(-1)
  return part === undefined ? null : shortId(part)
}

/** anon + file + shmem, of which at least one is told. */
export function residentBytes(victim: Victim): number | null {
  const parts = [victim.anonRssBytes, victim.fileRssBytes, victim.shmemRssBytes].filter(part => part !== null)
  return parts.length === 0 ? null : parts.reduce((sum, part) => sum + part, 0)
}

/** Victims, largest first. */
export function bySize(victims: readonly Victim[]): Victim[] {
  return [...victims].sort((a, b) => (residentBytes(b) ?? -1) - (residentBytes(a) ?? -1))
}

export function victimName(victim: Victim): string {
  const name = victim.comm ?? 'a process'
  return victim.pid === null ? name : `${name} (pid ${victim.pid})`
}

/** Who died, with how much memory: `killed python3 (pid 4242) with 62.1 MiB`. */
export function killedWords(incident: Incident): string {
  const [largest, ...others] = bySize(incident.victims)
  if (largest === undefined) return nobodyWords(incident)
  const size = residentBytes(largest)
  const held = size === null ? '' : ` with ${formatBytes(size)}`
  if (others.length === 0) return `killed ${victimName(largest)}${held}`
  return `killed ${plural(others.length + 1, 'process', 'processes')}, the largest ${victimName(largest)}${held}`
}

/** All that died, for an incident told in one line: `all: python3 (pid 1, 2, 3), sh (pid 4)`; `null` for fewer than two. */
export function victimList({ victims }: Incident): string | null {
  if (victims.length < 2) return null
  const pids = new Map<string, string[]>()
  for (const { comm, pid } of victims) {
    const name = comm ?? 'a process'
    pids.set(name, [...(pids.get(name) ?? []), pid === null ? '?' : String(pid)])
  }
  return `all: ${[...pids].map(([name, list]) => `${name} (pid ${list.join(', ')})`).join(', ')}`
}

function nobodyWords(incident: Incident): string {
  const outcomes = new Set(incident.kernelReports.map(report => report.outcome))
  if (outcomes.has('panic')) return 'nothing was killed, the kernel stopped'
  if (outcomes.has('no-killable')) return 'nothing could be killed'
  if (outcomes.has('skipped')) return 'nothing killed: the victim was already exiting'
  if (incident.kind === 'eviction') return 'no process is named'
  if (incident.kind === 'runtime') return runtimeWords(incident)
  const asked = incident.kernelReports.find(report => report.trigger !== null)?.trigger
  return `who was killed is not in this log${asked == null ? '' : ` (${asked.comm ?? 'a process'} asked for the memory)`}`
}

function runtimeWords(incident: Incident): string {
  const exit = incident.runtimeEvents.find(event => event.exitCode !== null)
  const ended = exit === undefined ? '' : `, container exited with ${exit.exitCode}`
  return `no kill is in this log, only an OOM event of ${sourcesOf(incident)}${ended}`
}

/** The programs that spoke of it. */
function sourcesOf(incident: Incident): string {
  const ooms = incident.runtimeEvents.filter(event => event.type === 'TaskOOM')
  const said = new Set((ooms.length > 0 ? ooms : incident.runtimeEvents).map(event => event.source))
  return said.size === 0 ? 'the runtime' : [...said].join(' and ')
}

const missingNames: Readonly<Record<Exclude<Incident['missing'][number], 'identity'>, string>> = {
  victim: 'who was killed',
  processTable: 'the process table',
  memory: 'memory use and limit',
  trigger: 'what triggered it',
  taskOom: 'a TaskOOM event of the runtime',
  kernelReport: "the kernel's report",
}

function identityWords({ pod, container }: Incident): string {
  if (pod?.name != null) return 'the name of the container'
  return container?.name != null ? 'the name of the pod' : 'the name of pod and container'
}

const ofVictim: ReadonlySet<string> = new Set(['victim', 'taskOom', 'identity'])

/** One sentence on what the log does not tell, or `null` when nothing is missing. */
export function missingWords(incident: Incident): string | null {
  // Where nobody died there is no victim to miss, and no container of it.
  const nobody =
    incident.victims.length === 0 &&
    incident.kernelReports.some(({ outcome }) => outcome !== null && outcome !== 'killed')
  const missing = incident.missing.filter(name => !nobody || !ofVictim.has(name))
  if (missing.length === 0) return null
  const names = missing.map(name => (name === 'identity' ? identityWords(incident) : missingNames[name]))
  const listed = names.length === 1 ? names[0] : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
  return `not in this log: ${listed}${looksFiltered(incident) ? ' (it looks filtered, as by grep: read the whole log)' : ''}`
}

/** A report that began, with some lines of its trace, and none of the lines that hold no `oom`: what grep leaves. */
function looksFiltered(incident: Incident): boolean {
  if (incident.diagnosis.some(({ code }) => code === 'report-incomplete')) return false // said there, at length
  const gone = ['victim', 'processTable', 'memory'] as const
  return (
    gone.every(name => incident.missing.includes(name)) &&
    incident.kernelReports.some(
      report => report.trigger !== null && report.callTrace.length > 0 && report.callTrace.length < 4,
    )
  )
}

export function suppressedWords(count: number): string {
  return `the kernel left out ${plural(count, 'report')} around here (rate limit)`
}

/** `6 times from 02:11:07 to 02:41:10, about every 3 min`; two are no pace; `null` for what happened once. */
export function repeatWords(times: readonly (string | null)[], medianSeconds: number | null): string | null {
  if (times.length < 2) return null
  const known = times.filter(time => time !== null)
  const [first, last] = [known[0], known.at(-1)]
  const range =
    first === undefined || last === undefined
      ? ''
      : ` from ${formatClockBeside(first, last)} to ${formatClockBeside(last, first)}`
  const pace =
    medianSeconds === null || times.length < 3
      ? ''
      : medianSeconds < 1
        ? ', less than 1 s apart'
        : `, about every ${span(medianSeconds)}`
  return `${plural(times.length, 'time')}${range}${pace}`
}

/**
 * `in 4 pods`, where what is told together happened to several; `null` where it was one. `in 2 containers of the pod`,
 * where only the pod's uid holds it together: they may be starts of one container, or different ones.
 */
export function whereWords(incidents: readonly Incident[]): string | null {
  const pods = new Set(incidents.flatMap(({ pod }) => (pod?.name == null ? [] : [`${pod.namespace}/${pod.name}`])))
  if (pods.size > 1) return `in ${pods.size} pods`
  const unnamed = incidents.filter(({ pod, container }) => pod?.uid != null && container?.name === null)
  const ids = new Set(unnamed.map(({ container }) => container?.id))
  return pods.size === 0 && ids.size > 1 ? `in ${ids.size} containers of the pod` : null
}

/**
 * What the victim's oom_score_adj says of its memory request, as a share of the node's memory. `null` outside of pods, and
 * where the value is not one of the QoS class that the path tells.
 *
 * @see kubernetes pkg/kubelet/qos/policy.go GetContainerOOMScoreAdjust()
 */
export function requestWords({ pod, victims, kernelReports }: Incident): string | null {
  const adj =
    (kernelReports.find(({ victims: each }) => each.length > 0)?.victims[0] ?? victims[0])?.oomScoreAdj ?? null
  if (pod?.qosClass !== 'Burstable' || adj === null || adj < 3 || adj > 999) return null
  const says = `by oom_score_adj ${adj}`
  if (adj === 999) return `memory request below 0.1 % of the node or none, ${says}`
  return `memory request ${(1000 - adj) / 10} to ${(1001 - adj) / 10} % of the node, ${says}`
}

/** Who died in several incidents, most often first: `python3 4 times, java 2 times`; `null` when it was always the same name. */
export function victimTally(incidents: readonly Incident[]): string | null {
  const tally = new Map<string, number>()
  for (const { victims } of incidents) {
    for (const { comm } of victims) if (comm !== null) tally.set(comm, (tally.get(comm) ?? 0) + 1)
  }
  if (tally.size < 2) return null
  const sorted = [...tally].sort(([, a], [, b]) => b - a)
  const told = sorted.slice(0, 4).map(([comm, times]) => (times === 1 ? comm : `${comm} ${times} times`))
  return `killed in all: ${told.join(', ')}${sorted.length > 4 ? ` and ${plural(sorted.length - 4, 'other name')}` : ''}`
}

/** What another incident that is told together with the one shown has of its own. */
export function otherWords(other: Incident, shown: Incident): string[] {
  const unlike = (of: (incident: Incident) => string | null) => (of(other) === of(shown) ? null : of(other))
  return [
    unlike(subjectOf),
    limitWords(other),
    killedWords(other),
    victimList(other),
    other.suppressedReports ? suppressedWords(other.suppressedReports) : null,
    unlike(missingWords),
  ].filter(fact => fact !== null)
}
