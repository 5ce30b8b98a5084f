/**
 * The JSON Schema of the outputs, derived from the model. For the build and the tests only: the program prints the files that
 * the build made of it, and never loads this.
 */
import { NdjsonLineSchema, ReportSchema } from '../model/report.ts'

export type SchemaName = 'report' | 'ndjson'

const dialect = 'https://json-schema.org/draft/2020-12/schema'

/** The schema as the text of a file: draft 2020-12, indented, with a line break at its end. */
export function schemaText(which: SchemaName): string {
  return `${JSON.stringify(schemaOf(which), null, 2)}\n`
}

function schemaOf(which: SchemaName): object {
  if (which === 'report')
    return { $schema: dialect, $id: 'urn:oomlens:report:1.0', title: 'oomlens report', ...ReportSchema }
  return {
    $schema: dialect,
    $id: 'urn:oomlens:ndjson-line:1.0',
    title: 'A line of oomlens -o ndjson',
    ...NdjsonLineSchema,
  }
}
