/** A shortage of the node took processes of several containers. */
import type { Bereaved } from '../model/bereaved.ts'
import { mainReport } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'
import { many } from './words.ts'

export const severalContainers: Rule = {
  code: 'several-containers',
  examine: ({ incident, bereaved = [] }) => {
    if (incident.scope !== 'node' || !mainReport(incident)) return null
    const containers = new Set(incident.victims.map(victim => victim.containerId).filter(id => id !== null)).size
    if (containers < 2) return null
    const named = bereaved.filter(({ name, pod }) => name !== null || pod !== null)
    const whose = named.map(one => nameOf(one))
    return found({
      title: 'The node was short, several containers were hit',
      severity: 'info',
      confidence: 'computed',
      explanation: `Short of memory, the node killed ${many(incident.victims.length, 'process', 'processes')} in ${containers} containers: look at the node, not at each of them.${whose.length > 0 ? ` Hit: ${listed(whose)}.` : ''}`,
      evidence: [
        proof('count(victims)', incident.victims.length),
        proof('count(distinct victims[].containerId)', containers),
        ...named.map(one => proof(`container ${one.containerId}`, nameOf(one))),
      ],
      references: [],
    })
  },
}

/** `namespace/pod/container`, as far as it is known. */
function nameOf({ namespace, pod, name }: Bereaved): string {
  return [namespace, pod, name].filter(part => part !== null).join('/')
}

const MOST = 8

function listed(names: readonly string[]): string {
  const rest = names.length - MOST
  return names.slice(0, MOST).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}
