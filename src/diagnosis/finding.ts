/** Small builders that keep a rule's file down to its test and its sentence. */
import type { Finding } from '../model/report.ts'

export type Found = Omit<Finding, 'code'>
export type Proof = Finding['evidence'][number]

/**
 * Evidence: a path in the incident (`victims[0].anonRssBytes`) and its value.
 *
 * A number made of several fields names its making: `sum(kernelReports[0].processes[comm=worker].rssBytes)`. Another
 * incident of the report is `incidents[id=…]`.
 */
export const proof = (field: string, value: unknown): Proof => ({ field, value })

/** Evidence for those values that are there. */
export const proofs = (entries: readonly (readonly [field: string, value: unknown])[]): Proof[] =>
  entries.filter(([, value]) => value !== null && value !== undefined).map(([field, value]) => ({ field, value }))

interface Parts {
  readonly title: string
  readonly severity: Finding['severity']
  readonly confidence: Finding['confidence']
  readonly explanation: string
  readonly evidence: readonly Proof[]
  readonly advice?: string | null
  readonly references?: readonly string[]
}

export const found = (parts: Parts): Found => ({
  title: parts.title,
  severity: parts.severity,
  confidence: parts.confidence,
  explanation: parts.explanation,
  advice: parts.advice ?? null,
  evidence: [...parts.evidence],
  references: [...(parts.references ?? [])],
})

const weights: Readonly<Record<Finding['severity'], number>> = { critical: 0, warning: 1, info: 2 }

/** Worst first. */
export const bySeverity = (a: Finding, b: Finding): number => weights[a.severity] - weights[b.severity]
