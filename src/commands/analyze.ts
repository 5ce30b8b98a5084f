/** The main command: logs to a report. */
import { type Analysis, type AnalyzeOptions, analyze } from '../analyze.ts'
import { followLogs } from '../follow-logs.ts'
import type { Incident, Summary, Warning } from '../model/report.ts'
import { labelOf } from '../sources/open.ts'
import { type SourceError, storedBytes } from '../sources/source.ts'
import { warningPlace } from '../writers/assumed.ts'
import { visible } from '../writers/neutral.ts'
import { findGrowing, findLogs, orInterrupted } from './find-logs.ts'
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
    streaming: (settings.quiet || !settings.writer.sorted) && !timed(settings.since) && !timed(settings.until),
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
      // what was lost by a fault of ours was not read any more than what is damaged
      if (warning.code === 'internal') failed = true
      if (settings.verbose || isLoud(warning)) io.complain(sayWarning(warning))
    },
    signal,
    threads: threadsOf(settings, io),
    ...(io.env['OOMLENS_SIEVE'] === 'js' ? { sieve: { engine: 'js' as const } } : {}),
    ...(io.env['OOMLENS_SIEVE'] === 'none' ? { sieve: { keepEverything: true } } : {}),
  }
  if (opened) progress = createProgress(settings.progress, storedBytes(opened.logs), io)
  let analysis: Analysis
  try {
    analysis = growing
      ? await followLogs(growing.open(signal), growing.listings, { ...options, steadyMs: io.steadyMs })
      : await analyze(opened?.logs ?? [], {
          ...options,
          metadata: opened?.metadata ?? [],
          containerLogs: (opened?.skipped ?? []).map(({ path }) => path),
        })
  } catch (error) {
    // logs that grow are waited for until somebody says so
    reader.abort()
    throw error
  } finally {
    await opened?.close()
  }
  progress?.clear()
  if (untimed > 0 && (settings.since !== null || settings.until !== null)) {
    const message = `${untimed} ${untimed === 1 ? 'incident has' : 'incidents have'} no wall time, so --since and --until cannot tell: kept`
    analysis.warnings.push({ code: 'untimed-kept', message, source: null, member: null, line: null })
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

/** Said without --verbose, too: what makes the report doubtful. */
function isLoud({ code }: Warning): boolean {
  return code === 'line-too-long' || code === 'binary' || code === 'internal'
}

function sayWarning(warning: Warning): string {
  const place = warningPlace(warning)
  return visible(place === null ? warning.message : `${place}: ${warning.message}`)
}

function sayWhatWasRead({ sources, stats }: Summary, io: Io): void {
  for (const source of sources) {
    const { format, compression, lines, firstTime, lastTime, yearFrom, offsetFrom } = source
    const kind = [format ?? 'no line of interest', compression].filter(part => part !== null).join(', ')
    const span = firstTime === null ? '' : `, ${firstTime} to ${lastTime}`
    const from = yearFrom === null && offsetFrom === null ? '' : `, year from ${yearFrom}, zone from ${offsetFrom}`
    io.complain(visible(`${labelOf(source)}: ${lines} lines (${kind})${span}${from}`))
  }
  io.complain(`${stats.bytes} bytes in ${stats.elapsedMs} ms, ${stats.linesKept} of ${stats.lines} lines looked at`)
}
