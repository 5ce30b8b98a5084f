import type { ReportItem } from './items.ts'
import { signaturesOf } from './kill-signature.ts'
import type { ReportDraft } from './report-draft.ts'
import { isDoubted } from './seen-twice.ts'

/** Reports of the same kill that stand in two logs, or twice in one, are one: the fuller, with what it has lost of the other. */
export function withoutDoubles(items: readonly ReportItem[]): ReportItem[] {
  const kept: ReportItem[] = []
  for (const item of [...items].sort((a, b) => a.position.at - b.position.at || a.order - b.order)) {
    const twin = kept.findIndex(other => isSameReport(other, item))
    if (twin < 0) kept.push(item)
    else if (fullness(item.draft) > fullness(kept[twin]!.draft)) kept[twin] = oneOf(item, kept[twin]!)
    else kept[twin] = oneOf(kept[twin]!, item)
  }
  return kept
}

function oneOf(item: ReportItem, twin: ReportItem): ReportItem {
  const timed = timedBy(item, twin)
  return { ...timed, draft: completedBy(timed.draft, twin.draft) }
}

/** What lines tell that a report has lost and its twin has. */
function completedBy(draft: ReportDraft, twin: ReportDraft): ReportDraft {
  const ofTwin = new Map(twin.victims.map(victim => [victim.pid, victim]))
  const victims = draft.victims.map(victim => {
    const told = ofTwin.get(victim.pid)
    ofTwin.delete(victim.pid)
    if (!told || victim.anonRssBytes !== null || told.anonRssBytes === null) return victim
    return { ...told, moment: victim.moment, uptimeSeconds: victim.uptimeSeconds }
  })
  const paths = draft.statPaths.size > 0 ? draft : twin
  return {
    ...draft,
    header: draft.header ?? twin.header,
    triggerPid: draft.triggerPid ?? twin.triggerPid,
    kernelRelease: draft.kernelRelease ?? twin.kernelRelease,
    cpuset: draft.cpuset ?? twin.cpuset,
    frames: draft.frames.length > 0 ? draft.frames : twin.frames,
    taskIn: draft.taskIn ?? twin.taskIn,
    usage: { ...twin.usage, ...draft.usage },
    noLimitKb: draft.noLimitKb ?? twin.noLimitKb,
    statPaths: paths.statPaths,
    statPathCut: paths.statPathCut,
    memInfo: draft.memInfo ?? twin.memInfo,
    rows: draft.rows.length >= twin.rows.length ? draft.rows : twin.rows,
    oomKill: draft.oomKill ?? twin.oomKill,
    killScope: draft.killScope ?? twin.killScope,
    victims: [...victims, ...ofTwin.values()],
    groupPath: draft.groupPath ?? twin.groupPath,
    outcome: draft.outcome ?? twin.outcome,
  }
}

/** A report at the time that its twin tells, where its own is doubtful. */
function timedBy(item: ReportItem, twin: ReportItem): ReportItem {
  const { moment } = twin
  if (!item.moment || !moment || !isDoubted(item.moment, moment)) return item
  const victims = item.draft.victims.map(victim => {
    const same = twin.draft.victims.find(({ pid }) => pid === victim.pid)
    return { ...victim, moment: same?.moment ?? moment, reaped: same?.reaped ?? null }
  })
  return { ...item, moment, draft: { ...item.draft, moment, victims } }
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
  const sameHeader = a.draft.header !== null && a.draft.header.comm === b.draft.header?.comm
  if (sameHeader && beganAtOnce(a.draft, b.draft)) return true
  const signatures = new Set(signaturesOf(a.draft))
  if (signaturesOf(b.draft).some(signature => signatures.has(signature))) return true
  const sameTrigger = a.draft.header?.comm === b.draft.header?.comm && a.draft.triggerPid === b.draft.triggerPid
  const sameTime = a.moment && b.moment ? Math.abs(a.moment.ms - b.moment.ms) < 2_000 : sameUptime
  return sameTrigger && sameTime && a.draft.header !== null
}

/** By the kernel's clock, of which two logs may round the last digit. */
function beganAtOnce({ uptimeSeconds: a }: ReportDraft, { uptimeSeconds: b }: ReportDraft): boolean {
  return a !== null && b !== null && Math.abs(a - b) < 10e-6
}

function fullness(draft: ReportDraft): number {
  const usage = Object.keys(draft.usage).length
  return draft.places.length + 10 * (usage + draft.victims.length) + (draft.header ? 10 : 0)
}
