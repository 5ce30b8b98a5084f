/**
 * What a rule is: one conclusion that a report can justify.
 *
 * How to add one:
 * 1. Make `diagnosis/<code>.ts`, exporting one {@link Rule} whose `code` is the file's name.
 * 2. Return `null` wherever a field that it needs is null: a missing field turns a rule off, it is never guessed.
 * 3. Every number in the explanation stands in `evidence` with the field it came from.
 * 4. Add it to `index.ts`, and one example where it fires and one where it nearly does to its test.
 */
import type { Bereaved } from '../model/bereaved.ts'
import type { Finding, Incident } from '../model/report.ts'
import type { Saved } from '../model/saved.ts'
import type { Told } from '../model/told.ts'

/** What a rule may look at. All of it is finished: a rule only reads. */
export interface Case {
  readonly incident: Incident
  /** Incidents of the same workload before this one, oldest first (the last 100 at most). */
  readonly earlier: readonly Told[]
  /** The same with this one, which is the last. */
  readonly story: readonly Told[]
  /** Incidents of any container on the same host within 10 minutes before and after, this one left out. */
  readonly around: readonly Told[]
  /** Every container that lost a process, by name; absent in a report that was read again. */
  readonly bereaved?: readonly Bereaved[]
  /** When the container's first process began, epoch ms; null where no line says. */
  readonly containerStartedMs: number | null
  /** What the listings beside the logs tell, of whomever. */
  readonly saved?: Saved
}

export interface Rule {
  readonly code: string
  readonly examine: (given: Case) => Omit<Finding, 'code'> | null
}
