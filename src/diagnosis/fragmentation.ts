/** Memory was free, but not in one piece. */
import { mainReport, nodeMemory } from './facts.ts'
import { found, proof, proofs } from './finding.ts'
import type { Rule } from './rule.ts'
import { bytes } from './words.ts'
import { pageBytes, zoneHeadroom } from './zone-headroom.ts'

export const fragmentation: Rule = {
  code: 'fragmentation',
  examine: ({ incident }) => {
    const seen = mainReport(incident)
    const node = nodeMemory(incident)
    const trigger = seen?.report.trigger
    const order = trigger?.order
    if (!seen || !node || !trigger || !order || order < 1) return null
    const zones = zoneHeadroom(node.node, trigger)
    if (!zones || zones.some(zone => zone.largeBlocks === null)) return null
    const roomy = zones.filter(zone => zone.headroomBytes > 0)
    if (roomy.length === 0 || roomy.some(zone => (zone.largeBlocks ?? 0) > 0)) return null
    const best = roomy.reduce((most, zone) => (zone.headroomBytes > most.headroomBytes ? zone : most))
    const wanted = pageBytes(node.node) * 2 ** order
    return found({
      title: 'Free memory was fragmented',
      severity: 'warning',
      confidence: 'computed',
      explanation: `The request was for ${bytes(wanted)} in one piece (order ${order}); zone ${best.zone.zone} had ${bytes(best.headroomBytes)} free above its floor, but no usable block that large.`,
      evidence: [
        proof(`${seen.at}.trigger.order`, order),
        proof('page size × 2^order', wanted),
        proof(`${node.at}.zones[${best.index}]: free - min - reserve`, best.headroomBytes),
        ...proofs([[`${node.at}.zones[${best.index}].freeBytes`, best.zone.freeBytes]]),
      ],
      advice:
        'More RAM is not the first step: find who asks for large blocks (the call trace: network buffers, big stacks), and give compaction room (vm.min_free_kbytes).',
      references: ['kernel: __alloc_pages_slowpath()'],
    })
  },
}
