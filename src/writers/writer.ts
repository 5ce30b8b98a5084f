/**
 * What a writer is: finished values in, text out. It decides wording and layout, nothing else.
 *
 * How to add one: make `writers/<name>.ts` exporting one {@link Writer} whose `name` is the file's, add it to `index.ts`;
 * `--output` and `--help` learn of it from there. Log text passes through `neutral.ts` on its way out.
 */
import type { Incident, Summary } from '../model/report.ts'

export interface WriterOptions {
  /** Width of the terminal, or 80 where there is none. */
  readonly columns: number
  readonly color: boolean
  /** Print each incident's own log lines under it. */
  readonly raw: boolean
  /** Incidents are printed as they close (`-f`). */
  readonly follow: boolean
}

/** Made once for a run. Called in order: begin, incident (any number of times), end. Strings are written as they are. */
export interface Writing {
  readonly begin: () => string
  readonly incident: (incident: Incident) => string
  readonly end: (summary: Summary) => string | Iterable<string>
}

export interface Writer {
  readonly name: string
  /** True: wants the incidents sorted by time, all at once. False: as they close. */
  readonly sorted: boolean
  /** To be awaited before a value is handed to the {@link Writing}: loads what it takes. */
  readonly prepare?: (value: Incident | Summary) => Promise<void>
  readonly open: (options: WriterOptions) => Writing
}
