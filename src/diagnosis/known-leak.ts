/** Programs that are known to take more memory than one expects, with the reference. */
import type { Incident } from '../model/report.ts'
import { mainReport } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'

interface KnownLeak {
  readonly name: string
  /** Matched against the image, the names of container and pod, and the command of the victim. */
  readonly image?: RegExp
  readonly container?: RegExp
  readonly pod?: RegExp
  readonly comm?: RegExp
  readonly explanation: string
  readonly advice: string
  readonly reference: string
}

/** To add one: at least one pattern that nobody else's name matches, and where it is written down. */
const leaks: readonly KnownLeak[] = [
  {
    name: 'kaniko',
    image: /(?:^|\/)kaniko(?:-project)?(?:\/|:|@|$)/,
    container: /(?:^|-)kaniko(?:-|$)/,
    pod: /(?:^|-)kaniko(?:-|$)/,
    explanation:
      'kaniko holds whole layers in memory while it compresses them for its cache (--compressed-caching, on by default).',
    advice: 'Build with --compressed-caching=false: it needs less memory and takes longer.',
    reference: 'GoogleContainerTools/kaniko#1680',
  },
]

const matches = (incident: Incident, leak: KnownLeak): { field: string; value: string } | null => {
  const fields = [
    ['container.image', incident.container?.image, leak.image],
    ['container.name', incident.container?.name, leak.container],
    ['pod.name', incident.pod?.name, leak.pod],
    ['victims[0].comm', incident.victims[0]?.comm, leak.comm],
  ] as const
  for (const [field, value, pattern] of fields) if (value && pattern?.test(value)) return { field, value }
  return null
}

export const knownLeak: Rule = {
  code: 'known-leak',
  examine: ({ incident }) => {
    if (incident.kind === 'kernel' && !mainReport(incident) && incident.kernelReports.length > 0) return null
    for (const leak of leaks) {
      const match = matches(incident, leak)
      if (!match) continue
      return found({
        title: `Known to need much memory: ${leak.name}`,
        severity: 'warning',
        confidence: 'likely',
        explanation: `By its name this is ${leak.name}. ${leak.explanation}`,
        evidence: [proof(match.field, match.value)],
        advice: leak.advice,
        references: [leak.reference],
      })
    }
    return null
  },
}
