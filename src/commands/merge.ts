/** `oomlens merge`: reports of several nodes or shards into one. */
import { promises } from 'node:fs'
import { resolve } from 'node:path'
import { isoMs } from '../envelopes/calendar.ts'
import { memberOf, toWorkload, workloadKey } from '../incidents/workloads.ts'
import type { Incident, Report, Summary, Workload } from '../model/report.ts'
import type { Member } from '../model/told.ts'
import { asSourceError } from '../sources/errno.ts'
import { visible } from '../writers/neutral.ts'
import { EXIT, type Io, partsOf, wantsColor } from './io.ts'
import type { Settings } from './options.ts'
import { bereavedIn } from './saved-bereaved.ts'
import { createSelection } from './selection.ts'

const LISTS = ['sources', 'incidents', 'workloads', 'warnings'] as const
const COUNTS = ['bytes', 'lines', 'linesKept', 'files', 'suppressedReports', 'elapsedMs'] as const

/**
 * Options that choose incidents and the exit status count as for logs.
 *
 * @returns the exit status: 2 when a file is no report; the others are merged all the same
 */
export async function runMerge(paths: readonly string[], settings: Settings, io: Io): Promise<number> {
  const reports: Report[] = []
  let failed = false
  for (const path of paths.length > 0 ? paths : ['-']) {
    try {
      reports.push(...readReports((await textOf(path, io)).replace(/^\uFEFF/, '')))
    } catch (error) {
      failed = true
      io.complain(visible(`${path}: ${error instanceof Error ? error.message : String(error)}`))
    }
  }
  const merged = mergeIncidents(reports)
  const bereavedOf = bereavedIn(reports.flatMap(({ incidents }) => incidents))
  const all = merged.incidents.map(incident => ({
    incident,
    timeMs: finite(timeOf(incident)),
    bereaved: bereavedOf(incident),
  }))
  const newestMs = all.reduce<number | null>((newest, { timeMs }) => Math.max(newest ?? 0, timeMs ?? 0) || null, null)
  const wants = createSelection(settings, io)
  const incidents = all.filter(one => wants(one, newestMs)).map(({ incident }) => incident)
  const { writer } = settings
  const writing = writer.open({
    columns: io.columns,
    color: wantsColor(settings.color, io),
    raw: settings.raw,
    follow: false,
  })
  const write = async (text: string) => {
    if (!settings.quiet && text !== '') await io.write(text)
  }
  await write(writing.begin())
  for (const incident of incidents) {
    await writer.prepare?.(incident)
    await write(writing.incident(incident))
  }
  const summary = summaryOf(reports, incidents, io)
  summary.stats.suppressedReports -= merged.leftOutAgain
  await writer.prepare?.(summary)
  for (const text of partsOf(writing.end(summary))) await write(text)
  if (failed) return EXIT.error
  return settings.exitStatus && incidents.length === 0 ? EXIT.none : EXIT.ok
}

async function textOf(path: string, io: Io): Promise<string> {
  if (path !== '-') {
    return promises.readFile(resolve(io.cwd, path), 'utf8').catch((error: unknown) => {
      throw asSourceError(path, 'cannot open', error)
    })
  }
  const chunks: Buffer[] = []
  for await (const chunk of io.stdin ?? []) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

/** The reports in a text: one of json, or of ndjson one after the other. Throws with a sentence for what is neither. */
function readReports(text: string): Report[] {
  const whole = parseWhole(text)
  if (whole !== null) return [toReport(whole, [])]
  const reports: Report[] = []
  let incidents: Json[] = []
  for (const { type, ...object } of parseLines(text)) {
    if (type === 'incident') incidents.push(object)
    else {
      // a summary ends a report of ndjson; anything else is a whole one
      reports.push(toReport(object, incidents))
      incidents = []
    }
  }
  if (reports.length === 0 || incidents.length > 0) throw new Error('not a whole report of oomlens (-o json or ndjson)')
  return reports
}

function toReport(head: Json, lines: readonly Json[]): Report {
  const { schemaVersion } = head
  if (typeof schemaVersion !== 'string') throw new Error('not a report of oomlens (-o json or ndjson)')
  if (!schemaVersion.startsWith('1.')) {
    throw new Error(`a report of schema version ${schemaVersion}, which this version does not read`)
  }
  const own = Array.isArray(head['incidents']) ? head['incidents'] : []
  const report = { ...head, incidents: [...own, ...lines] }
  const isWhole = LISTS.every(name => Array.isArray(Reflect.get(report, name)))
  if (!isWhole || !report.incidents.every(isIncident)) throw new Error('a report of oomlens, but damaged')
  // checked as far as the merging and the writers look into it
  return report as unknown as Report
}

type Json = Record<string, unknown>

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isIncident(value: unknown): value is Incident {
  if (!isObject(value) || typeof value['id'] !== 'string') return false
  return (
    ['kernelReports', 'runtimeEvents', 'victims', 'missing', 'evidence'].every(name => Array.isArray(value[name])) &&
    Array.isArray(value['diagnosis']) &&
    value['diagnosis'].every(finding => isObject(finding) && Array.isArray(finding['evidence']))
  )
}

function parseWhole(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

function parseLines(text: string): Json[] {
  const objects: Json[] = []
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue
    try {
      const value: unknown = JSON.parse(line)
      if (isObject(value)) objects.push(value)
    } catch {
      throw new Error('not JSON')
    }
  }
  return objects
}

/** By time; the same incident of two reports once, with the evidence of both. What both say was left out is told, too. */
function mergeIncidents(reports: readonly Report[]): { incidents: Incident[]; leftOutAgain: number } {
  const byId = new Map<string, Incident>()
  let leftOutAgain = 0
  for (const incident of reports.flatMap(({ incidents }) => incidents)) {
    const known = byId.get(incident.id)
    byId.set(incident.id, known ? joinIncidents(known, incident) : incident)
    leftOutAgain += Math.min(known?.suppressedReports ?? 0, incident.suppressedReports ?? 0)
  }
  return { incidents: [...byId.values()].sort((a, b) => timeOf(a) - timeOf(b)), leftOutAgain }
}

function joinIncidents(a: Incident, b: Incident): Incident {
  const fuller = a.missing.length <= b.missing.length ? a : b
  const places = new Map([...a.evidence, ...b.evidence].map(place => [JSON.stringify(place), place]))
  const leftOut = [a, b].map(({ suppressedReports }) => suppressedReports).filter(count => typeof count === 'number')
  const suppressedReports = leftOut.length === 0 ? null : Math.max(...leftOut)
  return { ...fuller, suppressedReports, evidence: [...places.values()] }
}

function timeOf({ time }: Incident): number {
  return (time === null ? null : isoMs(time)) ?? Number.POSITIVE_INFINITY
}

function summaryOf(reports: readonly Report[], incidents: readonly Incident[], io: Io): Summary {
  const stats = {
    bytes: 0,
    lines: 0,
    linesKept: 0,
    files: 0,
    incidents: incidents.length,
    kernelReports: 0,
    runtimeEvents: 0,
    suppressedReports: 0,
    elapsedMs: 0,
  }
  for (const report of reports) for (const name of COUNTS) stats[name] += Number(report.stats?.[name] ?? 0)
  for (const { kernelReports, runtimeEvents } of incidents) {
    stats.kernelReports += kernelReports.length
    stats.runtimeEvents += runtimeEvents.length
  }
  const workloads = workloadsOf(incidents)
  const known = reports.flatMap(report => report.workloads)
  for (const workload of workloads) {
    workload.diagnosis = known.findLast(({ key }) => key === workload.key)?.diagnosis ?? []
  }
  return {
    schemaVersion: '1.0',
    tool: { name: 'oomlens', version: io.version },
    generatedAt: new Date(io.nowMs()).toISOString(),
    sources: reports.flatMap(({ sources }) => sources),
    workloads,
    findings: reports.flatMap(({ findings }) => findings ?? []),
    // those of an older version name no member
    warnings: reports.flatMap(({ warnings }) =>
      warnings.map(warning => ({ ...warning, member: warning.member ?? null })),
    ),
    stats,
  }
}

function workloadsOf(incidents: readonly Incident[]): Workload[] {
  const byKey = new Map<string, Member[]>()
  for (const incident of incidents) {
    const key = workloadKey(incident)
    if (key === null) continue
    const members = byKey.get(key) ?? []
    members.push(memberOf(incident, finite(timeOf(incident))))
    byKey.set(key, members)
  }
  return [...byKey].map(([key, members]) => toWorkload(key, members))
}

function finite(ms: number): number | null {
  return Number.isFinite(ms) ? ms : null
}
