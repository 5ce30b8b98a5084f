/** Page tables: many mappings of the same memory. */
import { limitedMemory, nodeMemory } from './facts.ts'
import type { Rule } from './rule.ts'
import { isMuch, memcgPart, nodePart, shareFinding } from './shares.ts'

export const pageTables: Rule = {
  code: 'page-tables',
  examine: ({ incident }) => {
    const isLimit = limitedMemory(incident) !== null
    const part = isLimit ? memcgPart(incident, 'pagetables') : nodePart(incident, 'pagetables')
    const seen = nodeMemory(incident)
    if (!isMuch(part, isLimit ? 0.05 : 0.02)) return null
    // On a node the threshold holds for machines that use no pool of huge pages.
    if (!isLimit && seen?.node.hugePages.some(pool => pool.total > 0)) return null
    return shareFinding(part, {
      title: 'Page tables are large',
      subject: 'Page tables',
      meaning: 'That is what many processes make that map one large shared segment, or one with very many mappings.',
      advice: 'Huge pages for the shared segment, or fewer processes or connections that map it.',
      references: ['kernel: pagetables'],
    })
  },
}
