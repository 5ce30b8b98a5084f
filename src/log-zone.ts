/** Logs whose lines name no zone, once another log may have told it. */
import { isoInZone } from './incidents/iso-zone.ts'
import type { LogRecord, Moment } from './model/record.ts'
import type { Source, Warning } from './model/report.ts'

/** Whether a moment would be another one in another zone. */
export function isZoneless({ stamp }: LogRecord, moment: Moment): boolean {
  return stamp !== null && stamp.kind !== 'full' && moment.from !== 'containerd'
}

/** Epoch ms; null where there is none. */
export interface Newest {
  /** Of the lines whose time is sure. */
  readonly newestMs: number | null
  /** Of those whose zone was assumed. */
  readonly newestZonelessMs: number | null
}

/** Time of a log's newest line, epoch ms; null where none has a time. `learnedMinutes` as in {@link settleZone}. */
export function newestOf({ newestMs, newestZonelessMs }: Newest, learnedMinutes = 0): number | null {
  if (newestZonelessMs === null) return newestMs
  return Math.max(newestMs ?? Number.NEGATIVE_INFINITY, newestZonelessMs - learnedMinutes * 60_000)
}

/** What is said of a log whose zone nothing tells, once all logs are read; or its sources, put right. */
export function settleZone(
  sources: readonly Source[],
  learnedMinutes: number | undefined,
  warn: (warning: Warning) => void,
): void {
  const [first] = sources
  if (first?.offsetFrom !== 'local') return
  if (learnedMinutes === undefined) {
    const message = "no line tells the time zone; this machine's is taken (set it with --timezone)"
    warn({ code: 'zone-assumed', message, source: first.path, member: first.member, line: null })
    return
  }
  for (const source of sources) {
    source.offsetFrom = 'containerd'
    source.firstTime &&= isoInZone(source.firstTime, learnedMinutes)
    source.lastTime &&= isoInZone(source.lastTime, learnedMinutes)
  }
}
