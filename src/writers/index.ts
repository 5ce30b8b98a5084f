/** The outputs, in the order in which `--help` lists them: for people at a terminal, for programs, for tickets and sheets. */
import { csv } from './csv.ts'
import { html } from './html.ts'
import { json } from './json.ts'
import { markdown } from './markdown.ts'
import { ndjson } from './ndjson.ts'
import { text } from './text.ts'
import type { Writer } from './writer.ts'

export const writers: readonly Writer[] = [text, json, ndjson, markdown, html, csv]
