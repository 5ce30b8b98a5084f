/** A process of the container was killed and the container lived on: Kubernetes may show nothing. */
import type { Incident } from '../model/report.ts'
import type { Told } from '../model/told.ts'
import { kernelKilled, timeMs } from './facts.ts'
import { type Found, found, proof, proofs } from './finding.ts'
import type { Rule } from './rule.ts'
import { many, stamp } from './words.ts'

const advice =
  'Look in the application for failed workers or requests at that time; alert on the oom_kill counter of memory.events, not on restarts.'
const references = ['kubernetes/kubernetes#50632', 'kubernetes/kubernetes#78973']

const isKillOf = (other: Told, id: string): boolean =>
  other.containerId === id && other.kind === 'kernel' && other.hasVictims

/** The kill before this one did not end the container: it is the same one (same id) that is hit again. */
const survived = (incident: Incident, id: string, earlier: readonly Told[]): Found | null => {
  const now = timeMs(incident.time)
  const before = earlier.findLast(
    other => isKillOf(other, id) && now !== null && other.ms !== null && now - other.ms >= 1000,
  )
  if (!before || incident.victims.every(victim => victim.containerId !== null && victim.containerId !== id)) return null
  return found({
    title: 'The container lived on after the kill before',
    severity: 'warning',
    confidence: 'likely',
    explanation: `The same container (same id) had lost a process already at ${stamp(before.time ?? '?')} and had gone on running until now. Kubernetes may not show such a kill.`,
    evidence: [proof('container.id', id), proof(`incidents[id=${before.id}].time`, before.time)],
    advice,
    references,
  })
}

export const silentKill: Rule = {
  code: 'silent-kill',
  examine: ({ incident, around, earlier }) => {
    const { container } = incident
    if (!container || !kernelKilled(incident)) return null
    // In a pod each start of a container has an id of its own; Docker, podman and LXC start it again under the same.
    if (!incident.pod && container.runtime !== 'containerd' && container.runtime !== 'cri-o') return null
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
    const again = around.find(
      other => isKillOf(other, container.id) && other.ms !== null && times.length > 0 && other.ms - last >= 1000,
    )
    // One report with several victims is a group's kill, however slowly it was printed.
    const isLater = incident.kernelReports.length > 1 && times.length > 1 && last - first >= 1000
    const isOther = code !== null && code !== 137
    if (!isOther && !isLater && !again) return survived(incident, container.id, earlier)
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
      advice,
      references,
    })
  },
}
