/** Kills that have no report around them: the kernel left it out, or the log does. */
import type { KernelEvent, KilledProcess, KillProcess } from '../model/event.ts'
import type { LogRecord, Moment } from '../model/record.ts'
import type { AssemblerOutput, LoneKill } from './assembler-output.ts'
import { isCopy } from './copies.ts'
import { isLeftBehind } from './open-report.ts'
import { OPEN_REPORTS } from './open-reports.ts'
import { isLongBefore, RECENT } from './recent-reports.ts'
import { newDraft, type VictimDraft } from './report-draft.ts'
import { chooses, reap } from './report-victims.ts'
import { detached, type Place, placeOf, type Seen } from './seen.ts'

export interface LoneKills {
  /** `Kill process`, which waits for its `Killed process` (up to 5.0). */
  readonly chooses: (seen: Seen<KillProcess>, key: string) => void
  /** A line of the kernel: a `Kill process` that stands long before it, or in another boot, waits no longer. */
  readonly heard: (seen: Seen<KernelEvent>, key: string) => void
  readonly isWaiting: (key: string) => boolean
  /** What waits under a key without a host is of another key. */
  readonly name: (nameless: string, key: string) => void
  /** The one that waits, for a kill line that has come: it waits no longer. */
  readonly takeChosen: (key: string) => KillProcess | null
  /** A kill line that no report takes. */
  readonly add: (victim: VictimDraft, scope: KilledProcess['scope'], seen: Seen, key: string) => void
  /** That of the line before, for what the kernel prints right behind it. */
  readonly takeNewest: (key: string) => LoneKill | null
  /** The reaper's line, and whether one of them is its. It comes within seconds; later the pid is another process's. */
  readonly reaped: (seen: Seen, pid: number, comm: string) => boolean
  /** Any line of the log, with its time: what its host has left well behind waits no longer. */
  readonly passed: (record: LogRecord, moment: Moment) => void
  /** What has no time, or an older one than this, epoch ms, waits no longer. */
  readonly closeBefore: (ms: number) => void
  /** The log is over: nothing waits any longer. */
  readonly end: () => void
  /** Time of the oldest that waits, epoch ms; null when none does or it has no time. */
  readonly openSinceMs: () => number | null
}

interface Chosen {
  readonly seen: Seen<KillProcess>
  /** Who on its host has spoken after it, and when first, epoch ms. */
  readonly after: Map<string, number>
}

interface Remembered {
  readonly victim: VictimDraft
  readonly places: Place[]
  readonly host: string | null
  readonly boot: number
}

export function createLoneKills(output: AssemblerOutput, keepText: boolean): LoneKills {
  const recent: Remembered[] = []
  /** By host and printk caller. */
  const chosen = new Map<string, Chosen>()
  /** As the newest line of its host and printk caller. */
  const newest = new Map<string, LoneKill>()

  /**
   * `Kill process` whose `Killed process` never came: a report without a victim, since up to 5.0 a child of the chosen
   * task may have died in its place.
   */
  function chosenOnly(key: string): void {
    const seen = chosen.get(key)?.seen
    if (!seen) return
    chosen.delete(key)
    const draft = newDraft(seen)
    chooses(draft, seen.event)
    draft.places.push(placeOf(seen.record, keepText))
    output.report(draft)
  }

  return {
    chooses: (seen, key) => {
      const before = chosen.get(key)?.seen.record
      if (before && isCopy(before, seen.record)) return
      chosenOnly(key)
      const [oldest] = chosen.keys()
      if (chosen.size >= OPEN_REPORTS && oldest !== undefined) chosenOnly(oldest)
      chosen.set(key, { seen, after: new Map() })
    },
    heard: (seen, key) => {
      // the reaper is a thread of its own
      if (seen.event.kind !== 'oom-group' && seen.event.kind !== 'oom-reaped') newest.delete(key)
      const waiting = chosen.get(key)?.seen
      if (!waiting) return
      const isOld = isLongBefore({ ...waiting, uptimeSeconds: waiting.record.uptimeSeconds }, seen)
      if (isOld || waiting.boot !== seen.boot) chosenOnly(key)
    },
    isWaiting: key => chosen.has(key),
    name: (nameless, key) => {
      const waiting = chosen.get(nameless)
      if (!waiting) return
      chosenOnly(key)
      chosen.delete(nameless)
      chosen.set(key, waiting)
    },
    takeChosen: key => {
      const event = chosen.get(key)?.seen.event ?? null
      chosen.delete(key)
      return event
    },
    takeNewest: key => {
      const kill = newest.get(key) ?? null
      newest.delete(key)
      return kill
    },
    add: (victim, scope, seen, key) => {
      const places = [placeOf(seen.record, keepText)]
      recent.push({ victim, places, host: detached(seen.record.host), boot: seen.boot })
      if (recent.length > RECENT) recent.shift()
      const kill = { victim, scope, seen, places }
      if (newest.size >= OPEN_REPORTS) newest.clear()
      newest.set(key, kill)
      output.kill(kill)
    },
    reaped: (seen, pid, comm) => {
      const isIts = ({ host, boot, victim }: Remembered) =>
        host === seen.record.host && boot === seen.boot && victim.pid === pid && (victim.comm ?? comm) === comm
      const lone = recent.findLast(isIts)
      if (!lone || isLongBefore(lone.victim, seen)) return false
      if (lone.victim.reaped) return true
      reap(lone.victim, seen)
      lone.places.push(placeOf(seen.record, keepText))
      return true
    },
    passed: ({ host, ident }, moment) => {
      if (chosen.size === 0 || host === null || ident === null) return
      for (const [key, { seen, after }] of chosen) {
        const waiting = { host: seen.record.host, newest: seen.moment, after }
        if (isLeftBehind(waiting, host, ident, moment)) chosenOnly(key)
      }
    },
    closeBefore: ms => {
      for (const [key, { seen }] of [...chosen]) if (seen.moment === null || seen.moment.ms < ms) chosenOnly(key)
    },
    openSinceMs: () => {
      let oldest: number | null = null
      for (const { seen } of chosen.values()) {
        if (seen.moment && (oldest === null || seen.moment.ms < oldest)) oldest = seen.moment.ms
      }
      return oldest
    },
    end: () => {
      for (const key of [...chosen.keys()]) chosenOnly(key)
    },
  }
}
