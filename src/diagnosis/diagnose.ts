/** The findings of an incident. What else the room gives stands here too, so that it is loaded as one. */
import type { Finding } from '../model/report.ts'
import { bySeverity } from './finding.ts'
import { rules } from './index.ts'
import type { Case, Rule } from './rule.ts'

export { diagnoseSaved } from './saved.ts'
export type { OfWhom } from './saved-series.ts'
export { toldOf } from './told.ts'
export { diagnoseWorkload } from './workload.ts'

/** Findings of severity info fill up to this many in all. Warnings and worse are never left out. */
const enough = 6

/**
 * What an incident's fields justify, most important first. A rule that fails says nothing and stops no other.
 */
export const diagnose = (given: Case, table: readonly Rule[] = rules): Finding[] => {
  const findings: Finding[] = []
  for (const rule of table) {
    try {
      const finding = rule.examine(given)
      if (finding) findings.push({ code: rule.code, ...finding })
    } catch {
      // A finding is a comment on the incident: the incident is reported with or without it.
    }
  }
  // Sorting is stable: the order of the table stays within a severity.
  findings.sort(bySeverity)
  return findings.filter((finding, index) => finding.severity !== 'info' || index < enough)
}
