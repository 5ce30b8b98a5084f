/**
 * Events to incidents: `feed` what the logs said, take what has closed, `end` for the rest.
 *
 * Items wait until nothing that could still join them can come (half a minute of log time), then the heap is grouped at
 * once; see `group.ts`. What was handed out is forgotten, so memory does not grow with the log.
 */
import type { LogEvent, RuntimeEventSeen } from '../model/event.ts'
import { containerIdOfUnit, readCgroupPath } from '../cgroups/path.ts'
import { ASIDE_MS, type Group, groupItems, isKernel, merge } from './group.ts'
import type { Identities } from './identities.ts'
import type { AsideItem, Item, Position } from './items.ts'
import type { LoneKill } from './kernel-report.ts'
import type { ReportDraft, VictimDraft } from './report-draft.ts'
import { detached, placeOf, type Seen, stampAsPrinted } from './seen.ts'

export interface Correlator {
  readonly report: (draft: ReportDraft) => void
  readonly kill: (kill: LoneKill) => void
  readonly suppressed: (count: number, seen: Seen) => void
  /** What a runtime, the kubelet or systemd said. */
  readonly event: (seen: Seen<LogEvent>) => void
  /** Groups that nothing can join any more once the log has reached this time, epoch ms. */
  readonly closeBefore: (ms: number) => Group[]
  readonly end: () => Group[]
}

export interface CorrelatorOptions {
  readonly windowMs: number
  /** `--raw`. */
  readonly keepText: boolean
}

/** Asides (exits, PLEG lines) that wait for an incident; beyond, those that nothing near wants are dropped. */
const ASIDES = 20_000

export function createCorrelator(identities: Identities, options: CorrelatorOptions): Correlator {
  let items: Item[] = []
  let asides: AsideItem[] = []
  let order = 0

  function positionOf(seen: { moment: Seen['moment'] }, uptimeSeconds: number | null, log: number, boot: number): Position {
    if (seen.moment) return { axis: 'wall', at: seen.moment.ms }
    if (uptimeSeconds !== null) return { axis: `uptime ${log} ${boot}`, at: uptimeSeconds * 1000 }
    return { axis: `line ${log}`, at: order * 1000 }
  }

  function baseOf(seen: Seen) {
    const { record, moment, log, boot } = seen
    const position = positionOf(seen, record.uptimeSeconds, log, boot)
    return { position, moment, log, boot, host: detached(record.host), stamp: stampAsPrinted(seen), order: order++ }
  }

  function aside(seen: Seen, event: AsideItem['event'], containerId: string | null, podUid: string | null): void {
    asides.push({
      ...baseOf(seen),
      kind: 'aside',
      event,
      containerId: detached(containerId),
      podUid,
      ident: detached(seen.record.ident),
      place: placeOf(seen.record, options.keepText),
    })
    if (asides.length > ASIDES) asides = asides.filter(wanted())
  }

  /** Which asides could still join something that waits, or something that is to come. */
  function wanted(): (aside: AsideItem) => boolean {
    const newest = asides.reduce((latest, { position }) => Math.max(latest, position.at), Number.NEGATIVE_INFINITY)
    const spans = groupItems(items, identities, options).map(group => ({ ...group }))
    return ({ position, containerId, podUid }) =>
      position.at > newest - 2 * ASIDE_MS ||
      spans.some(
        group =>
          ((containerId !== null && group.containerIds.has(containerId)) || podUid !== null) &&
          position.at >= group.first - ASIDE_MS &&
          position.at <= group.last + ASIDE_MS,
      )
  }

  return {
    report: draft => {
      const { moment, log, boot, host } = draft
      const position = positionOf(draft, draft.uptimeSeconds, log, boot)
      items.push({ kind: 'report', position, moment, log, boot, host, stamp: draft.stamp, order: order++, draft })
    },
    kill: ({ victim, scope, seen }) => {
      items.push({ ...baseOf(seen), kind: 'kill', victim, scope, place: placeOf(seen.record, options.keepText) })
    },
    suppressed: (count, seen) => {
      items.push({ ...baseOf(seen), kind: 'suppressed', count, place: placeOf(seen.record, options.keepText) })
    },
    event: seen => {
      const { event, record } = seen
      switch (event.kind) {
        case 'task-oom': {
          const place = placeOf(record, options.keepText)
          const detachedEvent = { ...event, containerId: detached(event.containerId), ownIso: detached(event.ownIso) }
          items.push({ ...baseOf(seen), kind: 'task-oom', event: detachedEvent, ident: detached(record.ident), place })
          return
        }
        case 'task-exit':
          identities.learn(seen as Seen<RuntimeEventSeen>)
          aside(seen, event, event.containerId, null)
          return
        case 'container-named':
          identities.learn(seen as Seen<RuntimeEventSeen>)
          if (event.event !== null) aside(seen, event, event.containerId, null)
          return
        case 'unit-oom-killed': {
          const id = containerIdOfUnit(event.unit)
          aside(seen, event, id, id === null ? readCgroupPath(event.unit).podUid : null)
          return
        }
        case 'userspace-killed':
        case 'pod-evicted':
          items.push({
            ...baseOf(seen),
            kind: 'other-kill',
            event,
            ident: detached(record.ident),
            place: placeOf(record, options.keepText),
          })
          return
        case 'sandbox-created':
        case 'container-created':
        case 'container-started':
        case 'pod-named':
          identities.learn(seen as Seen<RuntimeEventSeen>)
      }
    },
    closeBefore: ms => {
      // a report that comes later may still reach back by a window, an aside by half a minute
      const horizon = ms - ASIDE_MS - 2 * options.windowMs - 1_000
      if (!items.some(item => item.position.axis === 'wall' && item.position.at < horizon)) {
        asides = asides.filter(({ position }) => position.axis !== 'wall' || position.at > horizon)
        return []
      }
      const groups = groupItems([...items, ...asides], identities, options)
      const closed = groups.filter(group => group.axis === 'wall' && group.last < horizon)
      const gone = new Set(closed.flatMap(itemsOf))
      items = items.filter(item => !gone.has(item))
      asides = asides.filter(item => !gone.has(item) && (item.position.axis !== 'wall' || item.position.at > horizon))
      return closed.sort(byTime)
    },
    end: () => {
      const groups = mergeSeenTwice(groupItems([...items, ...asides], identities, options))
      items = []
      asides = []
      return groups.sort(byTime)
    },
  }
}

function itemsOf(group: Group): Item[] {
  return [
    ...group.reports,
    ...group.kills,
    ...group.taskOoms,
    ...group.otherKills,
    ...group.asides,
    ...group.suppressedItems,
  ]
}

function byTime(a: Group, b: Group): number {
  if (a.axis === b.axis) return a.first - b.first
  if (a.axis === 'wall') return -1
  if (b.axis === 'wall') return 1
  return a.axis < b.axis ? -1 : 1
}

/**
 * The same kill in two logs (messages and dmesg, a copy) is one incident, also where their clocks disagree or one has
 * none; a kernel report without a wall time and the only TaskOOM of its container are one, too.
 */
function mergeSeenTwice(groups: readonly Group[]): Group[] {
  const bySignature = new Map<string, Group>()
  const kept: Group[] = []
  for (const group of [...groups].sort(byTime)) {
    const signature = signatureOf(group)
    const first = signature === null ? undefined : bySignature.get(signature)
    if (first && !sharesLog(first, group)) {
      merge(first, group)
      continue
    }
    if (signature !== null && !first) bySignature.set(signature, group)
    kept.push(group)
  }
  return joinUntimed(kept)
}

function joinUntimed(groups: Group[]): Group[] {
  const gone = new Set<Group>()
  for (const group of groups) {
    if (!isKernel(group) || group.axis === 'wall' || group.taskOoms.length > 0 || group.containerIds.size === 0) continue
    const [id] = group.containerIds
    const mine = groups.filter(other => isKernel(other) && other.containerIds.has(id!) && !gone.has(other))
    const runtime = groups.filter(other => !isKernel(other) && other.containerIds.has(id!) && !gone.has(other))
    const [only] = runtime
    if (mine.length !== 1 || runtime.length !== 1 || !only) continue
    merge(only, group)
    only.key = group.key
    gone.add(group)
  }
  return groups.filter(group => !gone.has(group))
}

/** Who died first, exactly: pid, name and sizes. Null where a kill line does not tell them all. */
function signatureOf(group: Group): string | null {
  const victims: VictimDraft[] = [...group.reports.flatMap(({ draft }) => draft.victims), ...group.kills.map(kill => kill.victim)]
  const [first] = victims.filter(victim => victim.anonRssBytes !== null)
  return first ? `${first.pid} ${first.comm} ${first.totalVmBytes} ${first.anonRssBytes}` : null
}

function sharesLog(a: Group, b: Group): boolean {
  const logs = new Set(itemsOf(a).map(item => item.log))
  return itemsOf(b).some(item => logs.has(item.log))
}
