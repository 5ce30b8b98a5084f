/** The log names the container by its id or the pod by its uid only. */
import { findPod } from './commands.ts'
import { found, proofs } from './finding.ts'
import type { Rule } from './rule.ts'

export const identityMissing: Rule = {
  code: 'identity-missing',
  examine: ({ incident }) => {
    if (!incident.missing.includes('identity') || incident.pod?.name) return null
    const uid = incident.pod?.uid ?? null
    const id = incident.container?.id ?? null
    const commands: string[] = []
    const find = uid ? findPod(uid) : null
    if (find) commands.push(`While the pod exists: ${find}`)
    if (id && uid && /^[0-9a-f]{64}$/.test(id))
      commands.push(`On the node, while the container is kept: crictl inspect ${id.slice(0, 13)}`)
    if (commands.length === 0) return null
    commands.push(
      'Give the log of the runtime or kubelet, or the output of crictl ps -a or kubectl get pods -A -o yaml, beside this one.',
    )
    return found({
      title: 'The name of the pod is not in the log',
      severity: 'info',
      confidence: 'stated',
      explanation: `The log tells ${uid ? 'the uid of the pod' : 'the id of the container'} but no line that names it.`,
      evidence: proofs([
        ['pod.uid', uid],
        ['container.id', id],
      ]),
      advice: commands.join('\n'),
    })
  },
}
