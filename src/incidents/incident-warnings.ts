import type { Incident, Warning } from '../model/report.ts'
import type { FinishOptions } from './finish-incident.ts'
import { oomMemcgOf, taskMemcgOf } from './finish-report.ts'
import type { Group } from './group.ts'
import { cpusetContainer } from './group-key.ts'
import { pathOf } from './path-of.ts'
import { kernelClockError } from './seen-twice.ts'

/** What is ambiguous or doubtful about an incident. */
export function warningsOf(group: Group, incident: Incident, options: FinishOptions): Warning[] {
  const warnings: Warning[] = []
  const [at] = incident.evidence
  const say = (code: string, message: string) =>
    warnings.push({ code, message, source: at?.source ?? null, member: at?.member ?? null, line: at?.line ?? null })
  const { hosts } = group
  if (hosts.size > 1 && incident.container) {
    say(
      'container-on-two-hosts',
      `container ${incident.container.id.slice(0, 12)} is named by lines of ${[...hosts].sort().join(' and ')}; taken as one host`,
    )
  }
  const byPath = group.reports.some(({ draft }) =>
    [taskMemcgOf(draft), oomMemcgOf(draft)].some(path => path !== null && pathOf(path).containerId !== null),
  )
  const byCpuset = group.reports.some(({ draft }) => cpusetContainer(draft) === incident.container?.id)
  if (group.taskOoms.length === 0 && incident.container && byCpuset && !byPath) {
    say(
      'container-by-cpuset',
      "only the trigger's cpuset names a container; the victim may be in another one of the pod",
    )
  }
  const chosen = chosenOnly(group, incident)
  if (chosen.length > 0) {
    say('chosen-only', `who died is not in this log; the kernel chose ${listed(chosen)}, or a child`)
  }
  if (group.ambiguous) {
    say('ambiguous-incident', 'kernel lines that name no container could belong to several incidents; kept apart')
  }
  const clockError = kernelClockError(group)
  if (clockError !== null) {
    const seconds = Math.abs(Math.round(clockError / 100) / 10)
    say(
      'kernel-time-doubtful',
      `the kernel's stamp of incident ${incident.id} is ${seconds} s ${clockError > 0 ? 'later' : 'earlier'} than another log's; the other one is taken`,
    )
  }
  for (const { by, text, place } of group.losses) {
    const { path, member } = options.sourceOf(place.source)
    const message = `${by} lost messages near incident ${incident.id}: ${text}`
    warnings.push({ code: 'messages-lost', message, source: path, member, line: place.line })
  }
  if (group.split) {
    say('incident-split', 'the kills go on for longer than an incident may last; what follows is the next incident')
  }
  return warnings
}

/** Most tasks named in a warning. */
const NAMED = 5

/** Up to 5.0 `Kill process` names the task chosen, and the next line who died: it, or a child of it. */
function chosenOnly({ kills, reports }: Group, { victims }: Incident): string[] {
  const names = new Set<string>()
  // a line `Killed process` that found no report may be the child's
  if (kills.some(({ scope }) => scope === null)) return []
  for (const { draft } of reports) {
    if (draft.chosen === null || draft.victims.length > 0 || draft.outcome !== null) continue
    const { pid, comm } = draft.chosen
    if (victims.some(victim => victim.pid === pid)) continue
    names.add(comm ? `${comm} (pid ${pid})` : `pid ${pid}`)
  }
  return [...names]
}

function listed(names: readonly string[]): string {
  const more = names.length - NAMED
  return names.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '')
}
