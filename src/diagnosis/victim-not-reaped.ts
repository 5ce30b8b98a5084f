/** The kernel could not take the victim's memory back. */
import { eventsOf } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'

/** Type of the event that a line `oom_reaper: unable to reap pid:N` becomes. */
const type = 'Unreapable'

export const victimNotReaped: Rule = {
  code: 'victim-not-reaped',
  examine: ({ incident }) => {
    if (eventsOf(incident, type).length === 0) return null
    const index = incident.runtimeEvents.findIndex(event => event.type === type)
    return found({
      title: "The victim's memory was not freed",
      severity: 'critical',
      confidence: 'stated',
      explanation:
        "The kernel's OOM reaper could not take back the victim's memory: the process hangs in the kernel or holds its memory map locked, so expect the next kill soon.",
      evidence: [proof(`runtimeEvents[${index}].type`, type)],
      advice:
        'Look for hung tasks (state D) and for errors of storage or NFS around this time; such a process ends only when its wait does.',
      references: ['kernel: oom_reap_task()'],
    })
  },
}
