/**
 * What one log says: kept lines in, events to the assembler and the correlator, with their times. The machine under
 * `read-log.ts` (a log from its first byte to its last) and `follow-log.ts` (a log that grows).
 */
import { type Clock, createClock } from './envelopes/clock.ts'
import { createUnwrapper } from './envelopes/index.ts'
import { ownTimeOf } from './envelopes/own-time.ts'
import { createBootCounter } from './incidents/boots.ts'
import type { Correlator } from './incidents/correlate.ts'
import { createAssembler } from './incidents/kernel-report.ts'
import { createLineOrder } from './incidents/line-order.ts'
import type { Seen } from './incidents/seen.ts'
import { isZoneless } from './log-zone.ts'
import type { KernelEvent, LogEvent } from './model/event.ts'
import type { HostOf } from './model/host-of.ts'
import type { Line } from './model/line.ts'
import type { LogRecord, Moment } from './model/record.ts'
import type { Source, Warning } from './model/report.ts'
import { closePieceState, openPieceState, type PieceState, warnOfYear } from './piece-source.ts'
import { kernel } from './recognisers/kernel/index.ts'
import { createMissCounter } from './recognisers/near-misses.ts'
import type { Recognise } from './recognisers/recognise.ts'
import type { Sieve } from './sieve/sieve.ts'
import type { Piece } from './sources/source.ts'

export interface ListenerOptions {
  readonly year: number | null
  readonly zone: string | null
  readonly localZone: string
  readonly nowMs: number
  readonly keepText: boolean
  readonly recogniser: Recognise
  readonly correlator: Correlator
  /** Reserves a place in the report's list of sources. */
  readonly addSource: (source: Source) => number
  readonly warn: (warning: Warning) => void
  /** What the bundle that a piece lies in says of its host. */
  readonly hostOf?: (piece: Piece) => HostOf
  /** The log has come to this time, epoch ms: older incidents can close. */
  readonly reached: (ms: number) => void
}

/** What a log adds to the statistics. */
export interface LogCounts {
  linesKept: number
  kernelReports: number
  suppressedReports: number
  /** Newest wall time of any line that was looked at and whose stamp tells its zone, epoch ms. */
  newestMs: number | null
  /** The same of lines whose stamp does not: another log may tell by how much it is to be put right. */
  newestZonelessMs: number | null
  /** The first line of systemd about an OOM kill in a unit. */
  unitKill: { readonly text: string; readonly source: Source; readonly line: number } | null
  /** One for each piece. */
  readonly sources: Source[]
}

/** One log being read. Pieces follow each other; what was open goes on in the next. */
export interface Listener {
  /** A new piece begins. */
  readonly begin: (piece: Piece) => void
  /** Index of the piece among the report's sources. */
  readonly source: () => number
  readonly hear: (lines: readonly Line[]) => void
  /** Nothing has come for a while: what waits for a next line or for a witness of the clock waits no longer. */
  readonly quiet: () => void
  /** Closes kernel reports without a line since this time of the log, epoch ms; `null`: without any time. */
  readonly closeReports: (beforeMs: number) => void
  /** The piece is over; its counts are the sieve's, less the bytes of the next piece that ended its last line. */
  readonly finish: (sieve: Sieve, borrowedBytes?: number) => void
  readonly end: () => LogCounts
}

/** What waits for the clock: a record and what it says, if anything. */
interface Waiting {
  readonly record: LogRecord
  readonly event: LogEvent | null
  readonly piece: PieceState
}

/** Closing incidents is looked at again after so much log time. */
const SWEEP_MS = 30_000
/** After so many older lines the log has gone back in time: its pieces were joined newest first. */
const LINES_BEHIND = 1_000

export function createListener(logIndex: number, options: ListenerOptions): Listener {
  const { correlator, recogniser } = options
  const counts: LogCounts = {
    linesKept: 0,
    kernelReports: 0,
    suppressedReports: 0,
    newestMs: null,
    newestZonelessMs: null,
    unitKill: null,
    sources: [],
  }
  const clock: Clock<Waiting> = createClock(options)
  const boots = createBootCounter()
  const order = createLineOrder()
  const misses = createMissCounter(options.warn)
  const assembler = createAssembler(
    {
      report: draft => {
        counts.kernelReports++
        orFault(null, () => correlator.report(draft))
      },
      kill: lone => orFault(lone.seen.record.line.lineNumber, () => correlator.kill(lone)),
      suppressed: (count, seen) => {
        counts.suppressedReports += count
        correlator.suppressed(count, seen)
      },
    },
    options.keepText,
  )
  const pieces: PieceState[] = []
  let current: PieceState | null = null
  // one for the log: a message that was continued goes on in the next piece
  const unwrapper = createUnwrapper()
  let sweptMs = Number.NEGATIVE_INFINITY
  /** Lines since then that were older. */
  let linesBehind = 0
  /** Whose lines those are that name no host. */
  let bundleHost: string | null = null
  let faults = 0

  /** A fault of ours costs its line, not the log; it is told once, and counted. */
  function noteFault(error: unknown, lineNumber: number | null): void {
    faults++
    if (faults > 1) return
    const message = `oomlens failed at ${lineNumber === null ? 'this log' : 'this line'}: ${error instanceof Error ? error.message : String(error)}`
    options.warn({ code: 'internal', message, ...placeOf(current), line: lineNumber })
  }

  /** Where a line is not at hand, or more than one hangs on it. */
  function orFault(lineNumber: number | null, work: () => void): void {
    try {
      work()
    } catch (error) {
      noteFault(error, lineNumber)
    }
  }

  /** What waits for a next line or for a witness of the clock waits no longer. */
  function letGo(): void {
    for (const record of unwrapper.end()) orFault(record.line.lineNumber, () => hear(record))
    for (const { value, moment } of clock.end()) timed(value, moment)
  }

  function timed(waiting: Waiting, moment: Moment | null): void {
    try {
      tell(waiting, moment)
    } catch (error) {
      noteFault(error, waiting.record.line.lineNumber)
    }
  }

  function tell({ record, event, piece }: Waiting, moment: Moment | null): void {
    if (moment) {
      piece.source.firstTime ??= moment.iso
      piece.source.lastTime = moment.iso
      if (isZoneless(record, moment)) {
        if (counts.newestZonelessMs === null || moment.ms > counts.newestZonelessMs) counts.newestZonelessMs = moment.ms
      } else if (counts.newestMs === null || moment.ms > counts.newestMs) counts.newestMs = moment.ms
    }
    const boot = boots.of(record, event)
    if (event !== null) {
      const seen: Seen = { event, record, moment, log: logIndex, boot }
      if (isKernelEvent(event)) {
        order.note(seen as Seen<KernelEvent>)
        assembler.feed(seen as Seen<KernelEvent>)
      } else correlator.event(seen)
    }
    if (moment) assembler.passed(record, moment)
    if (moment === null) return
    if (moment.ms < sweptMs) linesBehind++
    if (moment.ms - sweptMs > SWEEP_MS || linesBehind > LINES_BEHIND) {
      sweptMs = moment.ms
      linesBehind = 0
      options.reached(Math.min(moment.ms, assembler.openSinceMs() ?? moment.ms))
    }
  }

  function hear(heard: LogRecord): void {
    const piece = current
    if (piece === null) return
    const record = heard.host === null && bundleHost !== null ? { ...heard, host: bundleHost } : heard
    piece.formats.add(record.envelope)
    // the last record may come when the piece has been counted
    piece.source.format ??= record.envelope
    if (record.host !== null) piece.hosts.add(record.host)
    const event = recogniser.recognise(record)
    if (event === null) misses.look(record, recogniser.nearMiss(record), piece.source)
    else if (event.kind === 'unit-oom-killed' && counts.unitKill === null) {
      const text = record.message.trimStart().slice(0, 120)
      counts.unitKill = { text, source: piece.source, line: record.line.lineNumber }
    }
    const own =
      event !== null && 'ownMs' in event && event.ownMs !== null && event.ownIso !== null
        ? { ms: event.ownMs, iso: event.ownIso }
        : ownTimeOf(record.message)
    const known = clock.now(record.stamp, record.stampFrom, own)
    const waiting = { record, event, piece }
    if (known !== undefined) timed(waiting, known)
    else {
      for (const { value, moment } of clock.feed(waiting, record.stamp, record.stampFrom, own)) timed(value, moment)
    }
  }

  return {
    begin: piece => {
      current = openPieceState(piece, options.addSource)
      pieces.push(current)
      counts.sources.push(current.source)
      const { host, date } = options.hostOf?.(piece) ?? { host: null, date: null }
      bundleHost = host
      clock.file({ dateSuffix: piece.dateSuffix, mtimeMs: piece.mtimeMs, bundle: date })
    },
    source: () => current?.index ?? 0,
    hear: lines => {
      for (const line of lines) {
        try {
          for (const record of unwrapper.feed(line)) hear(record)
        } catch (error) {
          noteFault(error, line.lineNumber)
        }
      }
    },
    quiet: () => orFault(null, letGo),
    closeReports: beforeMs => orFault(null, () => assembler.closeBefore(beforeMs)),
    finish: (sieve, borrowedBytes = 0) => {
      if (current) {
        closePieceState(current, sieve, options.warn)
        current.source.bytes -= borrowedBytes
      }
      counts.linesKept += sieve.linesKept
    },
    end: () => {
      orFault(null, letGo)
      orFault(null, assembler.end)
      for (const { source } of pieces) {
        source.yearFrom = clock.yearFrom()
        source.offsetFrom = clock.offsetFrom()
      }
      warnOfYear(pieces, options.warn)
      if (clock.offsetFrom() === 'local') correlator.assumeZone(logIndex)
      misses.end()
      if (order.isReversed()) {
        const message =
          'its newest line stands first, so what belongs to one kill may be told apart: turn it round (tac; journalctl without -r)'
        options.warn({ code: 'newest-first', message, ...placeOf(pieces[0] ?? null), line: null })
      }
      if (faults > 1) {
        const message = `oomlens failed at ${faults - 1} more lines of this log`
        options.warn({ code: 'internal', message, ...placeOf(pieces[0] ?? null), line: null })
      }
      return counts
    },
  }
}

/** What a warning says of where it is. */
function placeOf(piece: PieceState | null): Pick<Warning, 'source' | 'member'> {
  return { source: piece?.source.path ?? null, member: piece?.source.member ?? null }
}

const KERNEL_KINDS: ReadonlySet<string> = new Set(kernel.recognisers.map(({ kind }) => kind))

function isKernelEvent(event: LogEvent): event is KernelEvent {
  return KERNEL_KINDS.has(event.kind)
}
