import type { Bereaved } from '../model/bereaved.ts'
import type { Incident } from '../model/report.ts'

/** Containers that lost a process, as far as reports tell; one twice where its name can be read in two ways. */
export type SavedBereaved = (incident: Incident) => readonly Bereaved[]

const CONTAINER_FIELD = /^container (\S+)$/

/**
 * Whose containers the victims of saved incidents were. An incident names one pod at most; the others stand in its finding
 * `several-containers` and in other incidents of those containers.
 */
export function bereavedIn(incidents: readonly Incident[]): SavedBereaved {
  const byId = new Map<string, Bereaved[]>()
  for (const { container, pod, diagnosis } of incidents) {
    if (container && pod) {
      byId.set(container.id, [bereaved(container.id, pod.namespace, pod.name, container.name)])
    }
    const finding = diagnosis.find(({ code }) => code === 'several-containers')
    for (const { field, value } of finding?.evidence ?? []) {
      const [, id] = CONTAINER_FIELD.exec(field) ?? []
      if (id !== undefined && !byId.has(id)) byId.set(id, readName(id, String(value)))
    }
  }
  return ({ victims }) => {
    const ids = new Set(victims.map(({ containerId }) => containerId).filter(id => id !== null))
    return [...ids].flatMap(id => byId.get(id) ?? [])
  }
}

/** `namespace/pod/container`; of two parts, the first or the last of these is not known. */
function readName(id: string, text: string): Bereaved[] {
  const [first = null, second = null, third = null] = text.split('/')
  if (third !== null) return [bereaved(id, first, second, third)]
  return [bereaved(id, first, second, null), bereaved(id, null, first, second)]
}

function bereaved(containerId: string, namespace: string | null, pod: string | null, name: string | null): Bereaved {
  return { containerId, namespace, pod, name }
}
