/** What the correlator groups: reports, lone kills, TaskOOMs, and what is said around them. */
import type {
  ContainerNamed,
  NodeMemoryPressure,
  PodEvicted,
  TaskExit,
  TaskOom,
  UnitOomKilled,
  UserspaceKilled,
} from '../model/event.ts'
import type { Moment } from '../model/record.ts'
import type { LoneKill } from './assembler-output.ts'
import type { ReportDraft } from './report-draft.ts'
import type { Place } from './seen.ts'

/**
 * Where an item stands on its axis. Items of different axes have no common clock: `wall` is epoch ms, `uptime…` ms since
 * one boot, `line…` the order in one log that has no times at all (a second a place, so that neighbours join).
 */
export interface Position {
  readonly axis: string
  readonly at: number
}

interface Base {
  readonly position: Position
  readonly moment: Moment | null
  readonly log: number
  readonly boot: number
  readonly host: string | null
  /** Order of reading; breaks ties. */
  readonly order: number
}

/** What an incident can begin with. */
interface Core extends Base {
  /** Stamp of its line as printed. */
  readonly stamp: string
}

export interface ReportItem extends Core {
  readonly kind: 'report'
  readonly draft: ReportDraft
}
export interface KillItem extends Core {
  readonly kind: 'kill'
  readonly victim: LoneKill['victim']
  readonly scope: LoneKill['scope']
  readonly places: LoneKill['places']
}
export interface TaskOomItem extends Core {
  readonly kind: 'task-oom'
  readonly event: TaskOom
  readonly ident: string | null
  readonly place: Place
}
/** systemd-oomd, earlyoom, the kubelet: a kill or eviction that is no kernel's. */
export interface OtherKillItem extends Core {
  readonly kind: 'other-kill'
  readonly event: UserspaceKilled | PodEvicted
  readonly ident: string | null
  readonly place: Place
}
/**
 * An exit, PLEG or systemd line, which joins by container id, or the kubelet's word that the node is short of memory,
 * which joins what the whole node suffers. Makes nothing by itself.
 */
export interface AsideItem extends Base {
  readonly kind: 'aside'
  readonly containerId: string | null
  readonly podUid: string | null
  readonly event: TaskExit | ContainerNamed | UnitOomKilled | NodeMemoryPressure
  readonly ident: string | null
  readonly place: Place
}
/** `N callbacks suppressed`. */
export interface SuppressedItem extends Base {
  readonly kind: 'suppressed'
  readonly count: number
  readonly place: Place
}

/** A daemon says that it lost messages: those of an incident may be among them. */
export interface LossItem extends Base {
  readonly kind: 'loss'
  readonly by: string
  readonly text: string
  readonly place: Place
}

export type CoreItem = ReportItem | KillItem | TaskOomItem | OtherKillItem
export type Item = CoreItem | AsideItem | SuppressedItem | LossItem

/** The first report that tells something. */
export function firstOf<T>(reports: readonly ReportItem[], pick: (item: ReportItem) => T | null): T | null {
  for (const item of reports) {
    const found = pick(item)
    if (found !== null) return found
  }
  return null
}
