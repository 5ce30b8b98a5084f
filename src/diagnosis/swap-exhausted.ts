/** Swap was used up. */

import type { Incident } from '../model/report.ts'
import { isVersion1, limitedMemory, mainReport, nodeMemory } from './facts.ts'
import { type Found, found, proof } from './finding.ts'
import type { Rule } from './rule.ts'
import { bytes } from './words.ts'

const ofNode = (incident: Incident): Found | null => {
  const seen = nodeMemory(incident)
  const report = mainReport(incident)
  const total = seen?.node.swapTotalBytes
  const free = seen?.node.swapFreeBytes
  if (!seen || !report || !total || free === null || free === undefined || free >= 0.01 * total) return null
  const rows = report.report.processes
  const index = rows.reduce((best, row, at) => ((row.swapBytes ?? 0) > (rows[best]?.swapBytes ?? 0) ? at : best), 0)
  const most = rows[index]
  const hasMost = most !== undefined && most.swapBytes !== null && most.swapBytes >= 0.1 * total
  return found({
    title: 'Swap was used up',
    severity: 'warning',
    confidence: 'stated',
    explanation: `${free === 0 ? 'All' : 'Nearly all'} ${bytes(total)} of swap was in use${hasMost ? `, ${bytes(most.swapBytes ?? 0)} of it by ${most.comm}` : ''}: it was full as well, so nothing more could be moved out.`,
    evidence: [
      proof(`${seen.at}.swapTotalBytes`, total),
      proof(`${seen.at}.swapFreeBytes`, free),
      ...(hasMost ? [proof(`${report.at}.processes[${index}].swapBytes`, most.swapBytes)] : []),
    ],
    advice: 'Find what grew: more swap would only delay the kill.',
  })
}

export const swapExhausted: Rule = {
  code: 'swap-exhausted',
  examine: ({ incident }) => {
    const seen = limitedMemory(incident)
    if (!seen) return ofNode(incident)
    const { swapUsageBytes, swapLimitBytes } = seen.memory
    // On cgroup v1 the counter is memory and swap together: memsw-limit.
    if (isVersion1(seen.memory) || swapUsageBytes === null || !swapLimitBytes || swapUsageBytes < 0.99 * swapLimitBytes)
      return null
    return found({
      title: 'The swap of the cgroup was used up',
      severity: 'warning',
      confidence: 'stated',
      explanation: `The cgroup had used ${bytes(swapUsageBytes)} of the ${bytes(swapLimitBytes)} of swap that it may use, on top of its memory.`,
      evidence: [
        proof(`${seen.at}.swapUsageBytes`, swapUsageBytes),
        proof(`${seen.at}.swapLimitBytes`, swapLimitBytes),
      ],
      advice: 'Find what grew: more swap would only delay the kill.',
    })
  },
}
