/** systemd-oomd, earlyoom and their like killed it: no kill of the kernel. */
import { found, proof, proofs } from './finding.ts'
import type { Rule } from './rule.ts'

const settings: Record<string, string> = {
  'systemd-oomd':
    'See its view: oomctl dump\nWhat it may kill is set by ManagedOOMMemoryPressure= and ManagedOOMSwap= of the units.',
  oomd: 'Its rules stand in the configuration of oomd on the node.',
  talos: 'Talos has an OOM handler of its own: see its OOMConfig.',
  earlyoom: 'Its thresholds are the options -m and -s of earlyoom; whom it prefers and avoids, --prefer and --avoid.',
}

export const userspaceKill: Rule = {
  code: 'userspace-kill',
  examine: ({ incident }) => {
    if (incident.kind !== 'userspace') return null
    const index = incident.runtimeEvents.findIndex(
      event => Object.hasOwn(settings, event.source) || event.type === 'Killed',
    )
    const source = incident.runtimeEvents[index]?.source
    return found({
      title: `Killed by ${source ?? 'a program'}, not by the kernel`,
      severity: 'warning',
      confidence: 'stated',
      explanation: `${source ?? 'A program on the node'} killed the process before the kernel had to: no limit need have been reached, and Kubernetes does not show OOMKilled.`,
      evidence: [proof('kind', 'userspace'), ...proofs([[`runtimeEvents[${index}].source`, source]])],
      advice: source ? (settings[source] ?? null) : null,
      references: [],
    })
  },
}
