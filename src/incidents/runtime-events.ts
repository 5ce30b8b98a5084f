import type { RuntimeEvent } from '../model/report.ts'
import type { Group } from './group.ts'
import type { Identities } from './identities.ts'
import type { AsideItem, OtherKillItem, TaskOomItem } from './items.ts'
import { detached } from './seen.ts'

/** What runtimes and daemons said of an incident, in order of time; the same event in two logs once. */
export function finishRuntimeEvents(group: Group, identities: Identities): RuntimeEvent[] {
  const items = [...group.taskOoms, ...group.otherKills, ...group.asides]
  items.sort((a, b) => a.position.at - b.position.at || a.order - b.order)
  const events: RuntimeEvent[] = []
  const said = new Set<string>()
  for (const item of items) {
    const event = toRuntimeEvent(item, identities)
    // the runtime's own stamp tells a copy from a repetition; without one, another log's line is taken as a copy
    const key = `${event.type} ${event.containerId} ${event.time} ${event.exitCode}`
    if (said.has(key) && (event.time !== null || events.some(other => other.type === event.type))) continue
    said.add(key)
    events.push(event)
  }
  for (const { draft } of group.reports) {
    for (const { moment } of draft.unreapable) {
      const time = moment?.iso ?? null
      events.push({ type: 'Unreapable', time, containerId: null, sandboxId: null, exitCode: null, source: 'kernel' })
    }
  }
  return events
}

function toRuntimeEvent(item: TaskOomItem | OtherKillItem | AsideItem, identities: Identities): RuntimeEvent {
  const { event } = item
  const time = detached(item.moment?.iso ?? null)
  switch (event.kind) {
    case 'task-oom':
      return about('TaskOOM', event.containerId, null, speaker(item.ident, 'containerd'))
    case 'task-exit': {
      const exec = event.execId !== null && event.execId !== event.containerId
      return about(
        exec ? 'ExecExit' : 'TaskExit',
        event.containerId,
        event.exitStatus,
        speaker(item.ident, 'containerd'),
      )
    }
    case 'container-named':
      return about(event.event ?? 'ContainerNamed', event.containerId, event.exitCode, speaker(item.ident, 'kubelet'))
    case 'unit-oom-killed':
      return about('UnitOOMKilled', item.kind === 'aside' ? item.containerId : null, null, 'systemd')
    case 'node-memory-pressure':
      return about(event.event, null, null, 'kubelet')
    case 'userspace-killed':
      return about('Killed', null, null, event.by)
    case 'pod-evicted':
      return about('Evicted', null, null, 'kubelet')
  }

  function about(type: string, containerId: string | null, exitCode: number | null, source: string): RuntimeEvent {
    const asSandbox = containerId !== null && identities.sandbox(containerId) ? containerId : null
    const sandboxId = containerId === null ? null : (identities.container(containerId)?.sandboxId ?? asSandbox)
    return { type, time, containerId, sandboxId, exitCode, source }
  }
}

/** Who says it, by the tag; wrappers (`env`, `sh`, `k3s`) run one of the usual programs. */
function speaker(ident: string | null, usual: string): string {
  if (ident === null) return usual
  if (/^crio/.test(ident)) return 'cri-o'
  if (/^conmon/.test(ident)) return 'conmon'
  if (/^docker/.test(ident)) return 'docker'
  if (/^podman/.test(ident)) return 'podman'
  return usual
}
