/** What the assembler hands on. */
import type { KilledProcess } from '../model/event.ts'
import type { ReportDraft, VictimDraft } from './report-draft.ts'
import type { Place, Seen } from './seen.ts'

/** A kill line that belongs to no report: the kernel left the report out, or the log does. */
export interface LoneKill {
  readonly victim: VictimDraft
  readonly scope: KilledProcess['scope']
  readonly seen: Seen
  /** Of the kill line; the reaper's, which comes later, is added. */
  readonly places: readonly Place[]
}

export interface AssemblerOutput {
  /** A report whose outcome is known, or that was closed without one. Later parts still change it. */
  readonly report: (draft: ReportDraft) => void
  readonly kill: (kill: LoneKill) => void
  /** `N callbacks suppressed` of the oom-killer. */
  readonly suppressed: (count: number, seen: Seen) => void
}
