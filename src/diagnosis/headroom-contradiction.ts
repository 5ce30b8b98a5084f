/** The report of a node that is out of memory shows room for what was asked. */
import { mainReport, managedBytes, nodeMemory } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'
import { bytes, share } from './words.ts'
import { zoneHeadroom } from './zone-headroom.ts'

const mebibyte = 1024 * 1024

export const headroomContradiction: Rule = {
  code: 'headroom-contradiction',
  examine: ({ incident }) => {
    const seen = mainReport(incident)
    const node = nodeMemory(incident)
    const trigger = seen?.report.trigger
    if (!seen || !node || trigger?.order !== 0 || seen.report.constraint !== 'none') return null
    const zones = zoneHeadroom(node.node, trigger)
    const managed = managedBytes(node.node)
    if (!zones || !managed) return null
    const best = zones.reduce((most, zone) => (zone.headroomBytes > most.headroomBytes ? zone : most))
    // CMA is not always to be had, even for movable pages.
    const room = best.headroomBytes - best.cmaBytes
    if (room < 32 * mebibyte || room < 0.02 * managed) return null
    return found({
      title: 'There was room when the report was printed',
      severity: 'warning',
      confidence: 'computed',
      explanation: `One page was asked for, and zone ${best.zone.zone} had ${bytes(room)} (${share(room, managed)} of the ${bytes(managed)} of RAM) free above its floor: memory came back while the report was printed, so the shortage was short.`,
      evidence: [
        proof(`${node.at}.zones[${best.index}]: free - min - reserve`, room),
        proof(`${node.at}.ramBytes - ${node.at}.reservedBytes`, managed),
      ],
      references: ['kernel: __alloc_pages_may_oom()'],
    })
  },
}
