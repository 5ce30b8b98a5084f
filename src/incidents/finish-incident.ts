/** A group made whole: the contract's `Incident`, with what is missing named and what is ambiguous as a warning. */
import type { Bereaved } from '../model/bereaved.ts'
import type { Cgroup, Constraint, Evidence, Incident, KernelReport, Warning } from '../model/report.ts'
import { constraintOf, finishReport, finishVictim, isOomMemcgCut, oomMemcgOf, taskMemcgOf } from './finish-report.ts'
import { type Group, isKernel } from './group.ts'
import type { Identities } from './identities.ts'
import { incidentId } from './incident-id.ts'
import { bereavedOf, containerIdOf, containerOf, killedPath, podOf } from './incident-identity.ts'
import { timesOf } from './incident-time.ts'
import { victimsOf } from './incident-victims.ts'
import { warningsOf } from './incident-warnings.ts'
import { firstOf, type ReportItem } from './items.ts'
import { leftOutBy } from './left-out.ts'
import { pathOf } from './path-of.ts'
import type { VictimDraft } from './report-draft.ts'
import { finishRuntimeEvents } from './runtime-events.ts'
import { detached, type Place } from './seen.ts'
import { withoutDoubles } from './without-doubles.ts'

export interface FinishOptions {
  /** Path and member of a source, by its index. */
  readonly sourceOf: (index: number) => { readonly path: string; readonly member: string | null }
}

export interface Finished {
  readonly incident: Incident
  readonly warnings: readonly Warning[]
  /** When the container's first process began, epoch ms; for the diagnosis. */
  readonly containerStartedMs: number | null
  /** Every container that lost a process: the incident itself names one only where all victims share it. */
  readonly bereaved: readonly Bereaved[]
  /** Epoch ms; null where the log has no wall time. For sorting and `--since`. */
  readonly timeMs: number | null
}

export function finishIncident(group: Group, identities: Identities, options: FinishOptions): Finished {
  const reports = withoutDoubles(group.reports)
  const kernelReports = reports.map(({ draft }) => finishReport(draft))
  const victims = victimsOf(group, reports)
  const constraint = group.otherKills.length > 0 ? null : constraintOfGroup(group, reports)
  const scope = scopeOf(constraint, reports)
  const containerId = containerIdOf(group, reports, scope, victims)
  const identity = containerId === null ? null : identities.container(containerId)
  const sandbox = containerId === null || identity ? null : identities.sandbox(containerId)
  const container = sandbox ? null : containerOf(containerId, group, reports, identities)
  const pod = podOf(group, container, sandbox ? containerId : null, reports, scope, identities)
  const cgroup = cgroupOf(reports, kernelReports, killedPath(group))
  const { time, end } = timesOf(group)
  const evidence = evidenceOf(group, options)
  const kind = isKernel(group) ? 'kernel' : group.taskOoms.length > 0 ? 'runtime' : otherKind(group)
  const incident: Incident = {
    id: '',
    kind,
    time: detached(time?.iso ?? null),
    endTime: detached(end?.iso ?? null),
    timeFrom: time?.from ?? null,
    host: hostOf(group),
    scope,
    constraint,
    container,
    pod,
    cgroup,
    kernelReports,
    runtimeEvents: finishRuntimeEvents(group, identities),
    victims: victims.map(({ victim, containerId: whose }) => finishVictim(victim, whose)),
    suppressedReports: leftOutBy(group.notices),
    diagnosis: [],
    complete: kernelReports.length > 0 && kernelReports.every(report => report.complete),
    missing: [],
    evidence,
  }
  incident.id = idOf(incident, group, victims[0]?.victim ?? null)
  const bereaved = bereavedOf(victims, reports, identities)
  incident.missing = missingOf(incident, bereaved)
  return {
    incident,
    warnings: warningsOf(group, incident, options),
    containerStartedMs: identity?.startedMs ?? null,
    bereaved,
    timeMs: time?.ms ?? null,
  }
}

function otherKind(group: Group): Incident['kind'] {
  return group.otherKills[0]?.event.kind === 'pod-evicted' ? 'eviction' : 'userspace'
}

function constraintOfGroup(group: Group, reports: readonly ReportItem[]): Constraint | null {
  for (const { draft } of reports) {
    const constraint = constraintOf(draft)
    if (constraint !== null) return constraint
  }
  return group.kills.find(kill => kill.scope !== null)?.scope ?? null
}

function scopeOf(constraint: Constraint | null, reports: readonly ReportItem[]): Incident['scope'] {
  if (constraint === null) return 'unknown'
  if (constraint !== 'memcg') return 'node'
  const draft = reports.find(report => oomMemcgOf(report.draft) !== null)?.draft
  if (draft === undefined) return 'unknown'
  const { level, containerId } = pathOf(oomMemcgOf(draft)!)
  if (level === 'container') return isAround(containerId, taskMemcgOf(draft)) ? 'cgroup' : level
  if (isOomMemcgCut(draft)) return 'unknown'
  return level === 'pod' ? level : 'cgroup'
}

/** Whether the victim's container runs inside the one that the limit is of: a node that is a container (kind, minikube). */
function isAround(limited: string | null, task: string | null): boolean {
  const own = task === null ? null : pathOf(task).containerId
  return limited !== null && own !== null && !own.startsWith(limited) && !limited.startsWith(own)
}

/** Of the first report that tells: later ones of the incident have their own under `kernelReports`. */
function cgroupOf(
  reports: readonly ReportItem[],
  kernelReports: readonly KernelReport[],
  killed: string | null,
): Cgroup | null {
  const memory = kernelReports.find(report => report.memory !== null)?.memory ?? null
  const taskPath = firstOf(reports, ({ draft }) => taskMemcgOf(draft)) ?? killed
  const limitPath = firstOf(reports, ({ draft }) => oomMemcgOf(draft))
  if (memory === null && taskPath === null && limitPath === null) return null
  const path = taskPath ?? limitPath
  const read = path === null ? null : pathOf(path)
  return {
    usageBytes: null,
    limitBytes: null,
    failcnt: null,
    swapUsageBytes: null,
    swapLimitBytes: null,
    kmemUsageBytes: null,
    kmemLimitBytes: null,
    stats: {},
    ...memory,
    taskPath,
    limitPath,
    unit: read && read.containerId === null ? read.unit : null,
  }
}

function hostOf(group: Group): string | null {
  const kernel = [...group.reports, ...group.kills].find(({ host }) => host !== null)
  if (kernel) return kernel.host
  const votes = new Map<string, number>()
  for (const { host } of [...group.taskOoms, ...group.otherKills, ...group.asides]) {
    if (host !== null) votes.set(host, (votes.get(host) ?? 0) + 1)
  }
  return [...votes].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null
}

function missingOf(incident: Incident, bereaved: readonly Bereaved[]): Incident['missing'] {
  const missing: Incident['missing'] = []
  const { kernelReports, container, pod, cgroup } = incident
  const byKernel = incident.kind === 'kernel' || incident.kind === 'runtime'
  const nobodyDied =
    kernelReports.length > 0 && kernelReports.every(({ outcome }) => outcome !== null && outcome !== 'killed')
  if (incident.victims.length === 0 && incident.kind !== 'eviction' && !nobodyDied) missing.push('victim')
  if (byKernel) {
    if (!kernelReports.some(report => report.processes.length > 0)) missing.push('processTable')
    if (!kernelReports.some(report => report.memory?.usageBytes != null || report.node !== null)) missing.push('memory')
    if (kernelReports.length === 0 || kernelReports.some(report => report.trigger === null)) missing.push('trigger')
    if (!incident.runtimeEvents.some(event => event.type === 'TaskOOM')) missing.push('taskOom')
    if (kernelReports.length === 0) missing.push('kernelReport')
  }
  const several = bereaved.length > 1 && bereaved.every(one => one.name !== null && one.pod !== null)
  const named = container
    ? container.name !== null && pod?.name != null
    : cgroup?.unit != null || pod?.name != null || several
  if (!named && !(nobodyDied && incident.scope === 'node')) missing.push('identity')
  return missing
}

function idOf(incident: Incident, group: Group, victim: VictimDraft | null): string {
  const whose = incident.container?.id ?? incident.cgroup?.taskPath ?? incident.cgroup?.limitPath ?? incident.host ?? ''
  const items = [...group.reports, ...group.kills, ...group.taskOoms, ...group.otherKills]
  const first = items.reduce((a, b) => (b.position.at < a.position.at ? b : a))
  return incidentId(whose, victim, first.stamp)
}

function evidenceOf(group: Group, options: FinishOptions): Evidence[] {
  const places: Place[] = [
    ...group.reports.flatMap(({ draft }) => draft.places),
    ...group.kills.flatMap(kill => kill.places),
  ]
  for (const items of [group.taskOoms, group.otherKills, group.asides, group.suppressedItems])
    for (const { place } of items) places.push(place)
  places.sort((a, b) => a.source - b.source || a.byteOffset - b.byteOffset)
  const evidence: Evidence[] = []
  let last: Place | null = null
  for (const place of places) {
    if (last && last.source === place.source && last.byteOffset === place.byteOffset) continue
    last = place
    const { path, member } = options.sourceOf(place.source)
    evidence.push({ source: path, member, line: place.line, byteOffset: place.byteOffset, text: place.text })
  }
  return evidence
}
