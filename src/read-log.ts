/**
 * One log, from its bytes to what it said: sieve, lines, envelopes, clock, recognisers, assembler. Only `analyze.ts`
 * uses it; the two together are the only files that know all rooms.
 */
import { type Clock, createClock, ownTimeOf } from './envelopes/clock.ts'
import { createUnwrapper } from './envelopes/index.ts'
import type { Correlator } from './incidents/correlate.ts'
import { createAssembler } from './incidents/kernel-report.ts'
import type { Seen } from './incidents/seen.ts'
import type { KernelEvent, LogEvent } from './model/event.ts'
import type { Line } from './model/line.ts'
import type { LogRecord, Moment } from './model/record.ts'
import type { Source, Warning } from './model/report.ts'
import { kernel } from './recognisers/kernel/index.ts'
import type { Recognise } from './recognisers/recognise.ts'
import { readLines, readLinesInto } from './sieve/lines.ts'
import type { Sieve } from './sieve/sieve.ts'
import { labelOf } from './sources/open.ts'
import { type Log, type Piece, SourceError } from './sources/source.ts'

export interface LogReaderOptions {
  readonly year: number | null
  readonly zone: string | null
  readonly localZone: string
  readonly nowMs: number
  readonly keepText: boolean
  readonly createSieve: () => Sieve
  readonly recogniser: Recognise
  readonly correlator: Correlator
  /** Reserves a place in the report's list of sources. */
  readonly addSource: (source: Source) => number
  readonly warn: (warning: Warning) => void
  /** A source could not be read to its end. */
  readonly fail: (error: SourceError) => void
  /** The log has come to this time, epoch ms: older incidents can close. */
  readonly reached: (ms: number) => void
  /** Hands on what has closed; called between chunks, so that a slow reader of the output slows the reading down. */
  readonly flush: () => Promise<void> | null
  /** Ends the reading early (SIGINT). */
  readonly signal: AbortSignal
}

/** What a log adds to the statistics. */
export interface LogCounts {
  linesKept: number
  kernelReports: number
  suppressedReports: number
  /** Newest wall time of any line that was looked at, epoch ms. */
  newestMs: number | null
}

interface PieceState {
  readonly index: number
  readonly source: Source
  readonly hosts: Map<string, number>
  readonly formats: Map<string, number>
}

/** What waits for the clock: a record and what it says, if anything. */
interface Waiting {
  readonly record: LogRecord
  readonly event: LogEvent | null
  readonly piece: PieceState
}

/** Closing incidents is looked at again after so much log time. */
const SWEEP_MS = 30_000
/** A record whose uptime falls by more than this, to less than half, is of another boot. */
const UPTIME_SLACK_SECONDS = 30

export async function readLog(log: Log, logIndex: number, options: LogReaderOptions): Promise<LogCounts> {
  const { correlator, recogniser } = options
  const counts: LogCounts = { linesKept: 0, kernelReports: 0, suppressedReports: 0, newestMs: null }
  const clock: Clock<Waiting> = createClock(options)
  const boots = createBootCounter()
  const misses = createMissCounter(options.warn)
  const assembler = createAssembler(
    {
      report: draft => {
        counts.kernelReports++
        correlator.report(draft)
      },
      kill: lone => correlator.kill(lone),
      suppressed: (count, seen) => {
        counts.suppressedReports += count
        correlator.suppressed(count, seen)
      },
    },
    options.keepText,
  )
  let sweptMs = Number.NEGATIVE_INFINITY

  function timed({ record, event, piece }: Waiting, moment: Moment | null): void {
    if (moment) {
      piece.source.firstTime ??= moment.iso
      piece.source.lastTime = moment.iso
      if (counts.newestMs === null || moment.ms > counts.newestMs) counts.newestMs = moment.ms
    }
    const boot = boots.of(record, event)
    if (event !== null) {
      const seen: Seen = { event, record, moment, log: logIndex, boot }
      if (isKernelEvent(event)) assembler.feed(seen as Seen<KernelEvent>)
      else correlator.event(seen)
    }
    if (moment && moment.ms - sweptMs > SWEEP_MS) {
      sweptMs = moment.ms
      options.reached(Math.min(moment.ms, assembler.openSinceMs() ?? moment.ms))
    }
  }

  function hear(record: LogRecord, piece: PieceState): void {
    piece.formats.set(record.envelope, (piece.formats.get(record.envelope) ?? 0) + 1)
    if (record.host !== null) piece.hosts.set(record.host, (piece.hosts.get(record.host) ?? 0) + 1)
    const event = recogniser.recognise(record)
    if (event === null) misses.look(record, recogniser.nearMiss(record), piece.source)
    const own =
      event !== null && 'ownMs' in event && event.ownMs !== null && event.ownIso !== null
        ? { ms: event.ownMs, iso: event.ownIso }
        : ownTimeOf(record.message)
    for (const { value, moment } of clock.feed({ record, event, piece }, record.stamp, record.stampFrom, own)) {
      timed(value, moment)
    }
  }

  const sieve = options.createSieve()
  const pieces: PieceState[] = []
  for (const piece of log.pieces) {
    if (options.signal.aborted) break
    const state = openPieceState(piece, options)
    pieces.push(state)
    clock.file({ dateSuffix: piece.dateSuffix, mtimeMs: piece.mtimeMs })
    const unwrapper = createUnwrapper()
    const hearAll = (lines: readonly Line[]) => {
      for (const line of lines) for (const record of unwrapper.feed(line)) hear(record, state)
    }
    try {
      for await (const lines of linesOf(piece, sieve, state.index, options.signal)) {
        hearAll(lines)
        await options.flush()
      }
    } catch (error) {
      options.fail(toSourceError(error, piece))
      // what the sieve still holds was read before the damage
      for await (const lines of readLines([], sieve, state.index)) hearAll(lines)
    }
    for (const record of unwrapper.end()) hear(record, state)
    closePieceState(piece, state, sieve, options)
    counts.linesKept += sieve.linesKept
    sieve.nextPiece()
  }
  for (const { value, moment } of clock.end()) timed(value, moment)
  assembler.end()
  for (const { source } of pieces) {
    source.yearFrom = clock.yearFrom()
    source.offsetFrom = clock.offsetFrom()
  }
  warnOfGuesses(pieces, options.warn)
  misses.end()
  return counts
}

function openPieceState(piece: Piece, options: LogReaderOptions): PieceState {
  const source: Source = {
    path: piece.path,
    member: piece.member,
    host: null,
    format: null,
    compression: null,
    bytes: 0,
    lines: 0,
    firstTime: null,
    lastTime: null,
    yearFrom: null,
    offsetFrom: null,
  }
  return { index: options.addSource(source), source, hosts: new Map(), formats: new Map() }
}

function closePieceState(
  piece: Piece,
  { source, hosts, formats }: PieceState,
  sieve: Sieve,
  options: LogReaderOptions,
) {
  source.bytes = sieve.bytes
  source.lines = sieve.lines
  source.compression = piece.compression
  source.host = mostFrequent(hosts)
  source.format = mostFrequent(formats)
  for (const { lineNumber } of sieve.cutLines.slice(0, 10)) {
    options.warn({
      code: 'line-too-long',
      message: 'a line is longer than 1 MiB; only its beginning was looked at',
      source: piece.path,
      line: lineNumber,
    })
  }
  if (piece.content === 'binary') {
    options.warn({ code: 'binary', message: 'looks like a binary file', source: labelOf(piece), line: null })
  }
}

/** A guessed year or zone is said once for each log. */
function warnOfGuesses(pieces: readonly PieceState[], warn: (warning: Warning) => void): void {
  const [first] = pieces
  if (!first) return
  const { path, yearFrom, offsetFrom } = first.source
  if (yearFrom === 'local' || yearFrom === 'mtime') {
    const why = yearFrom === 'local' ? "today's date" : 'the time the file was last written'
    const message = `no line tells the year; taken from ${why} (set it with --year)`
    warn({ code: 'year-assumed', message, source: path, line: null })
  }
  if (offsetFrom === 'local') {
    const message = "no line tells the time zone; this machine's is taken (set it with --timezone)"
    warn({ code: 'zone-assumed', message, source: path, line: null })
  }
}

function mostFrequent(counts: ReadonlyMap<string, number>): string | null {
  let best: string | null = null
  for (const [value, count] of counts) if (best === null || count > counts.get(best)!) best = value
  return best
}

function toSourceError(error: unknown, piece: Piece): SourceError {
  if (error instanceof SourceError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new SourceError(labelOf(piece), message, { cause: error })
}

/** The kept lines of a piece: by the short way where it is a file of plain text. */
async function* linesOf(piece: Piece, sieve: Sieve, index: number, signal: AbortSignal): AsyncGenerator<Line[]> {
  const plain = await piece.openPlain()
  if (plain === null) {
    yield* readLines(untilAborted(piece.read(), signal), sieve, index)
    return
  }
  piece.content = 'text'
  try {
    yield* readLinesInto(room => (signal.aborted ? 0 : plain.fill(room)), sieve, index)
  } finally {
    await plain.close()
  }
}

/** Ends when aborted, also while a pipe gives nothing. */
async function* untilAborted(chunks: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer> {
  const iterator = chunks[Symbol.asyncIterator]()
  // not Promise.race with one promise for the abort: that promise would hold on to every chunk there ever was
  let stop = () => {}
  const onAbort = () => stop()
  signal.addEventListener('abort', onAbort)
  try {
    while (!signal.aborted) {
      const next = await new Promise<IteratorResult<Buffer> | null>((resolve, reject) => {
        stop = () => resolve(null)
        iterator.next().then(resolve, reject)
      })
      if (next === null || next.done) return
      yield next.value
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    // not awaited: a pipe that gives nothing would hold us here
    iterator.return?.(undefined)?.catch(() => {})
  }
}

const KERNEL_KINDS: ReadonlySet<string> = new Set(kernel.recognisers.map(({ kind }) => kind))

function isKernelEvent(event: LogEvent): event is KernelEvent {
  return KERNEL_KINDS.has(event.kind)
}

/** Counts boots of each host: a fall of the uptime, a new boot id, the kernel's first line. */
function createBootCounter(): { of: (record: LogRecord, event: LogEvent | null) => number } {
  const hosts = new Map<string, { boot: number; uptime: number | null; bootId: string | null }>()
  return {
    of: ({ host, uptimeSeconds, bootId }, event) => {
      const key = host ?? ''
      let state = hosts.get(key)
      if (!state) {
        state = { boot: 0, uptime: null, bootId: null }
        if (hosts.size < 10_000) hosts.set(key, state)
      }
      const fell =
        uptimeSeconds !== null &&
        state.uptime !== null &&
        uptimeSeconds < state.uptime - UPTIME_SLACK_SECONDS &&
        uptimeSeconds < state.uptime / 2
      const other = bootId !== null && state.bootId !== null && bootId !== state.bootId
      const began = event?.kind === 'linux-version' && uptimeSeconds === null
      if (fell || other || began) state.boot++
      if (uptimeSeconds !== null) state.uptime = uptimeSeconds
      if (bootId !== null) state.bootId = bootId
      return state.boot
    },
  }
}

/** Lines that have a needle and fit no wording are news: next year's kernel. One warning for each needle, counted. */
function createMissCounter(warn: (warning: Warning) => void) {
  const misses = new Map<string, { count: number; path: string; line: number; text: string }>()
  return {
    look: (record: LogRecord, needle: string | null, source: Source): void => {
      if (needle === null) return
      const known = misses.get(needle)
      if (known) known.count++
      else {
        const text = record.message.slice(0, 120)
        misses.set(needle, { count: 1, path: source.path, line: record.line.lineNumber, text })
      }
    },
    end: (): void => {
      for (const [needle, { count, path, line, text }] of misses) {
        const often = count === 1 ? '' : ` (${count} such lines)`
        const message = `a line with '${needle}' in no wording known: ${JSON.stringify(text)}${often}`
        warn({ code: 'near-miss', message, source: path, line })
      }
    },
  }
}
