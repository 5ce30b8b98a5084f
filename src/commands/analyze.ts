/** The main command: logs to a report. */
import { analyze } from '../analyze.ts'
import { isoMs, zoneOffset } from '../envelopes/clock.ts'
import type { Incident, Summary, Warning } from '../model/report.ts'
import { discover } from '../sources/discover.ts'
import type { Log, SourceError } from '../sources/source.ts'
import { visible } from '../writers/neutral.ts'
import { EXIT, type Io } from './io.ts'
import { nodeLogs } from './node-logs.ts'
import type { Settings } from './options.ts'
import { selects } from './select.ts'
import { needsAnchor, resolveTime, type TimeSpec } from './time.ts'

/** @returns the exit status */
export async function runAnalyze(settings: Settings, io: Io): Promise<number> {
  const startedMs = io.nowMs()
  let failed = false
  const fail = ({ path, message }: SourceError) => {
    failed = true
    io.complain(visible(message.startsWith(path) ? message : `${path}: ${message}`))
  }
  const logs = await findLogs(settings, io, fail)
  if (logs === null) return EXIT.error

  const reader = new AbortController()
  const signal = AbortSignal.any([reader.signal, io.interrupted])
  const writing = settings.writer.open({
    columns: io.columns,
    color: wantsColor(settings, io),
    raw: settings.raw,
    follow: false,
  })
  const write = async (text: string) => {
    if (settings.quiet || text === '' || reader.signal.aborted) return
    if (!(await io.write(text))) reader.abort()
  }
  await write(writing.begin())
  let incidents = 0
  const timed = (spec: TimeSpec | null) => spec !== null && needsAnchor(spec)
  const analysis = await analyze(logs, {
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
      await write(writing.incident(incident))
    },
    onError: fail,
    onWarning: warning => {
      if (settings.verbose || isLoud(warning)) io.complain(sayWarning(warning))
    },
    signal,
    ...(io.env['OOMLENS_SIEVE'] === 'js' ? { sieve: { engine: 'js' as const } } : {}),
    ...(io.env['OOMLENS_SIEVE'] === 'none' ? { sieve: { keepEverything: true } } : {}),
  })
  const elapsedMs = io.nowMs() - startedMs
  const summary: Summary = {
    schemaVersion: '1.0',
    tool: { name: 'oomlens', version: io.version },
    generatedAt: new Date(io.nowMs()).toISOString(),
    ...analysis,
    stats: { ...analysis.stats, elapsedMs },
  }
  await write(writing.end(summary))
  if (settings.verbose) sayWhatWasRead(summary, io)
  if (io.interrupted.aborted) return EXIT.interrupted
  if (failed) return EXIT.error
  return settings.exitStatus && incidents === 0 ? EXIT.none : EXIT.ok
}

/** null when there is nothing to read, which was said. */
async function findLogs(
  settings: Settings,
  io: Io,
  fail: (error: SourceError) => void,
): Promise<readonly Log[] | null> {
  let { paths } = settings
  if (paths.length === 0) {
    if (io.stdin !== null) paths = ['-']
    else {
      const own = await nodeLogs()
      if (own === null) {
        io.complain(
          'no path given, and this machine has no /var/log/messages, syslog, kern.log or journal; see oomlens --help',
        )
        return null
      }
      io.complain(`reading ${own.join(' and ')}`)
      paths = own
    }
  }
  const found = await discover(paths, { cwd: io.cwd, stdin: io.stdin })
  for (const error of found.errors) fail(error)
  if (settings.verbose) {
    for (const { path, why } of found.skipped) io.complain(visible(`${path}: skipped: ${why}`))
  }
  return found.logs.length === 0 && found.errors.length > 0 ? null : found.logs
}

function createSelection(settings: Settings, io: Io) {
  const offsetMinutes = (naiveMs: number) => zoneOffset(settings.zone ?? io.localZone, naiveMs)
  let bounds: { sinceMs: number | null; untilMs: number | null; newestMs: number | null } | null = null
  return (finished: Parameters<typeof selects>[1], newestMs: number | null): boolean => {
    if (bounds === null || bounds.newestMs !== newestMs) {
      const anchor = { ms: newestMs ?? io.nowMs(), offsetMinutes: offsetOf(finished.incident, offsetMinutes) }
      const nowMs = settings.now ? resolveTime(settings.now, anchor) : anchor.ms
      const resolve = (spec: TimeSpec | null) => spec && resolveTime(spec, { ...anchor, ms: nowMs })
      bounds = { sinceMs: resolve(settings.since), untilMs: resolve(settings.until), newestMs }
    }
    return selects({ ...settings, ...bounds }, finished)
  }
}

/** Bare times are of the logs' own zone, as far as an incident's time tells it. */
function offsetOf(incident: Incident, fallback: (naiveMs: number) => number): (naiveMs: number) => number {
  const { time } = incident
  const zone = time === null ? null : /(Z|[+-]\d\d:\d\d)$/.exec(time)?.[1]
  if (!time || !zone || isoMs(time) === null) return fallback
  if (zone === 'Z') return () => 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4))
  return () => (zone[0] === '-' ? -minutes : minutes)
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

function wantsColor({ color }: Settings, io: Io): boolean {
  if (color !== 'auto') return color === 'always'
  const { NO_COLOR, FORCE_COLOR, TERM } = io.env
  if (NO_COLOR) return false
  if (FORCE_COLOR) return FORCE_COLOR !== '0'
  return io.isTerminal && TERM !== 'dumb'
}
