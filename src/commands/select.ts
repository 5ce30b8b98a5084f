import type { TimedIncident } from '../incidents/workloads.ts'
import type { Incident } from '../model/report.ts'

export interface Selection {
  readonly container: string | null
  readonly pod: string | null
  readonly namespace: string | null
  readonly host: string | null
  readonly scope: Incident['scope'] | null
  /** Epoch ms; null: no bound. */
  readonly sinceMs: number | null
  readonly untilMs: number | null
}

/**
 * Whether an incident is asked for. One without a time is kept: that it lies outside is not known.
 */
export function selects(selection: Selection, { incident, timeMs, bereaved }: TimedIncident): boolean {
  if (selection.scope !== null && incident.scope !== selection.scope) return false
  if (timeMs !== null) {
    if (selection.sinceMs !== null && timeMs < selection.sinceMs) return false
    if (selection.untilMs !== null && timeMs > selection.untilMs) return false
  }
  const { container } = selection
  if (container !== null && !containerIds(incident).some(id => id.startsWith(container))) return false
  return (
    owners(incident, bereaved).some(
      ({ pod, namespace }) => matches(selection.pod, pod) && matches(selection.namespace, namespace),
    ) && matches(selection.host, incident.host)
  )
}

/** Pods of the incident: its own, and those of every victim's container. */
function owners(incident: Incident, bereaved: TimedIncident['bereaved'] = []) {
  return [{ pod: incident.pod?.name ?? null, namespace: incident.pod?.namespace ?? null }, ...bereaved]
}

function containerIds(incident: Incident): string[] {
  const ids = [
    incident.container?.id,
    ...incident.victims.map(({ containerId }) => containerId),
    ...incident.runtimeEvents.map(({ containerId }) => containerId),
  ]
  return ids.filter(id => id != null)
}

/** `*` matches any text; anything else itself. */
function matches(pattern: string | null, value: string | null): boolean {
  if (pattern === null) return true
  if (value === null) return false
  const parts = pattern.split('*')
  if (parts.length === 1) return value === pattern
  const [first, last] = [parts[0]!, parts.at(-1)!]
  if (!value.startsWith(first) || !value.endsWith(last) || value.length < first.length + last.length) return false
  let at = first.length
  for (const part of parts.slice(1, -1)) {
    const found = value.indexOf(part, at)
    if (found < 0 || found + part.length > value.length - last.length) return false
    at = found + part.length
  }
  return true
}
