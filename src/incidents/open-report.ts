/** A report that is being put together: the lines it has had, and when it is over. */
import type { KillProcess } from '../model/event.ts'
import type { Moment } from '../model/record.ts'
import { type Copies, createCopies } from './copies.ts'
import { createHeard, type Heard } from './heard.ts'
import { newDraft, REPORT_ROWS, type ReportDraft, type VictimDraft } from './report-draft.ts'
import { placeOf, type Seen } from './seen.ts'

export interface OpenReport {
  readonly draft: ReportDraft
  /** The outcome is known and the report handed on; only group kills still belong to it. */
  done: boolean
  /** `Kill process` seen, `Killed process` not yet (up to 5.0). */
  chosen: KillProcess | null
  /** Who died by its newest line, and had not before. */
  newest: VictimDraft | null
  readonly firstByte: number
  lastByte: number
  source: number
  /** Who on its host has spoken after its newest line, and when first, epoch ms. */
  readonly after: Map<string, number>
  readonly heard: Heard
  readonly copies: Copies
  /** A header alone that is this one's copy, or the report of a kill before. */
  twin: OpenReport | null
}

/** The sieve's own bounds: what a section cannot hold, a report cannot either. */
export const QUIET_BYTES = 1024 * 1024
const REPORT_BYTES = 16 * 1024 * 1024
/** The members of a group die one right after the other. */
const GROUP_MS = 5_000
/** A report that gets no line for so long is over. */
const QUIET_MS = 60_000
/** A report is over when someone on its host has gone on speaking for so long after its newest line. */
const PASSED_MS = 300_000
const SPEAKERS = 100

/** A report that begins with this line. The line itself is still to be added. */
export function openReport(seen: Seen): OpenReport {
  const { byteOffset, source } = seen.record.line
  return {
    draft: newDraft(seen),
    done: false,
    chosen: null,
    newest: null,
    firstByte: byteOffset,
    lastByte: byteOffset,
    source,
    after: new Map(),
    heard: createHeard(REPORT_ROWS),
    copies: createCopies(),
    twin: null,
  }
}

/** Counts a line as the report's newest. */
export function addLine(report: OpenReport, seen: Seen, keepText: boolean): void {
  const { draft } = report
  if (seen.moment) draft.lastMoment = seen.moment
  if (seen.record.uptimeSeconds !== null) draft.lastUptimeSeconds = seen.record.uptimeSeconds
  report.after.clear()
  report.newest = null
  report.lastByte = seen.record.line.byteOffset
  report.source = seen.record.line.source
  if (draft.places.length >= REPORT_ROWS) return
  const place = placeOf(seen.record, keepText)
  const last = draft.places.at(-1)
  if (last && last.source === place.source && last.byteOffset === place.byteOffset) return
  draft.places.push(place)
}

/** Whether a line comes too late for the report: too far behind its lines, or in another boot. */
export function isOver({ draft, source, firstByte, lastByte }: OpenReport, { record, moment, boot }: Seen): boolean {
  const { line, uptimeSeconds } = record
  const far =
    line.source === source && (line.byteOffset - lastByte > QUIET_BYTES || line.byteOffset - firstByte > REPORT_BYTES)
  const late = moment !== null && draft.lastMoment !== null && moment.ms - draft.lastMoment.ms > QUIET_MS
  const lateUptime =
    uptimeSeconds !== null &&
    draft.lastUptimeSeconds !== null &&
    (uptimeSeconds - draft.lastUptimeSeconds) * 1000 > QUIET_MS
  return far || late || lateUptime || boot !== draft.boot
}

/** Whether a line comes too late for the kill of a group, which is done at one go. */
export function isGroupOver({ draft }: OpenReport, { record, moment }: Seen): boolean {
  const { lastMoment, lastUptimeSeconds } = draft
  if (moment !== null && lastMoment !== null) return moment.ms - lastMoment.ms > GROUP_MS
  if (record.uptimeSeconds === null || lastUptimeSeconds === null) return false
  return (record.uptimeSeconds - lastUptimeSeconds) * 1000 > GROUP_MS
}

/** What waits for more lines of a host. */
interface Waiting {
  readonly host: string | null
  /** Of its newest line; null where that has no time. */
  readonly newest: Moment | null
  /** As {@link OpenReport.after}. */
  readonly after: Map<string, number>
}

/**
 * Whether its host has left behind what waits, now that it has spoken once more.
 *
 * @param host of the line; lines that name no host, or no program, are not to be given
 */
export function isLeftBehind(waiting: Waiting, host: string, ident: string, { ms, from }: Moment): boolean {
  const { newest, after } = waiting
  if (waiting.host !== host || newest === null || ms <= newest.ms) return false
  // each speaker against himself: his clock may be hours off that of the kernel's lines
  const speaker = `${from} ${ident}`
  const firstMs = after.get(speaker)
  if (firstMs !== undefined) return ms - firstMs > PASSED_MS
  if (after.size < SPEAKERS) after.set(speaker, ms)
  return false
}
