/** The runtime reported an OOM, and the log has no kill of the kernel. */
import { found, proof, proofs } from './finding.ts'
import type { Rule } from './rule.ts'

export const notProven: Rule = {
  code: 'not-proven',
  examine: ({ incident }) => {
    if (incident.kind !== 'runtime' || incident.victims.length > 0) return null
    const oom = incident.runtimeEvents.findIndex(event => event.type === 'TaskOOM')
    if (oom < 0) return null
    const exit = incident.runtimeEvents.findIndex(
      event => (event.type === 'TaskExit' || event.type === 'ContainerDied') && event.exitCode !== null,
    )
    const code = incident.runtimeEvents[exit]?.exitCode ?? null
    const isKilled = code === 137
    return found({
      title: isKilled ? 'Likely an OOM kill; the kernel lines are missing' : 'No kill is proven',
      severity: 'warning',
      confidence: 'likely',
      explanation: isKilled
        ? 'The runtime reported an OOM and exit code 137, but this log has no kill of the kernel: its lines were lost, rotated away, or not collected.'
        : `The runtime reported an OOM, but this log has no kill of the kernel${code === null ? ' and no exit code' : `, and the container ended with exit code ${code}`}: on cgroup v1 the event also comes when the limit is only touched.`,
      evidence: [
        proof(`runtimeEvents[${oom}].type`, 'TaskOOM'),
        ...proofs([[`runtimeEvents[${exit}].exitCode`, code]]),
      ],
      advice:
        'Collect the kernel log of that time from the node as well (or /var/log/messages and /var/log/kern.log with their rotated files): journalctl -k -o short-precise',
      references: ['containerd/containerd#7102', 'containerd/containerd#4547'],
    })
  },
}
