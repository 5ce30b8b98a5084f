/**
 * The report for people. First a short block an incident, or a workload that died several times, that can be acted on;
 * then the details of each; last what was read, so that "none" can be trusted.
 */
import type { Incident, Summary } from '../model/report.ts'
import { conclusionsOf } from './conclusions.ts'
import { type Group, groupIncidents } from './groups.ts'
import { type Page, pageOf } from './layout.ts'
import { detailLines, findingLines } from './text-details.ts'
import { readLines, warningLines } from './text-read.ts'
import { headLines, summaryLines } from './text-summary.ts'
import { loadWidths } from './widths.ts'
import type { Writer } from './writer.ts'

export const text: Writer = {
  name: 'text',
  sorted: true,
  prepare: loadWidths,
  open: ({ columns, color, raw, follow }) => {
    const page = pageOf(columns, color)
    // The summary stands before the details, so all is kept until the end; in follow mode each is printed as it closes.
    const kept: Incident[] = []
    let printed = 0
    return {
      begin: () => '',
      incident: incident => {
        if (!follow) {
          kept.push(incident)
          return ''
        }
        printed++
        return toText(oneIncident(incident, printed, page, raw))
      },
      end: summary => toText(follow ? readLines(summary, page) : wholeReport(kept, summary, page, raw)),
    }
  },
}

function oneIncident(incident: Incident, number: number, page: Page, raw: boolean): string[] {
  const group: Group = { incidents: [incident], shown: incident, workload: null }
  return [...summaryLines(group, number, page, true), ...detailLines(group, number, page, { raw, heading: false }), '']
}

function wholeReport(incidents: readonly Incident[], summary: Summary, page: Page, raw: boolean): string[] {
  const groups = groupIncidents(incidents, summary.workloads)
  const hosts = new Set(incidents.map(incident => incident.host))
  const lines = [...headLines(incidents, summary, page), '']
  for (const [i, group] of groups.entries()) lines.push(...summaryLines(group, i + 1, page, hosts.size > 1))
  if (groups.length > 0) lines.push('')
  const beside = conclusionsOf(summary.findings).flatMap(conclusion => findingLines(conclusion, page))
  if (beside.length > 0) lines.push(...beside, '')
  for (const [i, group] of groups.entries()) lines.push(...detailLines(group, i + 1, page, { raw, heading: true }), '')
  return [...lines, ...readLines(summary, page), ...warningLines(summary.warnings, page)]
}

function toText(lines: readonly string[]): string {
  return lines.map(line => `${line}\n`).join('')
}
