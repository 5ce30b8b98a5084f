/** A group made whole: the contract's `Incident`, with what is missing named and what is ambiguous as a warning. */
import { readCgroupPath } from '../cgroups/path.ts'
import type { Moment } from '../model/record.ts'
import type { Cgroup, Constraint, Container, Evidence, Incident, KernelReport, Pod, Warning } from '../model/report.ts'
import { constraintOf, finishReport, finishVictim, oomMemcgOf, taskMemcgOf } from './finish-report.ts'
import { cpusetContainer, type Group, isKernel } from './group.ts'
import type { Identities } from './identities.ts'
import { incidentId } from './incident-id.ts'
import type { ReportItem } from './items.ts'
import type { ReportDraft, VictimDraft } from './report-draft.ts'
import { finishRuntimeEvents } from './runtime-events.ts'
import type { Place } from './seen.ts'
import { kernelClockError, otherWitness } from './seen-twice.ts'

export interface FinishOptions {
  /** Path and member of a source, by its index. */
  readonly sourceOf: (index: number) => { readonly path: string; readonly member: string | null }
}

export interface Finished {
  readonly incident: Incident
  readonly warnings: readonly Warning[]
  /** When the container's first process began, epoch ms; for the diagnosis. */
  readonly containerStartedMs: number | null
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
  const cgroup = cgroupOf(reports, kernelReports)
  const { time, end } = timesOf(group)
  const evidence = evidenceOf(group, options)
  const kind = isKernel(group) ? 'kernel' : group.taskOoms.length > 0 ? 'runtime' : otherKind(group)
  const incident: Incident = {
    id: '',
    kind,
    time: time?.iso ?? null,
    endTime: end?.iso ?? null,
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
    suppressedReports: group.suppressed,
    diagnosis: [],
    complete: kernelReports.length > 0 && kernelReports.every(report => report.complete),
    missing: [],
    evidence,
  }
  incident.id = idOf(incident, group, victims[0]?.victim ?? null)
  incident.missing = missingOf(incident)
  return {
    incident,
    warnings: warningsOf(group, incident, options),
    containerStartedMs: identity?.startedMs ?? null,
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
  const path = firstOf(reports, ({ draft }) => oomMemcgOf(draft))
  if (path === null) return 'unknown'
  const { level } = readCgroupPath(path)
  return level === 'container' || level === 'pod' ? level : 'cgroup'
}

interface KnownVictim {
  readonly victim: VictimDraft
  readonly containerId: string | null
}

/** All that were killed, each once, the kernel's choice first. */
function victimsOf(group: Group, reports: readonly ReportItem[]): KnownVictim[] {
  const known = new Map<string, KnownVictim>()
  for (const { draft } of reports) {
    for (const victim of draft.victims) {
      const containerId = victimContainer(draft, victim)
      remember(known, { victim, containerId })
    }
  }
  for (const { victim } of group.kills) {
    const listing = reports.findLast(({ draft }) =>
      draft.rows.some(row => row.tgid === victim.pid || row.pid === victim.pid),
    )
    remember(known, { victim, containerId: listing ? limitContainer(listing.draft) : null })
  }
  for (const { event, moment } of group.otherKills) {
    if (event.kind !== 'userspace-killed' || event.pid === null) continue
    remember(known, {
      victim: {
        pid: event.pid,
        comm: event.comm,
        uid: event.uid,
        totalVmBytes: null,
        anonRssBytes: null,
        fileRssBytes: null,
        shmemRssBytes: null,
        pageTableBytes: null,
        oomScoreAdj: null,
        score: null,
        moment,
        uptimeSeconds: null,
        reaped: null,
        killLine: true,
      },
      containerId: event.path === null ? null : readCgroupPath(event.path).containerId,
    })
  }
  return [...known.values()]
}

/** A pid dies once: the line that tells more wins. */
function remember(known: Map<string, KnownVictim>, next: KnownVictim): void {
  const key = String(next.victim.pid)
  const first = known.get(key)
  if (!first) {
    known.set(key, next)
    return
  }
  const better = first.victim.killLine && first.victim.anonRssBytes !== null ? first : next
  known.set(key, { victim: better.victim, containerId: first.containerId ?? next.containerId })
}

/** Container of a victim: the chosen one's by `task_memcg`; the others' where the limit or the group is a container's. */
function victimContainer(draft: ReportDraft, victim: VictimDraft): string | null {
  const chosen = draft.oomKill?.pid ?? draft.victims[0]?.pid
  const task = taskMemcgOf(draft)
  if (victim.pid === chosen && task !== null) return readCgroupPath(task).containerId
  const group = draft.groupPath
  if (group !== null) {
    const read = readCgroupPath(group)
    return read.level === 'container' ? read.containerId : null
  }
  return limitContainer(draft)
}

/** The container whose limit was hit: its report's table lists its own processes only. */
function limitContainer(draft: ReportDraft): string | null {
  const path = oomMemcgOf(draft)
  if (path === null) return null
  const read = readCgroupPath(path)
  return read.level === 'container' ? read.containerId : null
}

/**
 * Set when all victims with a known container share it, or, for a pod's or a cgroup's limit, the chosen victim's; without
 * victims the one that the lines name.
 */
function containerIdOf(
  group: Group,
  reports: readonly ReportItem[],
  scope: Incident['scope'],
  victims: readonly KnownVictim[],
): string | null {
  const chosen = firstOf(reports, ({ draft }) => {
    const path = taskMemcgOf(draft)
    return path === null ? null : readCgroupPath(path).containerId
  })
  if (scope !== 'node' && chosen !== null) return chosen
  const ids = new Set(victims.map(({ containerId }) => containerId).filter(id => id !== null))
  if (ids.size > 1) return null
  const [only] = ids
  if (only !== undefined) return only
  if (chosen !== null && new Set(reports.map(({ draft }) => taskMemcgOf(draft))).size === 1) return chosen
  if (scope === 'node') return null
  return group.taskOoms[0]?.event.containerId ?? firstOf(reports, ({ draft }) => cpusetContainer(draft))
}

/** The runtime that told of a container's OOM. */
function runtimeOf(group: Group, id: string): string | null {
  const told = group.taskOoms.find(({ event }) => event.containerId === id)
  if (!told) return null
  if (told.ident === null || /containerd|^(env|sh|k3s|rke2)/.test(told.ident)) return 'containerd'
  return /^docker/.test(told.ident) ? 'docker' : /^(crio|conmon)/.test(told.ident) ? 'cri-o' : null
}

function containerOf(
  id: string | null,
  group: Group,
  reports: readonly ReportItem[],
  identities: Identities,
): Container | null {
  if (id === null) return null
  const known = identities.container(id)
  const path = firstOf(reports, ({ draft }) => {
    const task = taskMemcgOf(draft)
    return task !== null && readCgroupPath(task).containerId === id ? task : null
  })
  return {
    id: known && known.id.length > id.length ? known.id : id,
    name: known?.name ?? null,
    attempt: known?.attempt ?? null,
    runtime: (path === null ? null : readCgroupPath(path).runtime) ?? known?.runtime ?? runtimeOf(group, id),
    sandboxId: known?.sandboxId ?? null,
    image: known?.image ?? null,
  }
}

function podOf(
  group: Group,
  container: Container | null,
  sandboxId: string | null,
  reports: readonly ReportItem[],
  scope: Incident['scope'],
  identities: Identities,
): Pod | null {
  const evicted = group.otherKills.find(({ event }) => event.kind === 'pod-evicted')?.event
  if (evicted?.kind === 'pod-evicted') {
    return { name: evicted.podName, namespace: evicted.namespace, uid: evicted.podUid, qosClass: null }
  }
  if (scope === 'node' && container === null) return null
  const path = firstOf(reports, ({ draft }) => {
    const task = taskMemcgOf(draft) ?? oomMemcgOf(draft)
    return task !== null && readCgroupPath(task).podUid !== null ? task : null
  })
  const read = path === null ? null : readCgroupPath(path)
  const known = container === null ? null : identities.container(container.id)
  const sandbox = identities.sandbox(known?.sandboxId ?? sandboxId ?? '')
  const uid = read?.podUid ?? known?.podUid ?? sandbox?.uid ?? null
  const byUid = uid === null ? null : identities.pod(uid)
  const name = sandbox?.name ?? known?.podName ?? byUid?.name ?? null
  const namespace = sandbox?.namespace ?? known?.namespace ?? byUid?.namespace ?? null
  if (uid === null && name === null && !read?.qosClass) return null
  return { name, namespace, uid, qosClass: read?.qosClass ?? null }
}

/** Of the first report that tells: later ones of the incident have their own under `kernelReports`. */
function cgroupOf(reports: readonly ReportItem[], kernelReports: readonly KernelReport[]): Cgroup | null {
  const memory = kernelReports.find(report => report.memory !== null)?.memory ?? null
  const taskPath = firstOf(reports, ({ draft }) => taskMemcgOf(draft))
  const limitPath = firstOf(reports, ({ draft }) => oomMemcgOf(draft))
  if (memory === null && taskPath === null && limitPath === null) return null
  const path = taskPath ?? limitPath
  const read = path === null ? null : readCgroupPath(path)
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

/** Reports of the same kill that stand in two logs, or twice in one, are one: the fuller is kept. */
function withoutDoubles(items: readonly ReportItem[]): ReportItem[] {
  const kept: ReportItem[] = []
  for (const item of [...items].sort((a, b) => a.position.at - b.position.at || a.order - b.order)) {
    const twin = kept.findIndex(other => isSameReport(other, item))
    if (twin < 0) kept.push(item)
    else if (fullness(item.draft) > fullness(kept[twin]!.draft)) kept[twin] = item
  }
  return kept
}

function isSameReport(a: ReportItem, b: ReportItem): boolean {
  const [first] = a.draft.victims
  const [second] = b.draft.victims
  const sameUptime = a.draft.uptimeSeconds !== null && a.draft.uptimeSeconds === b.draft.uptimeSeconds
  if (first && second) {
    if (first.pid !== second.pid || first.comm !== second.comm) return false
    return first.anonRssBytes === null || second.anonRssBytes === null || first.anonRssBytes === second.anonRssBytes
  }
  if (a.log === b.log) return sameUptime && a.draft.triggerPid === b.draft.triggerPid && a.draft.triggerPid !== null
  const sameTrigger = a.draft.header?.comm === b.draft.header?.comm && a.draft.triggerPid === b.draft.triggerPid
  const sameTime = a.moment && b.moment ? Math.abs(a.moment.ms - b.moment.ms) < 2_000 : sameUptime
  return sameTrigger && sameTime && a.draft.header !== null
}

function fullness(draft: ReportDraft): number {
  const usage = Object.keys(draft.usage).length
  return draft.places.length + 10 * (usage + draft.victims.length) + (draft.header ? 10 : 0)
}

/** Precision by who wrote the stamp; smaller is better. */
function precision({ from, iso }: Moment): number {
  if (from === 'containerd') return 0
  if (from === 'journal') return 1
  if (from === 'syslog') return iso.includes('.') ? 2 : 3
  return 4
}

function timesOf(group: Group): { time: Moment | null; end: Moment | null } {
  const moments: Moment[] = []
  for (const item of [...group.reports, ...group.kills, ...group.taskOoms, ...group.otherKills]) {
    // the kernel's clock is worth nothing where another witness tells the same report's time
    if (item.kind === 'report' && item.moment?.from === 'kernel' && otherWitness(group, item)) continue
    if (item.moment) moments.push(item.moment)
    const victims = item.kind === 'report' ? item.draft.victims : []
    for (const victim of victims) if (victim.moment) moments.push(victim.moment)
  }
  moments.sort((a, b) => a.ms - b.ms)
  const [first] = moments
  if (!first) return { time: null, end: null }
  const time = moments
    .filter(({ ms }) => ms - first.ms <= 1_000)
    .reduce((best, next) => (precision(next) < precision(best) ? next : best))
  const asides = group.asides.map(({ moment }) => moment).filter(moment => moment !== null)
  const end = [...moments, ...asides].reduce((last, next) => (next.ms > last.ms ? next : last))
  return { time, end: end.ms < time.ms ? time : end }
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

function missingOf(incident: Incident): Incident['missing'] {
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
  const named = container ? container.name !== null && pod?.name != null : cgroup?.unit != null || pod?.name != null
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
    ...[...group.kills, ...group.taskOoms, ...group.otherKills, ...group.asides, ...group.suppressedItems].map(
      ({ place }) => place,
    ),
  ]
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

function warningsOf(group: Group, incident: Incident, options: FinishOptions): Warning[] {
  const warnings: Warning[] = []
  const [at] = incident.evidence
  const say = (code: string, message: string) =>
    warnings.push({ code, message, source: at?.source ?? null, line: at?.line ?? null })
  const taskOomHosts = new Set(group.taskOoms.map(({ host }) => host).filter(host => host !== null))
  const hosts = new Set([...group.hosts, ...taskOomHosts])
  if (hosts.size > 1 && incident.container) {
    say(
      'container-on-two-hosts',
      `container ${incident.container.id.slice(0, 12)} is named by lines of ${[...hosts].sort().join(' and ')}; taken as one host`,
    )
  }
  const byCpuset = group.taskOoms.length === 0 && group.reports.every(({ draft }) => taskMemcgOf(draft) === null)
  if (byCpuset && incident.container && group.reports.length > 0) {
    say(
      'container-by-cpuset',
      "only the trigger's cpuset names a container; the victim may be in another one of the pod",
    )
  }
  if (group.ambiguous) {
    say('ambiguous-incident', 'kernel lines that name no container could belong to several incidents; kept apart')
  }
  const clockError = kernelClockError(group)
  if (clockError !== null) {
    const seconds = Math.abs(Math.round(clockError / 100) / 10)
    say(
      'kernel-time-doubtful',
      `the kernel's stamp of incident ${incident.id} is ${seconds} s ${clockError > 0 ? 'later' : 'earlier'} than another log's; the other one is taken`,
    )
  }
  for (const { by, text, place } of group.losses) {
    const { path } = options.sourceOf(place.source)
    const message = `${by} lost messages near incident ${incident.id}: ${text}`
    warnings.push({ code: 'messages-lost', message, source: path, line: place.line })
  }
  if (group.split) {
    say('incident-split', 'the kills go on for longer than an incident may last; what follows is the next incident')
  }
  return warnings
}

function firstOf<T>(reports: readonly ReportItem[], pick: (item: ReportItem) => T | null): T | null {
  for (const item of reports) {
    const found = pick(item)
    if (found !== null) return found
  }
  return null
}
