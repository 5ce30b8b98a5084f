/** A line of JSON an incident, as they close, and a last line with everything else of the report. */
import { safeJson } from './neutral.ts'
import type { Writer } from './writer.ts'

export const ndjson: Writer = {
  name: 'ndjson',
  sorted: false,
  open: () => ({
    begin: () => '',
    incident: incident => `${safeJson({ type: 'incident', ...incident })}\n`,
    end: summary => `${safeJson({ type: 'summary', ...summary })}\n`,
  }),
}
