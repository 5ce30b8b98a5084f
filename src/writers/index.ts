/** The outputs, in the order in which `--help` lists them: for people, then for programs. */
import { json } from './json.ts'
import { ndjson } from './ndjson.ts'
import { text } from './text.ts'
import type { Writer } from './writer.ts'

export const writers: readonly Writer[] = [text, json, ndjson]
