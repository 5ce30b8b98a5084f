/** Node.js: V8's heap has a bound of its own. */
import { languageFinding } from './language.ts'
import type { Rule } from './rule.ts'

export const nodeJs: Rule = {
  code: 'node-js',
  examine: ({ incident }) =>
    languageFinding(incident, {
      name: 'Node.js',
      isIts: comm => comm === 'node' || comm === 'nodejs' || comm.startsWith('node /'),
      meaning: 'its heap and its buffers outside of the heap together must fit into',
      advice:
        'Bound the heap below the limit: node --max-old-space-size=MIB, or NODE_OPTIONS with the same. Buffers are outside of it. A heap that is bounded fails with an error of its own and a trace, which tells more than this kill.',
      references: ['node: --max-old-space-size'],
    }),
}
