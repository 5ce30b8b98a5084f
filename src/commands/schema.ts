import { promises } from 'node:fs'
import { EXIT, type Io } from './io.ts'

/** `oomlens schema`: the JSON Schema that the build made of the model. */
export async function runSchema(ndjson: boolean, io: Io): Promise<number> {
  const name = ndjson ? 'ndjson-line' : 'report'
  await io.write(await promises.readFile(new URL(`../schema/${name}.json`, import.meta.url), 'utf8'))
  return EXIT.ok
}
