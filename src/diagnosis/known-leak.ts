/** Programs that are known to take more memory than one expects, with the reference. */
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
    comm: /^kaniko(?:-executor)?$/,
    explanation:
      'kaniko holds whole layers in memory while it compresses them for its cache (--compressed-caching, on by default).',
    advice: 'Build with --compressed-caching=false: it needs less memory and takes longer.',
    reference: 'GoogleContainerTools/kaniko#1680',
  },
]

export interface Names {
  readonly image: string | null | undefined
  readonly container: string | null | undefined
  readonly pod: string | null | undefined
  readonly comm: string | null | undefined
}

export interface SeenLeak {
  readonly name: string
  /** Which of the names, and what it is. */
  readonly field: keyof Names
  readonly value: string
  readonly told: string
  readonly advice: string
  readonly reference: string
}

export const knownLeakOf = (names: Names): SeenLeak | null => {
  for (const leak of leaks) {
    for (const field of ['image', 'container', 'pod', 'comm'] as const) {
      const value = names[field]
      if (!value || !leak[field]?.test(value)) continue
      const { name, explanation, advice, reference } = leak
      return { name, field, value, told: `By its name this is ${name}. ${explanation}`, advice, reference }
    }
  }
  return null
}

const fields: Readonly<Record<keyof Names, string>> = {
  image: 'container.image',
  container: 'container.name',
  pod: 'pod.name',
  comm: 'victims[0].comm',
}

export const knownLeak: Rule = {
  code: 'known-leak',
  examine: ({ incident }) => {
    if (incident.kind === 'kernel' && !mainReport(incident) && incident.kernelReports.length > 0) return null
    const { container, pod, victims } = incident
    const leak = knownLeakOf({
      image: container?.image,
      container: container?.name,
      pod: pod?.name,
      comm: victims[0]?.comm,
    })
    if (!leak) return null
    return found({
      title: `Known to need much memory: ${leak.name}`,
      severity: 'warning',
      confidence: 'likely',
      explanation: leak.told,
      evidence: [proof(fields[leak.field], leak.value)],
      advice: leak.advice,
      references: [leak.reference],
    })
  },
}
