/**
 * Events to incidents: `feed` what the logs said, take what has closed, `end` for the rest.
 *
 * Items wait until nothing that could still join them can come (half a minute of log time), then the heap is grouped at
 * once; see `group-items.ts`. What was handed out is forgotten, so memory does not grow with the log.
 */

import { containerIdOfUnit, readCgroupPath } from '../cgroups/path.ts'
import type { LogEvent, RuntimeEventSeen } from '../model/event.ts'
import type { Warning } from '../model/report.ts'
import type { LoneKill } from './assembler-output.ts'
import { ASIDE_MS } from './attach.ts'
import { calibrate } from './boot-time.ts'
import { createEvictions } from './evictions.ts'
import { byTime, type Group, INCIDENT_MS, itemsOf } from './group.ts'
import { groupSafely } from './group-safely.ts'
import type { Identities } from './identities.ts'
import type { AsideItem, Item, LossItem, Position } from './items.ts'
import { learnZones } from './learn-zones.ts'
import type { ReportDraft } from './report-draft.ts'
import { detached, detachedEvent, detachedMoment, placeOf, type Seen, stampAsPrinted } from './seen.ts'
import { mergeSeenTwice } from './seen-twice.ts'
import { createToldGroups } from './told-groups.ts'
import { wantedAsides } from './wanted-asides.ts'

export interface Correlator {
  readonly report: (draft: ReportDraft) => void
  readonly kill: (kill: LoneKill) => void
  readonly suppressed: (count: number, seen: Seen) => void
  /** What a runtime, the kubelet or systemd said. */
  readonly event: (seen: Seen<LogEvent>) => void
  /** Groups that nothing can join any more once the log has reached this time, epoch ms. */
  readonly closeBefore: (ms: number) => Group[]
  /**
   * Following a log: groups that have had no event for longer than the window, in the log's own time or in the time that
   * passed since its last line.
   *
   * @param idleMs since the last line came
   * @param wallMs how far all logs are known to have come; left out, the newest time of any of them
   */
  readonly closeQuiet: (idleMs: number, wallMs?: number) => Group[]
  /** A log's stamps were taken to be in this machine's zone, for want of a witness. */
  readonly assumeZone: (log: number) => void
  /** Logs whose zone another log has told, by how many minutes east of the assumed one; after `end`. */
  readonly learnedZones: () => ReadonlyMap<number, number>
  readonly end: () => Group[]
}

export interface CorrelatorOptions {
  readonly windowMs: number
  /** `--raw`. */
  readonly keepText: boolean
  readonly warn: (warning: Warning) => void
}

/** TaskOOMs kept of one container; real storms had some hundred a kill. */
const TASK_OOMS = 20_000
const TASK_OOM_CONTAINERS = 100_000
/** Notices of lost messages that are kept. */
const LOSSES = 1_000
/** Asides (exits, PLEG lines) that wait for an incident; beyond, those that nothing near wants are dropped. */
const ASIDES = 20_000

export function createCorrelator(identities: Identities, options: CorrelatorOptions): Correlator {
  let items: Item[] = []
  let asides: AsideItem[] = []
  let losses: LossItem[] = []
  const assumedZones = new Set<number>()
  const taskOoms = new Map<string, number>()
  let learnedZones: ReadonlyMap<number, number> = new Map()
  /** Newest position on each axis. */
  const newest = new Map<string, number>()
  const evictions = createEvictions()
  const told = createToldGroups()
  let mostAsides = ASIDES
  let order = 0

  function positionOf(
    seen: { moment: Seen['moment'] },
    uptimeSeconds: number | null,
    log: number,
    boot: number,
  ): Position {
    if (seen.moment) return { axis: 'wall', at: seen.moment.ms }
    if (uptimeSeconds !== null) return { axis: `uptime ${log} ${boot}`, at: uptimeSeconds * 1000 }
    return { axis: `line ${log}`, at: order * 1000 }
  }

  function note({ axis, at }: Position): void {
    const known = newest.get(axis)
    if (known === undefined || at > known) newest.set(axis, at)
  }

  function baseOf(seen: Seen) {
    const { record, moment, log, boot } = seen
    const position = positionOf(seen, record.uptimeSeconds, log, boot)
    note(position)
    return { position, moment: detachedMoment(moment), log, boot, host: detached(record.host), order: order++ }
  }

  /** Of what an incident can begin with. */
  const coreOf = (seen: Seen) => ({ ...baseOf(seen), stamp: detached(stampAsPrinted(seen)) })

  /** cgroup v1 can tell of one container thousands of times a second; what is beyond the bound is counted only. */
  function isStormOf(containerId: string): boolean {
    const count = (taskOoms.get(containerId) ?? 0) + 1
    if (taskOoms.size > TASK_OOM_CONTAINERS) taskOoms.clear()
    taskOoms.set(detached(containerId), count)
    return count > TASK_OOMS
  }

  function aside(seen: Seen, event: AsideItem['event'], containerId: string | null, podUid: string | null): void {
    // written out: to spread it takes 6 µs, and there is one for each container that starts
    const { position, moment, log, boot, host, order } = baseOf(seen)
    asides.push({
      position,
      moment,
      log,
      boot,
      host,
      order,
      kind: 'aside',
      event: detachedEvent(event),
      containerId: detached(containerId),
      podUid,
      ident: detached(seen.record.ident),
      place: placeOf(seen.record, options.keepText),
    })
    if (asides.length <= mostAsides) return
    asides = wantedAsides(asides, items)
    // were most of them wanted, each one more would cost a look at all
    mostAsides = Math.max(ASIDES, asides.length * 2)
  }

  /** A fault of ours costs what it is about. */
  function noteFault(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error)
    const message = `oomlens failed while it put incidents together: ${why}`
    options.warn({ code: 'internal', message, source: null, member: null, line: null })
  }

  /** Groups of all that waits; what cannot be grouped waits no longer. */
  function groupWaiting(waiting: readonly Item[]): Group[] {
    const { groups, lost } = groupSafely(waiting, identities, options, told.all(), noteFault)
    if (lost.size > 0) {
      items = items.filter(item => !lost.has(item))
      asides = asides.filter(item => !lost.has(item))
      losses = losses.filter(item => !lost.has(item))
    }
    return groups
  }

  /** What is wanted; where a fault of ours is in the way, what can be had without. */
  function orElse<T>(wanted: () => T, without: () => T): T {
    try {
      return wanted()
    } catch (error) {
      noteFault(error)
      return without()
    }
  }

  /** Takes out what was handed out, and the left-out reports of nobody once they are past. */
  function handOut(groups: readonly Group[], closed: readonly Group[], isPast: (position: Position) => boolean) {
    const gone = new Set(closed.flatMap(itemsOf))
    const taken = new Set<Item>(groups.flatMap(({ suppressedItems }) => suppressedItems))
    items = items.filter(item => {
      if (gone.has(item)) return false
      return item.kind !== 'suppressed' || taken.has(item) || !isPast(item.position)
    })
    closed.forEach(told.add)
    return gone
  }

  return {
    report: draft => {
      const { moment, log, boot, host } = draft
      const position = positionOf(draft, draft.uptimeSeconds, log, boot)
      note(position)
      draft.lastMoment = detachedMoment(draft.lastMoment)
      items.push({ kind: 'report', position, moment, log, boot, host, stamp: draft.stamp, order: order++, draft })
    },
    kill: ({ victim, scope, seen, places }) => {
      items.push({ ...coreOf(seen), kind: 'kill', victim, scope, places })
    },
    suppressed: (count, seen) => {
      items.push({ ...baseOf(seen), kind: 'suppressed', count, place: placeOf(seen.record, options.keepText) })
    },
    event: seen => {
      const { event, record } = seen
      switch (event.kind) {
        case 'task-oom': {
          if (isStormOf(event.containerId)) return
          const place = placeOf(record, options.keepText)
          const { docker, ...rest } = event
          if (docker) identities.learn(seen as Seen<RuntimeEventSeen>)
          const ident = docker ? 'docker' : detached(record.ident)
          items.push({ ...coreOf(seen), kind: 'task-oom', event: detachedEvent(rest), ident, place })
          return
        }
        case 'task-exit': {
          identities.learn(seen as Seen<RuntimeEventSeen>)
          if (event.docker) {
            const { docker: _, ...exit } = event
            aside({ ...seen, record: { ...record, ident: 'docker' } }, exit, event.containerId, null)
          } else aside(seen, event, event.containerId, null)
          return
        }
        case 'container-named':
          identities.learn(seen as Seen<RuntimeEventSeen>)
          if (event.event !== null) aside(seen, event, event.containerId, null)
          return
        case 'unit-oom-killed': {
          const id = containerIdOfUnit(event.unit)
          aside(seen, event, id, id === null ? readCgroupPath(event.unit).podUid : null)
          return
        }
        case 'node-memory-pressure':
          if (event.event === 'MustEvict') evictions.decided(seen)
          aside(seen, event, null, null)
          return
        case 'messages-lost':
          losses.push({
            ...baseOf(seen),
            kind: 'loss',
            by: detached(event.by),
            text: detached(event.text),
            place: placeOf(record, options.keepText),
          })
          if (losses.length > LOSSES) losses.shift()
          return
        case 'userspace-killed':
        case 'pod-evicted':
          if (event.kind === 'pod-evicted' && !evictions.isForMemory(seen)) return
          items.push({
            ...coreOf(seen),
            kind: 'other-kill',
            event: detachedEvent(event),
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
      const groups = groupWaiting([...items, ...asides, ...losses])
      const closed = groups.filter(
        group => group.axis === 'wall' && group.last < horizon && !awaitsLeftOut(group, horizon),
      )
      const gone = handOut(groups, closed, ({ axis, at }) => axis === 'wall' && at < horizon)
      asides = asides.filter(item => !gone.has(item) && (item.position.axis !== 'wall' || item.position.at > horizon))
      return closed.sort(byTime)
    },
    closeQuiet: (idleMs, wallMs) => {
      const nowOf = (axis: string): number => {
        if (axis === 'wall' && wallMs !== undefined) return wallMs
        if (axis.startsWith('line')) return idleMs > options.windowMs ? Number.POSITIVE_INFINITY : 0
        return (newest.get(axis) ?? Number.NEGATIVE_INFINITY) + idleMs
      }
      const isQuiet = (axis: string, at: number) => nowOf(axis) - at > options.windowMs
      const isPast = ({ axis, at }: Position) => nowOf(axis) - at > ASIDE_MS
      const isDue = ({ kind, position }: Item) =>
        kind === 'suppressed' ? isPast(position) : isQuiet(position.axis, position.at)
      if (!items.some(isDue)) return []
      const groups = groupWaiting([...items, ...asides, ...losses])
      const closed = groups.filter(group => isQuiet(group.axis, group.last))
      const gone = handOut(groups, closed, isPast)
      asides = asides.filter(item => !gone.has(item) && !isPast(item.position))
      return closed.sort(byTime)
    },
    assumeZone: log => {
      assumedZones.add(log)
    },
    learnedZones: () => learnedZones,
    end: () => {
      const all = [...items, ...asides, ...losses]
      const dated = orElse(
        () => learnZones(calibrate(all), assumedZones),
        () => ({ items: all, learned: new Map<number, number>() }),
      )
      const groups = orElse(
        () => mergeSeenTwice(groupWaiting(dated.items)),
        () => groupWaiting(dated.items),
      )
      learnedZones = dated.learned
      items = []
      asides = []
      losses = []
      return groups.sort(byTime)
    },
  }
}

/** Reports that were left out may turn out to be another's for as long as a storm may begin near their line. */
function awaitsLeftOut({ last, suppressedItems }: Group, horizon: number): boolean {
  return last >= horizon - INCIDENT_MS && suppressedItems.some(({ position }) => position.at >= horizon)
}
