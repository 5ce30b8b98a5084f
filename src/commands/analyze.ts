/** The main command: logs to a report. */
import { resolve } from 'node:path'
import { type AnalyzeOptions, analyze } from '../analyze.ts'
import { followLogs, type GrowingLog } from '../follow-logs.ts'
import type { Incident, Summary, Warning } from '../model/report.ts'
import { untilAborted } from '../read-log.ts'
import { defaultLimits } from '../sources/archives/limits.ts'
import { discover } from '../sources/discover.ts'
import { followFile } from '../sources/follow.ts'
import { openPiece } from '../sources/open.ts'
import { type OpenedLogs, openLogs } from '../sources/open-logs.ts'
import { discoverOwnLogs } from '../sources/own-logs.ts'
import { makePiece } from '../sources/piece.ts'
import { type Log, SourceError } from '../sources/source.ts'
import { visible } from '../writers/neutral.ts'
import { EXIT, type Io, partsOf, wantsColor } from './io.ts'
import type { Settings } from './options.ts'
import { createProgress, type Progress } from './progress.ts'
import { createSelection } from './selection.ts'
import { needsAnchor, type TimeSpec } from './time.ts'

/** @returns the exit status */
export async function runAnalyze(settings: Settings, io: Io): Promise<number> {
  const startedMs = io.nowMs()
  let failed = false
  const told = new Set<string>()
  const fail = ({ path, message }: SourceError) => {
    failed = true
    // a bundle tells of one trouble at each pass over it
    if (told.has(path + message)) return
    told.add(path + message)
    io.complain(visible(message.startsWith(path) ? message : `${path}: ${message}`))
  }
  let progress: Progress | null = null
  const onRead = (bytes: number) => progress?.read(bytes)
  const found = settings.follow ? null : await orInterrupted(findLogs(settings, io, onRead, fail), io.interrupted)
  if (found === 'interrupted') return EXIT.interrupted
  const opened = found
  const growing = settings.follow ? await findGrowing(settings, io, fail) : null
  if (opened === null && growing === null) return EXIT.error

  const reader = new AbortController()
  const signal = AbortSignal.any([reader.signal, io.interrupted])
  const writing = settings.writer.open({
    columns: io.columns,
    color: wantsColor(settings.color, io),
    raw: settings.raw,
    follow: settings.follow,
  })
  const write = async (text: string) => {
    if (settings.quiet || text === '' || reader.signal.aborted) return
    progress?.clear()
    if (!(await io.write(text))) reader.abort()
  }
  await write(writing.begin())
  let incidents = 0
  let untimed = 0
  const timed = (spec: TimeSpec | null) => spec !== null && needsAnchor(spec)
  const options: AnalyzeOptions = {
    windowSeconds: settings.windowSeconds,
    year: settings.year,
    zone: settings.zone,
    localZone: io.localZone,
    nowMs: startedMs,
    raw: settings.raw,
    wants: createSelection(settings, io),
    streaming: !settings.writer.sorted && !timed(settings.since) && !timed(settings.until),
    onIncident: async (incident: Incident) => {
      incidents++
      progress?.incident()
      if (incident.time === null) untimed++
      await settings.writer.prepare?.(incident)
      await write(writing.incident(incident))
      // grep -q stops at the first match, too
      if (settings.quiet) reader.abort()
    },
    onError: fail,
    onSource: path => progress?.source(path),
    onWarning: warning => {
      if (settings.verbose || isLoud(warning)) io.complain(sayWarning(warning))
    },
    signal,
    threads: threadsOf(settings, io),
    ...(io.env['OOMLENS_SIEVE'] === 'js' ? { sieve: { engine: 'js' as const } } : {}),
    ...(io.env['OOMLENS_SIEVE'] === 'none' ? { sieve: { keepEverything: true } } : {}),
  }
  if (opened) progress = createProgress(settings.progress, sizeOf(opened), io)
  const analysis = growing
    ? await followLogs(growing(signal), options)
    : await analyze(opened?.logs ?? [], {
        ...options,
        metadata: opened?.metadata ?? [],
        containerLogs: (opened?.skipped ?? []).map(({ path }) => path),
      })
  await opened?.close()
  progress?.clear()
  if (untimed > 0 && (settings.since !== null || settings.until !== null)) {
    const message = `${untimed} ${untimed === 1 ? 'incident has' : 'incidents have'} no wall time, so --since and --until cannot tell: kept`
    analysis.warnings.push({ code: 'untimed-kept', message, source: null, line: null })
    io.complain(message)
  }
  const elapsedMs = io.nowMs() - startedMs
  const summary: Summary = {
    schemaVersion: '1.0',
    tool: { name: 'oomlens', version: io.version },
    generatedAt: new Date(io.nowMs()).toISOString(),
    ...analysis,
    stats: { ...analysis.stats, elapsedMs },
  }
  await settings.writer.prepare?.(summary)
  for (const text of partsOf(writing.end(summary))) await write(text)
  if (settings.verbose) sayWhatWasRead(summary, io)
  if (io.interrupted.aborted) return EXIT.interrupted
  if (failed) return EXIT.error
  return settings.exitStatus && incidents === 0 ? EXIT.none : EXIT.ok
}

const MOST_THREADS = 8

function threadsOf({ threads }: Settings, io: Io): NonNullable<AnalyzeOptions['threads']> | null {
  const count = threads ?? Math.min(io.parallelism, MOST_THREADS)
  // this thread is one of them: it understands what the others find
  return count === 1 ? null : { count: count - 1, entry: io.sieveWorker, readWorker: io.readWorker }
}

/** Bytes on disk, as far as known. */
function sizeOf({ logs }: OpenedLogs): number {
  return logs.flatMap(({ pieces }) => pieces).reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0)
}

/** Logs to follow: of a rotated set the live file, after what was rotated. null when there is nothing, which was said. */
async function findGrowing(
  settings: Settings,
  io: Io,
  fail: (error: SourceError) => void,
): Promise<((signal: AbortSignal) => GrowingLog[]) | null> {
  const paths = settings.paths.length > 0 ? settings.paths : io.stdin !== null ? ['-'] : null
  if (paths === null) {
    const own = await discoverOwnLogs(io)
    for (const error of own.errors) fail(error)
    if (own.logs.length === 0) return null
    io.complain(`following ${own.logs.map(({ name }) => name).join(' and ')}`)
    return signal => own.logs.map(log => growLog(log, io, signal))
  }
  // a name that is not there yet is waited for, as tail -F does
  const names = paths.filter(path => path !== '-' && !/[*?[\]{}]/.test(path))
  const found = await discover(paths, io)
  const waitedFor = found.errors.filter(({ path, cause }) => names.includes(path) && isMissing(cause))
  for (const error of found.errors) {
    if (waitedFor.includes(error)) io.complain(visible(`${error.path}: is not there yet; waiting for it`))
    else fail(error)
  }
  const logs: Log[] = []
  for (const log of found.logs) {
    const why = await whyNotFollowed(log)
    if (why === null) logs.push(log)
    else fail(why)
  }
  if (logs.length + waitedFor.length === 0) return null
  return signal => [
    ...logs.map(log => growLog(log, io, signal)),
    ...waitedFor.map(({ path }) => growFile(path, io, signal)),
  ]
}

/** Only plain text grows: an archive or a packed file is whole from the start. */
async function whyNotFollowed(log: Log): Promise<SourceError | null> {
  const live = log.pieces.at(-1)
  if (!live?.isReplayable) return null
  const { content, compression, close } = await openPiece(live)
  await close()
  if (content === 'journal') {
    return new SourceError(live.path, 'is a journal, which is not followed; try: journalctl -f -o json | oomlens -f -')
  }
  if (compression === null && content !== 'tar' && content !== 'zip') return null
  return new SourceError(live.path, 'is compressed or an archive, which does not grow; leave out -f')
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
}

function growLog(log: Log, io: Io, signal: AbortSignal): GrowingLog {
  const live = log.pieces.at(-1)
  if (!live || !live.isReplayable) {
    const piece = live ?? log.pieces[0]!
    return { piece, bytes: untilAborted(piece.read(), signal) }
  }
  const grown = growFile(live.path, io, signal)
  async function* bytes() {
    for (const piece of log.pieces.slice(0, -1)) {
      yield* untilAborted(piece.read(), signal)
      yield 'rotated' as const
    }
    yield* grown.bytes
  }
  return { piece: live, bytes: bytes() }
}

const POLL_MS = 500

function growFile(path: string, io: Io, signal: AbortSignal): GrowingLog {
  const bytes = followFile(resolve(io.cwd, path), { signal, pollMs: POLL_MS, from: 'start' })
  return { piece: makePiece({ path, isReplayable: false, raw: () => noBytes() }), bytes }
}

async function* noBytes(): AsyncGenerator<Buffer> {}

/** What is in a pipe is known only when something has come through it, which may be never. */
async function orInterrupted<T>(work: Promise<T>, interrupted: AbortSignal): Promise<T | 'interrupted'> {
  work.catch(() => {}) // nobody waits for it once interrupted
  let stop = () => {}
  const aborted = new Promise<'interrupted'>(resolve => {
    stop = () => resolve('interrupted')
    interrupted.addEventListener('abort', stop)
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    interrupted.removeEventListener('abort', stop)
  }
}

/** null when there is nothing to read, which was said. */
async function findLogs(
  settings: Settings,
  io: Io,
  onRead: (bytes: number) => void,
  fail: (error: SourceError) => void,
): Promise<OpenedLogs | null> {
  const paths = settings.paths.length > 0 ? settings.paths : io.stdin !== null ? ['-'] : null
  const found = await openLogs(paths, {
    cwd: io.cwd,
    stdin: paths?.includes('-') ? io.stdin : null,
    tmpDir: io.tmpDir,
    onRead,
    limits: {
      ...defaultLimits,
      ...(settings.maxUnpackedBytes === null ? {} : { maxBytes: settings.maxUnpackedBytes }),
    },
  })
  for (const error of found.errors) fail(error)
  if (paths === null && found.logs.length > 0) {
    io.complain(`reading ${found.logs.map(({ name }) => name).join(' and ')}`)
  }
  if (settings.verbose) {
    for (const { path, why } of found.skipped) io.complain(visible(`${path}: skipped: ${why}`))
  }
  return found.logs.length === 0 && found.errors.length > 0 ? null : found
}

/** Said without --verbose, too: what makes the report doubtful. */
function isLoud({ code }: Warning): boolean {
  return code === 'line-too-long' || code === 'binary' || code === 'internal'
}

function sayWarning({ message, source, line }: Warning): string {
  const place = source === null ? '' : `${source}:${line === null ? '' : `${line}:`} `
  return visible(`${place}${message}`)
}

function sayWhatWasRead({ sources, stats }: Summary, io: Io): void {
  for (const { path, member, format, compression, lines, firstTime, lastTime, yearFrom, offsetFrom } of sources) {
    const name = member === null ? path : `${path}: ${member}`
    const kind = [format ?? 'no line of interest', compression].filter(part => part !== null).join(', ')
    const span = firstTime === null ? '' : `, ${firstTime} to ${lastTime}`
    const from = yearFrom === null && offsetFrom === null ? '' : `, year from ${yearFrom}, zone from ${offsetFrom}`
    io.complain(visible(`${name}: ${lines} lines (${kind})${span}${from}`))
  }
  io.complain(`${stats.bytes} bytes in ${stats.elapsedMs} ms, ${stats.linesKept} of ${stats.lines} lines looked at`)
}
