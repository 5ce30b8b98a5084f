import { analyze } from '../../src/analyze.ts'
import type { Finished } from '../../src/incidents/finish-incident.ts'
import type { Incident, Report } from '../../src/model/report.ts'
import type { SieveOptions } from '../../src/sieve/sieve.ts'
import { discover } from '../../src/sources/discover.ts'
import type { Log } from '../../src/sources/source.ts'

export interface ReportOptions {
  readonly zone?: string | null
  readonly year?: number | null
  readonly raw?: boolean
  readonly sieve?: Pick<SieveOptions, 'engine' | 'keepEverything'>
  readonly streaming?: boolean
  readonly windowSeconds?: number
  readonly wants?: (finished: Finished, newestMs: number | null) => boolean
}

/** The clock of the tests: logs without a year are of this one. */
export const NOW_MS = Date.UTC(2026, 10, 25, 12)

/** The report that the program makes of logs, in this process. */
export async function reportOf(
  logs: readonly Log[],
  options: ReportOptions = {},
): Promise<Report & { errors: string[] }> {
  const incidents: Incident[] = []
  const errors: string[] = []
  const analysis = await analyze(logs, {
    windowSeconds: options.windowSeconds ?? 5,
    year: options.year ?? null,
    zone: options.zone ?? null,
    localZone: 'UTC',
    nowMs: NOW_MS,
    raw: options.raw ?? false,
    wants: options.wants ?? (() => true),
    streaming: options.streaming ?? false,
    onIncident: incident => {
      incidents.push(incident)
    },
    onError: error => errors.push(error.message),
    onWarning: () => {},
    signal: new AbortController().signal,
    ...(options.sieve ? { sieve: options.sieve } : {}),
  })
  const fault = analysis.warnings.find(({ code }) => code === 'internal')
  if (fault) throw new Error(`${fault.source}:${fault.line}: ${fault.message}`)
  return {
    schemaVersion: '1.0',
    tool: { name: 'oomlens', version: '0.0.0' },
    generatedAt: new Date(NOW_MS).toISOString(),
    ...analysis,
    incidents,
    stats: { ...analysis.stats, elapsedMs: 0 },
    errors,
  }
}

export async function reportOfFiles(paths: readonly string[], options: ReportOptions = {}) {
  const { logs, errors } = await discover(paths, { cwd: process.cwd(), stdin: null })
  if (errors.length > 0) throw errors[0]
  return reportOf(logs, options)
}

/** A log that is in memory, cut into chunks of a width. */
export function logOfText(text: string | Buffer, width = 65_536, path = 'memory.log'): Log {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  async function* read() {
    for (let at = 0; at < bytes.length; at += width) yield bytes.subarray(at, at + width)
  }
  return {
    name: path,
    pieces: [
      {
        path,
        member: null,
        compression: null,
        sizeBytes: bytes.length,
        mtimeMs: NOW_MS,
        dateSuffix: null,
        content: 'text',
        isReplayable: true,
        raw: read,
        file: null,
        pipe: null,
        openPlain: async () => null,
        read,
      },
    ],
  }
}
