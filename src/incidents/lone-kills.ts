/** Kills that have no report around them: the kernel left it out, or the log does. */
import type { KilledProcess, KillProcess } from '../model/event.ts'
import type { AssemblerOutput } from './assembler-output.ts'
import { isLongBefore, RECENT } from './recent-reports.ts'
import { newDraft, type VictimDraft } from './report-draft.ts'
import { reap } from './report-victims.ts'
import { detached, type Place, placeOf, type Seen } from './seen.ts'

export interface LoneKills {
  /** `Kill process`, which waits for its `Killed process` (up to 5.0). */
  readonly chooses: (seen: Seen<KillProcess>, key: string) => void
  /** The one that waits, for a kill line that has come: it waits no longer. */
  readonly takeChosen: (key: string) => KillProcess | null
  /** A kill line that no report takes. */
  readonly add: (victim: VictimDraft, scope: KilledProcess['scope'], seen: Seen) => void
  /** The reaper's line. It comes within seconds; later the pid is another process's. */
  readonly reaped: (seen: Seen, pid: number, comm: string) => void
  /** The log is over: nothing waits any longer. */
  readonly end: () => void
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
  const chosen = new Map<string, Seen<KillProcess>>()

  /**
   * `Kill process` whose `Killed process` never came: a report without a victim, since up to 5.0 a child of the chosen
   * task may have died in its place.
   */
  function chosenOnly(key: string): void {
    const seen = chosen.get(key)
    if (!seen) return
    chosen.delete(key)
    const draft = newDraft(seen)
    draft.killScope = seen.event.scope
    draft.allocatingTask = seen.event.allocatingTask
    draft.places.push(placeOf(seen.record, keepText))
    output.report(draft)
  }

  return {
    chooses: (seen, key) => {
      chosenOnly(key)
      chosen.set(key, seen)
    },
    takeChosen: key => {
      const event = chosen.get(key)?.event ?? null
      chosen.delete(key)
      return event
    },
    add: (victim, scope, seen) => {
      const places = [placeOf(seen.record, keepText)]
      recent.push({ victim, places, host: detached(seen.record.host), boot: seen.boot })
      if (recent.length > RECENT) recent.shift()
      output.kill({ victim, scope, seen, places })
    },
    reaped: (seen, pid, comm) => {
      const isIts = ({ host, boot, victim }: Remembered) =>
        host === seen.record.host && boot === seen.boot && victim.pid === pid && (victim.comm ?? comm) === comm
      const lone = recent.findLast(isIts)
      if (!lone || lone.victim.reaped || isLongBefore(lone.victim, seen)) return
      reap(lone.victim, seen)
      lone.places.push(placeOf(seen.record, keepText))
    },
    end: () => {
      for (const key of [...chosen.keys()]) chosenOnly(key)
    },
  }
}
