/** Socket buffers charged to the cgroup. */
import type { Rule } from './rule.ts'
import { isMuch, memcgPart, shareFinding } from './shares.ts'

export const sockets: Rule = {
  code: 'sockets',
  examine: ({ incident }) => {
    const part = memcgPart(incident, 'sock')
    if (!isMuch(part, 0.05)) return null
    return shareFinding(part, {
      title: 'Network buffers count as memory',
      subject: 'Socket buffers (sock)',
      meaning: 'Data waits in them that the program has not read or that a slow peer has not taken.',
      advice: 'ss -tm in the network namespace of the pod shows which connections hold it.',
      references: ['kernel: memory.stat sock'],
    })
  },
}
