/** Findings as they are told: worst first, each advice once, its commands apart so that they can be pasted. */
import type { Finding } from '../model/report.ts'

export interface Step {
  readonly told: string
  /** A shell command to paste, where the step has one. */
  readonly command: string | null
}

/** The steps of an advice: a line each, `See what is set: kubectl …` or a plain sentence. */
function adviceSteps(advice: string | null): Step[] {
  const steps = (advice ?? '').split('\n').filter(step => step !== '')
  return steps.map(step => {
    const [, lead = '', command] =
      /^([^:]*: )?((?:kubectl|crictl|docker|systemctl|sysctl|journalctl|numastat|oomctl) .*)$/.exec(step) ?? []
    return command === undefined || hasProse(command)
      ? { told: step, command: null }
      : { told: lead.trimEnd(), command }
  })
}

/** A sentence that begins with a command is no command: outside of quotes it has punctuation that a shell would not. */
function hasProse(command: string): boolean {
  return /[,.;:]( |$)| \(/.test(command.replace(/'[^']*'|"[^"]*"/g, ''))
}

export interface Conclusion {
  readonly finding: Finding
  readonly steps: readonly Step[]
}

/** Findings, worst first, each with the steps that none before it has advised: several rules end in the same advice. */
export function conclusionsOf(findings: readonly Finding[]): Conclusion[] {
  const rank = { critical: 0, warning: 1, info: 2 }
  const advised = new Set<string>()
  // Of the same severity they stay in the order of the rules: sorting is stable.
  const sorted = [...findings].sort((a, b) => rank[a.severity] - rank[b.severity])
  return sorted.map(finding => {
    const steps = adviceSteps(finding.advice).filter(({ told, command }) => !advised.has(command ?? told))
    for (const { told, command } of steps) advised.add(command ?? told)
    return { finding, steps }
  })
}
