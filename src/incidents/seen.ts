import type { LogEvent } from '../model/event.ts'
import type { LogRecord, Moment } from '../model/record.ts'

/** A recognised sentence with its resolved time: what the assembler and the correlator are fed. */
export interface Seen<E extends LogEvent = LogEvent> {
  readonly event: E
  readonly record: LogRecord
  /** `null` where the log has no wall time for it. The sender's own stamp (containerd) wins over the envelope's. */
  readonly moment: Moment | null
  /** Index of the log: nothing of an open report crosses from one log to another. */
  readonly log: number
  /** Counts the boots seen in this log. Nothing joins across a boot. */
  readonly boot: number
}

/** Where a line stands; becomes `Evidence` when the report is written. */
export interface Place {
  readonly source: number
  readonly line: number
  readonly byteOffset: number
  /** The line's text, kept only where `--raw` asks for it. */
  readonly text: string | null
}

/** `keepText` is `--raw`: without it no line is held after it was understood. */
export function placeOf(record: LogRecord, keepText: boolean): Place {
  const { line } = record
  return {
    source: line.source,
    line: line.lineNumber,
    byteOffset: line.byteOffset,
    text: keepText ? line.text : null,
  }
}

/**
 * A copy of a string that does not keep the text it was cut from alive. What outlives its line is copied: a slice of V8
 * pins the whole chunk that the line came in.
 */
export function detached<T extends string | null>(text: T): T {
  if (text === null || text.length < SHORTEST_SLICE) return text
  // `join` writes a string of its own, sooner than any way through a buffer
  return [text.slice(0, 1), text.slice(1)].join('') as T
}

/** A moment that does not keep its line alive. */
export function detachedMoment(moment: Moment | null): Moment | null {
  return moment && { ms: moment.ms, iso: detached(moment.iso), from: moment.from }
}

/** An event that does not keep its line alive. */
export function detachedEvent<E extends LogEvent>(event: E): E {
  const copy = { ...event } as Record<string, unknown>
  for (const key in copy) {
    const value = copy[key]
    if (typeof value === 'string') copy[key] = detached(value)
  }
  return copy as unknown as E
}

/** V8 copies shorter slices anyway. */
const SHORTEST_SLICE = 13

/** A line's own stamp as printed, nothing inferred; '' where it has none. For `Incident.id`. */
export function stampAsPrinted({ record, event }: Seen): string {
  if ('ownIso' in event && event.ownIso !== null) return event.ownIso
  const { stamp, uptimeSeconds } = record
  if (stamp === null) return uptimeSeconds === null ? '' : String(uptimeSeconds)
  if (stamp.kind === 'full') return stamp.iso
  const { month, day, hour, minute, second, fraction } = stamp
  return `[${stamp.kind === 'local' ? stamp.year : null},${month},${day},${hour},${minute},${second},"${fraction}"]`
}
