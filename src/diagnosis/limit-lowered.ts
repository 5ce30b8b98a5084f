/** The limit was set below the use: the kill was part of setting it. */
import { mainReport } from './facts.ts'
import { found, proof, proofs } from './finding.ts'
import type { Rule } from './rule.ts'

const setters = ['memory_max_write', 'mem_cgroup_resize_max', 'mem_cgroup_resize_limit']

export const limitLowered: Rule = {
  code: 'limit-lowered',
  examine: ({ incident }) => {
    const seen = mainReport(incident)
    const index = seen?.report.callTrace.findIndex(frame => frame.certain && setters.includes(frame.function)) ?? -1
    const frame = seen?.report.callTrace[index]
    if (!seen || !frame) return null
    return found({
      title: 'The limit was lowered below the use',
      severity: 'warning',
      confidence: 'stated',
      explanation: `The kernel killed while somebody wrote a new, lower limit (${frame.function} in the call trace): the process did not grow into its limit.`,
      evidence: [
        proof(`${seen.at}.callTrace[${index}].function`, frame.function),
        ...proofs([[`${seen.at}.trigger.comm`, seen.report.trigger?.comm]]),
      ],
      advice: 'Look for a resize of the pod, a vertical autoscaler, or a systemctl set-property at that time.',
      references: [`kernel: ${frame.function}()`],
    })
  },
}
