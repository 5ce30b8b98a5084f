/**
 * What belongs together: the contract's rules, applied to a heap of items at once, so that the order in which lines were
 * written or read makes no difference. The kernel's, the runtime's and others' kills are placed in order of time, each in
 * an open group or a new one; groups that turn out to be one are joined; then comes what is said around them.
 */
import { addAside, addLoss, addSuppressed, indexGroups } from './attach.ts'
import { add, type Group, type GroupOptions } from './group.ts'
import type { Identities } from './identities.ts'
import type { CoreItem, Item, KillItem, ReportItem } from './items.ts'
import { joinOrphans, joinPodLimits } from './join-groups.ts'
import { noticesOf } from './left-out.ts'
import { createOpenGroups, namesOf } from './open-groups.ts'
import { placeItem } from './place-item.ts'
import type { VictimDraft } from './report-draft.ts'
import type { ToldGroup } from './told-groups.ts'

/** To compare so many with each other costs less than to ask for their names. */
const FEW = 32

/** @param told incidents that were handed out already */
export function groupItems(
  items: readonly Item[],
  identities: Identities,
  options: GroupOptions,
  told: readonly ToldGroup[],
): Group[] {
  const core = items.filter(isCore).sort(byPosition)
  const open = createOpenGroups(options, core.length > FEW ? item => namesOf(item, identities) : null)
  const taken = takenKills(core, options.windowMs)
  for (const item of core) {
    if (item.kind === 'kill' && taken.has(item)) continue
    open.advance(item.position)
    placeItem(item, open, identities)
  }
  addTaken(taken, open.begun())
  const whole = joinOrphans(joinPodLimits(open.begun(), identities, options), options)
  const index = indexGroups(whole)
  for (const item of items) {
    if (item.kind === 'aside') addAside(item, index)
    else if (item.kind === 'suppressed') addSuppressed(item, whole, told, options)
    else if (item.kind === 'loss') addLoss(item, whole)
  }
  for (const group of whole) group.notices = noticesOf(group.suppressedItems)
  return whole
}

/**
 * Kill lines that turned out to be a report's, by the victim that it knows: the line behind the kill made the report, or the
 * report's summary, which lacks its kill line, names the pid.
 */
function takenKills(core: readonly CoreItem[], windowMs: number): Map<KillItem, VictimDraft> {
  const taken = new Map<KillItem, VictimDraft>()
  const kills = core.filter(item => item.kind === 'kill')
  if (kills.length === 0) return taken
  const victims = new Set<VictimDraft>()
  const named = new Map<string, { readonly report: ReportItem; readonly victim: VictimDraft }>()
  for (const report of core) {
    if (report.kind !== 'report') continue
    for (const victim of report.draft.victims) {
      victims.add(victim)
      if (!victim.killLine) named.set(killKey(report, victim.pid), { report, victim })
    }
  }
  for (const kill of kills) {
    const { victim } = kill
    const summary = named.get(killKey(kill, victim.pid))
    if (victims.has(victim)) taken.set(kill, victim)
    else if (summary && Math.abs(summary.report.position.at - kill.position.at) <= windowMs)
      taken.set(kill, summary.victim)
  }
  return taken
}

/** What is to be the same in a summary and the line of its kill. */
function killKey({ log, boot, host, position }: CoreItem, pid: number): string {
  return `${log} ${boot} ${pid} ${host ?? ''} ${position.axis}`
}

function addTaken(taken: ReadonlyMap<KillItem, VictimDraft>, groups: readonly Group[]): void {
  if (taken.size === 0) return
  const ofVictim = new Map(
    groups.flatMap(group =>
      group.reports.flatMap(({ draft }) => draft.victims.map(victim => [victim, group] as const)),
    ),
  )
  for (const [item, victim] of taken) {
    const group = ofVictim.get(victim)
    if (group) add(group, item)
  }
}

function isCore(item: Item): item is CoreItem {
  return item.kind !== 'aside' && item.kind !== 'suppressed' && item.kind !== 'loss'
}

function byPosition(a: CoreItem, b: CoreItem): number {
  if (a.position.axis !== b.position.axis) return a.position.axis < b.position.axis ? -1 : 1
  return a.position.at - b.position.at || a.order - b.order
}
