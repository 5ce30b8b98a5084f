import { Ajv2020 } from 'ajv/dist/2020.js'
import { schemaText } from '../../src/writers/schema-source.ts'

const ajv = new Ajv2020({ allErrors: false, strict: false })

/** What every JSON that a test sees is held against. */
export const validators = {
  report: ajv.compile(JSON.parse(schemaText('report'))),
  ndjson: ajv.compile(JSON.parse(schemaText('ndjson'))),
}
