/**
 * The report as one JSON object, in the order of the schema, indented as jq does it. What is indented is also what a terminal
 * may be shown: control and invisible characters of the log are `\u` escapes.
 */
import type { Incident, Summary } from '../model/report.ts'
import { safeJson } from './neutral.ts'
import type { Writer } from './writer.ts'

export const json: Writer = {
  name: 'json',
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
      end: summary => pieces(summary, incidents),
    }
  },
}

/** A piece for each incident: the text of ten thousand of them is never held at once. */
function* pieces(summary: Summary, incidents: readonly Incident[]): Generator<string> {
  const { schemaVersion, tool, generatedAt, sources, workloads, findings, warnings, stats } = summary
  // the braces of both ends are those of the whole
  yield safeJson({ schemaVersion, tool, generatedAt, sources }, 2).slice(0, -'\n}'.length)
  yield ',\n  "incidents": ['
  for (const [at, incident] of incidents.entries()) {
    yield `${at === 0 ? '' : ','}\n    ${safeJson(incident, 2).replaceAll('\n', '\n    ')}`
  }
  yield incidents.length === 0 ? '],' : '\n  ],'
  yield `${safeJson({ workloads, findings, warnings, stats }, 2).slice(1)}\n`
}
