/** A process of the container was killed and the container lived on: Kubernetes may show nothing. */
import { kernelKilled, timeMs } from './facts.ts'
import { found, proof, proofs } from './finding.ts'
import type { Rule } from './rule.ts'
import { many } from './words.ts'

export const silentKill: Rule = {
  code: 'silent-kill',
  examine: ({ incident, around }) => {
    const { container } = incident
    if (!container || !kernelKilled(incident)) return null
    // Docker starts a container again under the same id; in a pod each start has its own.
    if (!incident.pod && container.runtime === 'docker') return null
    // Under a pod's limit the victims may be of several containers: only those that are told to be of this one count.
    const isOwn = (id: string | null): boolean => id === container.id || (id === null && incident.scope === 'container')
    const mine = incident.victims
      .map((victim, index) => ({ victim, index }))
      .filter(({ victim }) => isOwn(victim.containerId))
    if (mine.length === 0) return null
    const exit = incident.runtimeEvents.findLastIndex(
      event =>
        event.containerId === container.id &&
        (event.type === 'TaskExit' || event.type === 'ContainerDied') &&
        event.exitCode !== null,
    )
    const code = incident.runtimeEvents[exit]?.exitCode ?? null
    const times = mine.map(({ victim }) => timeMs(victim.time)).filter(ms => ms !== null)
    const first = Math.min(...times)
    const last = Math.max(...times)
    const again = around.find(other => {
      const ms = timeMs(other.time)
      return (
        other.container?.id === container.id &&
        kernelKilled(other) &&
        ms !== null &&
        times.length > 0 &&
        ms - last >= 1000
      )
    })
    // One report with several victims is a group's kill, however slowly it was printed.
    const isLater = incident.kernelReports.length > 1 && times.length > 1 && last - first >= 1000
    const isOther = code !== null && code !== 137
    if (code === 137 && !isLater && !again) return null
    if (!isOther && !isLater && !again) return null
    const how = isOther
      ? `the container ended by itself with exit code ${code}, so its first process was not killed`
      : 'the same container (same id) lost another process a second or more later, so it had gone on running'
    return found({
      title: isOther
        ? "A child process was killed, not the container's first one"
        : 'A process was killed, the container lived on',
      severity: 'warning',
      confidence: isOther ? 'computed' : 'likely',
      explanation: `The kernel killed ${mine.length < 2 ? 'a process' : many(mine.length, 'process', 'processes')} of the container, but ${how}. Kubernetes may not show such a kill.`,
      evidence: proofs([
        ...(mine.length < 2 ? [] : [['count(victims of the container)', mine.length] as const]),
        [`victims[${mine[0]?.index}].pid`, mine[0]?.victim.pid],
        ...(isOther ? [[`runtimeEvents[${exit}].exitCode`, code] as const] : []),
        ...(!isOther && isLater ? [[`victims[${mine.at(-1)?.index}].time`, mine.at(-1)?.victim.time] as const] : []),
      ]).concat(!isOther && !isLater && again ? [proof(`incidents[id=${again.id}].time`, again.time)] : []),
      advice:
        'Look in the application for failed workers or requests at that time; alert on the oom_kill counter of memory.events, not on restarts.',
      references: ['kubernetes/kubernetes#50632', 'kubernetes/kubernetes#78973'],
    })
  },
}
