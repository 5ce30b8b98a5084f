import type { ReportItem } from './items.ts'
import { signaturesOf } from './kill-signature.ts'
import type { ReportDraft } from './report-draft.ts'
import { isDoubted } from './seen-twice.ts'

/** Reports of the same kill that stand in two logs, or twice in one, are one: the fuller is kept. */
export function withoutDoubles(items: readonly ReportItem[]): ReportItem[] {
  const kept: ReportItem[] = []
  for (const item of [...items].sort((a, b) => a.position.at - b.position.at || a.order - b.order)) {
    const twin = kept.findIndex(other => isSameReport(other, item))
    if (twin < 0) kept.push(item)
    else if (fullness(item.draft) > fullness(kept[twin]!.draft)) kept[twin] = timedBy(item, kept[twin]!)
    else kept[twin] = timedBy(kept[twin]!, item)
  }
  return kept
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
  const signatures = new Set(signaturesOf(a.draft))
  if (signaturesOf(b.draft).some(signature => signatures.has(signature))) return true
  const sameTrigger = a.draft.header?.comm === b.draft.header?.comm && a.draft.triggerPid === b.draft.triggerPid
  const sameTime = a.moment && b.moment ? Math.abs(a.moment.ms - b.moment.ms) < 2_000 : sameUptime
  return sameTrigger && sameTime && a.draft.header !== null
}

function fullness(draft: ReportDraft): number {
  const usage = Object.keys(draft.usage).length
  return draft.places.length + 10 * (usage + draft.victims.length) + (draft.header ? 10 : 0)
}
