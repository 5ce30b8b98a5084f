/** Whose lines a kernel line goes with: its host's and printk caller's, which make the key of a report. */
import type { KernelEvent } from '../model/event.ts'
import type { LoneKills } from './lone-kills.ts'
import type { OpenReports } from './open-reports.ts'
import type { Seen } from './seen.ts'

/** A report's lines follow each other this closely, with lines between them that say nothing. */
const NEAR_LINES = 3

interface Newest {
  readonly host: string | null
  readonly caller: string | null
  readonly key: string
  readonly source: number
  readonly lineNumber: number
}

/**
 * The key of each line, in order. A copy that begins in the middle of a line has lost that line's host: it goes with what
 * its neighbour has begun, or its neighbour with what it has.
 */
export function createReportKeys(reports: OpenReports, lone: LoneKills): (seen: Seen<KernelEvent>) => string {
  let newest: Newest | null = null

  /** Whether one of the two has no host, and nothing else tells them apart. */
  function isNeighbour(before: Newest, { record: { host, caller, line } }: Seen): boolean {
    const distance = line.lineNumber - before.lineNumber
    const isNear = line.source === before.source && distance > 0 && distance <= NEAR_LINES
    return isNear && before.caller === caller && (before.host === null) !== (host === null)
  }

  function keyOf(seen: Seen<KernelEvent>, own: string): string {
    if (newest === null || newest.key === own || seen.event.kind === 'oom-header') return own
    if (!isNeighbour(newest, seen)) return own
    const isWaited = reports.isUnfinished(newest.key) || lone.isWaiting(newest.key)
    if (!isWaited || reports.isUnfinished(own)) return own
    if (seen.record.host === null) return newest.key
    reports.name(newest.key, own, seen)
    lone.name(newest.key, own)
    return own
  }

  return seen => {
    const { host, caller, line } = seen.record
    const key = keyOf(seen, `${host ?? ''} ${caller ?? ''}`)
    const named = host ?? (newest?.key === key ? newest.host : null)
    newest = { host: named, caller, key, source: line.source, lineNumber: line.lineNumber }
    return key
  }
}
