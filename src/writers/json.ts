/**
 * The report as one JSON object, in the order of the schema, indented as jq does it. What is indented is also what a terminal
 * may be shown: control and invisible characters of the log are `\u` escapes.
 */
import type { Incident, Report } from '../model/report.ts'
import { safeJson } from './neutral.ts'
import type { Writer } from './writer.ts'

export const json: Writer = {
  name: 'json',
  about: 'one object, see oomlens schema',
  sorted: true,
  open: () => {
    // Sources stand before the incidents and are only known at the end.
    const incidents: Incident[] = []
    return {
      begin: () => '',
      incident: incident => {
        incidents.push(incident)
        return ''
      },
      end: ({ schemaVersion, tool, generatedAt, sources, workloads, findings, warnings, stats }) => {
        const report: Report = {
          schemaVersion,
          tool,
          generatedAt,
          sources,
          incidents,
          workloads,
          findings,
          warnings,
          stats,
        }
        return `${safeJson(report, 2)}\n`
      },
    }
  },
}
