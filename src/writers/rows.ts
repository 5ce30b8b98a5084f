/** What markdown and html say of one incident, as labelled sentences: what text lays out for a terminal. */
import type { Incident, Process } from '../model/report.ts'
import { cgroupParts, nodeParts, nodeTotals, partWords } from './breakdown.ts'
import { formatBytes, formatExactTime, formatTimeBeside, shortId } from './format.ts'
import { exitMeaning, runtimeStory } from './runtime-story.ts'
import { usageFacts } from './text-memory.ts'
import { triggerWords } from './text-processes.ts'
import {
  bySize,
  containerOf,
  killedWords,
  limitWords,
  missingWords,
  residentBytes,
  suppressedWords,
  victimName,
  whenWords,
} from './words.ts'

export interface LabelledRow {
  readonly label: string
  /** One sentence each. */
  readonly lines: readonly string[]
  /** Lines are paths, ids or the like: to be set as code. */
  readonly code?: boolean
}

/** Rows that have something to say, most important first. Findings, processes and evidence are laid out by the writer. */
export function rowsOf(incident: Incident): LabelledRow[] {
  const { cgroup, container } = incident
  const rows: LabelledRow[] = [
    { label: 'When', lines: [whenLine(incident)] },
    { label: 'Limit', lines: [[limitWords(incident), ...(cgroup === null ? [] : usageFacts(cgroup))].join(', ')] },
    { label: 'Limit path', lines: cgroup?.limitPath == null ? [] : [cgroup.limitPath], code: true },
    { label: 'Killed', lines: killedLines(incident) },
    {
      label: 'Ran in',
      lines: incident.scope === 'node' && containerOf(incident) !== null ? [containerOf(incident) ?? ''] : [],
    },
    { label: 'Memory', lines: memoryWords(incident) },
    { label: 'Trigger', lines: triggersOf(incident) },
    { label: 'Runtime', lines: runtimeWords(incident) },
    { label: 'Missing', lines: missingOf(incident) },
    { label: 'Container id', lines: container === null ? [] : [container.id], code: true },
    { label: 'Pod uid', lines: incident.pod?.uid == null ? [] : [incident.pod.uid], code: true },
    { label: 'Incident id', lines: [incident.id], code: true },
  ]
  return rows.filter(row => row.lines.length > 0)
}

function whenLine(incident: Incident): string {
  const end = incident.endTime === null ? null : formatTimeBeside(incident.endTime, incident.time)
  const isSame = end === null || formatTimeBeside(incident.time, incident.time).startsWith(end)
  const until = isSame ? '' : ` to ${end}`
  return `${whenWords(incident, formatExactTime)}${until}${incident.host === null ? '' : ` on ${incident.host}`}`
}

function killedLines(incident: Incident): string[] {
  if (incident.victims.length === 0) return [killedWords(incident)]
  return bySize(incident.victims).map(victim => {
    const size = residentBytes(victim)
    const facts = [victimName(victim), size === null ? 'its size is not in this log' : `${formatBytes(size)} resident`]
    if (victim.anonRssBytes !== null) facts.push(`anonymous ${formatBytes(victim.anonRssBytes)}`)
    if (victim.oomScoreAdj !== null) facts.push(`oom_score_adj ${victim.oomScoreAdj}`)
    if (victim.containerId !== null && victim.containerId !== incident.container?.id)
      facts.push(`container ${shortId(victim.containerId)}`)
    return facts.join(', ')
  })
}

function memoryWords(incident: Incident): string[] {
  const node = incident.kernelReports.find(report => report.node !== null)?.node ?? null
  const { cgroup } = incident
  if (node !== null) {
    const usable = node.ramBytes === null ? null : node.ramBytes - (node.reservedBytes ?? 0)
    return [[...nodeTotals(node), ...nodeParts(node).map(part => partWords(part, usable))].join(', ')].filter(
      line => line !== '',
    )
  }
  if (cgroup === null || incident.scope === 'node') return []
  return [
    cgroupParts(cgroup)
      .map(part => partWords(part, cgroup.usageBytes))
      .join(', '),
  ].filter(line => line !== '')
}

function triggersOf(incident: Incident): string[] {
  const triggers = incident.kernelReports.map(report => report.trigger).filter(trigger => trigger !== null)
  return [...new Set(triggers.map(triggerWords))]
}

function runtimeWords(incident: Incident): string[] {
  return runtimeStory(incident.runtimeEvents).map(({ event, times }) => {
    const exit = event.exitCode === null ? '' : `, exit ${event.exitCode}: ${exitMeaning(event.exitCode)}`
    const which =
      event.containerId === null || event.containerId === incident.container?.id
        ? ''
        : ` of ${shortId(event.containerId)}`
    return `${formatTimeBeside(event.time, incident.time)} ${event.type}${which} (${event.source})${times > 1 ? `, ${times} times` : ''}${exit}`
  })
}

function missingOf(incident: Incident): string[] {
  const suppressed = incident.suppressedReports ?? 0
  return [missingWords(incident), suppressed > 0 ? suppressedWords(suppressed) : null].filter(line => line !== null)
}

export interface ProcessTable {
  readonly heads: readonly string[]
  readonly rows: readonly { readonly cells: readonly string[]; readonly killed: boolean }[]
}

/** The whole process table of the last report that has one, largest first; `null` where the log has none. */
export function processTable(incident: Incident): ProcessTable | null {
  const processes = incident.kernelReports.findLast(report => report.processes.length > 0)?.processes ?? []
  if (processes.length === 0) return null
  const killed = new Set(incident.victims.map(victim => victim.pid))
  const sorted = [...processes].sort((a, b) => (b.rssBytes ?? 0) - (a.rssBytes ?? 0))
  return {
    heads: ['pid', 'uid', 'resident', 'address space', 'swapped', 'adj', 'name'],
    rows: sorted.map(process => ({ cells: cellsOf(process), killed: killed.has(process.pid) })),
  }
}

function cellsOf({ pid, uid, rssBytes, totalVmBytes, swapBytes, oomScoreAdj, comm }: Process): string[] {
  const sizes = [rssBytes, totalVmBytes, swapBytes].map(formatBytes)
  return [String(pid), String(uid), ...sizes, oomScoreAdj === null ? '?' : String(oomScoreAdj), comm]
}
