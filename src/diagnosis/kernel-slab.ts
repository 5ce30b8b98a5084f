/** Kernel objects (slab). */
import { limitedMemory, managedBytes, nodeMemory } from './facts.ts'
import { slabBytes } from './memcg-balance.ts'
import type { Rule } from './rule.ts'
import { isAtLeast, nodePart, shareFinding } from './shares.ts'
import { bytes, list } from './words.ts'

export const kernelSlab: Rule = {
  code: 'kernel-slab',
  examine: ({ incident }) => {
    const limited = limitedMemory(incident)
    if (limited) {
      const usage = limited.memory.usageBytes
      const slab = slabBytes(limited.memory)
      if (!usage || slab === null || slab < 0.1 * usage) return null
      return shareFinding(
        {
          bytes: slab,
          field:
            'slab' in limited.memory.stats
              ? `${limited.at}.stats.slab`
              : `${limited.at}.stats: slab_reclaimable + slab_unreclaimable`,
          wholeBytes: usage,
          wholeField: `${limited.at}.usageBytes`,
          whole: 'the memory charged to the cgroup',
          of: 'memcg',
        },
        {
          title: 'Kernel objects fill the limit',
          subject: 'Kernel objects made for this cgroup (slab)',
          meaning: 'They count towards the limit but stand in no process, so process metrics do not show them.',
          advice:
            'Usual makers are very many small files or directories (dentries, inodes) and sockets: slabtop on the node names the caches while it runs.',
          references: ['kernel: slab, memory.stat'],
        },
      )
    }
    const unreclaimable = nodePart(incident, 'slab_unreclaimable')
    const seen = nodeMemory(incident)
    if (!isAtLeast(unreclaimable, 0.1) || !seen || !managedBytes(seen.node)) return null
    const top = [...seen.node.slab].sort((a, b) => b.totalBytes - a.totalBytes).slice(0, 3)
    const finding = shareFinding(unreclaimable, {
      title: 'The kernel itself held much memory',
      subject: 'Kernel objects that cannot be freed on demand (unreclaimable slab)',
      meaning:
        top.length > 0
          ? `Most is in ${list(top.map(cache => `${cache.name} ${bytes(cache.totalBytes)}`))}.`
          : 'No limit of a pod bounds what the kernel or a driver keeps.',
      advice:
        'Suspect a leak in the kernel or a driver: watch these caches with slabtop, and look for the cache name with this kernel release.',
      references: ['kernel: dump_unreclaimable_slab()'],
    })
    for (const cache of top)
      finding.evidence.push({ field: `${seen.at}.slab[name=${cache.name}].totalBytes`, value: cache.totalBytes })
    return finding
  },
}
