/** The rows of the text report about processes: who died, who asked for memory, who else was there. */
import type { Incident, Process, Trigger, Victim } from '../model/report.ts'
import { formatBytes, plural, shortId } from './format.ts'
import { type Column, flow, type Page, rowWidth, table } from './layout.ts'
import { bySize, killedWords, residentBytes, victimName } from './words.ts'

const shownProcesses = 8

/** One victim in words, several as a table. */
export function victimLines(incident: Incident, page: Page): string[] {
  const victims = bySize(incident.victims)
  const [only] = victims
  if (only === undefined) return flow([killedWords(incident)], rowWidth(page))
  if (victims.length === 1) return oneVictim(only, page, incident.kind === 'userspace')
  return table(victimColumns, victims.map(victimRow(incident)), rowWidth(page, 'page'))
}

function oneVictim(victim: Victim, page: Page, isByProgram: boolean): string[] {
  const size = residentBytes(victim)
  // a program may have told a size that is none of a victim's parts
  const unknown = isByProgram ? '' : ', its size is not in this log'
  const head = `${victimName(victim)}${size === null ? unknown : `, ${formatBytes(size)} resident`}`
  const parts: [string, number | null][] = [
    ['anonymous', victim.anonRssBytes],
    ['file', victim.fileRssBytes],
    ['shared', victim.shmemRssBytes],
    ['page tables', victim.pageTableBytes],
    ['address space', victim.totalVmBytes],
  ]
  const facts = parts
    .filter(([, bytes]) => bytes !== null && bytes > 0)
    .map(([name, bytes]) => `${name} ${formatBytes(bytes)}`)
  if (victim.uid !== null) facts.push(`uid ${victim.uid}`)
  if (victim.oomScoreAdj !== null) facts.push(`oom_score_adj ${victim.oomScoreAdj}`)
  if (victim.score !== null) facts.push(`score ${victim.score}`)
  return [...flow([head], rowWidth(page)), ...flow(facts, rowWidth(page), ', ')]
}

const victimColumns: readonly Column[] = [
  { title: 'pid', align: 'right' },
  { title: 'resident', align: 'right' },
  { title: 'anonymous', align: 'right', optional: true },
  { title: 'adj', align: 'right', optional: true },
  { title: 'name', align: 'left' },
]

function victimRow(incident: Incident): (victim: Victim) => string[] {
  return victim => {
    const elsewhere = victim.containerId !== null && victim.containerId !== incident.container?.id
    const name = victim.comm ?? '?'
    return [
      victim.pid === null ? '?' : String(victim.pid),
      formatBytes(residentBytes(victim)),
      formatBytes(victim.anonRssBytes),
      victim.oomScoreAdj === null ? '?' : String(victim.oomScoreAdj),
      elsewhere ? `${name} (container ${shortId(victim.containerId ?? '')})` : name,
    ]
  }
}

/** Who asked for memory when there was none. Where it did not die itself, said not to be the culprit: everybody reads it so. */
export function triggerLines(incident: Incident, page: Page): string[] {
  const triggers = incident.kernelReports.map(report => report.trigger).filter(trigger => trigger !== null)
  const died = new Set(incident.victims.map(victim => victim.pid))
  // where the kernel killed nobody, the one who asked may well be the one who has it all
  const isSpared =
    died.size === 0 && incident.kernelReports.some(({ outcome }) => outcome !== null && outcome !== 'killed')
  const tally = new Map<string, { times: number; isInnocent: boolean }>()
  for (const trigger of triggers) {
    const words = triggerWords(trigger)
    const isInnocent = !isSpared && (trigger.pid === null || !died.has(trigger.pid))
    const known = tally.get(words)
    tally.set(words, { times: (known?.times ?? 0) + 1, isInnocent: isInnocent || known?.isInnocent === true })
  }
  // where a report has lost its first line, the others' triggers must not pass for its own
  const all = incident.kernelReports.length
  const timesWords = (times: number) =>
    triggers.length < all ? `, in ${times} of ${all} reports` : times === 1 ? '' : `, in ${times} reports`
  const told = [...tally]
    .slice(0, 3)
    .map(
      ([words, { times, isInnocent }]) =>
        `${words}${timesWords(times)}${isInnocent ? ', which does not make it the culprit' : ''}`,
    )
  if (tally.size > told.length) told.push(`and ${plural(tally.size - told.length, 'other')}`)
  return told.flatMap(words => flow(words.split(', '), rowWidth(page), ', '))
}

/** `kubelet (pid 911) asked for memory, GFP_KERNEL, order 0, oom_score_adj -999` */
export function triggerWords({ comm, pid, gfpMask, gfpFlags, order, oomScoreAdj }: Trigger): string {
  const name = comm ?? 'a process'
  const facts = [`${pid === null ? name : `${name} (pid ${pid})`} asked for memory`]
  if (gfpFlags !== null && gfpFlags.length > 0) facts.push(gfpFlags.join('|'))
  else if (gfpMask !== null) facts.push(`gfp_mask ${gfpMask}`)
  if (order !== null) facts.push(`order ${order}`)
  if (oomScoreAdj !== null) facts.push(`oom_score_adj ${oomScoreAdj}`)
  return facts.join(', ')
}

/** The largest of the last process table that the log has; victims marked, and shown however small. */
export function processLines(incident: Incident, page: Page): string[] {
  const processes = incident.kernelReports.findLast(report => report.processes.length > 0)?.processes ?? []
  if (processes.length === 0) return []
  const killed = new Set(incident.victims.map(victim => victim.pid))
  const sorted = [...processes].sort((a, b) => (b.rssBytes ?? 0) - (a.rssBytes ?? 0))
  const shown = sorted
    .filter((process, i) => i < shownProcesses || killed.has(process.pid))
    .slice(0, shownProcesses + killed.size)
  const rest = sorted.filter(process => !shown.includes(process))
  const columns = columnsFor(shown)
  const rows = shown.map(process => columns.map(column => column.cell(process, killed)))
  const lines = table(columns, rows, rowWidth(page, 'page'))
  const more = rest.reduce((sum, { rssBytes }) => sum + (rssBytes ?? 0), 0)
  return rest.length === 0
    ? lines
    : [...lines, `and ${plural(rest.length, 'more', 'more')} with ${formatBytes(more)} resident`]
}

interface ProcessColumn extends Column {
  readonly cell: (process: Process, killed: ReadonlySet<number | null>) => string
}

function columnsFor(processes: readonly Process[]): ProcessColumn[] {
  const swapped = processes.some(({ swapBytes }) => swapBytes !== null && swapBytes > 0)
  const columns: (ProcessColumn | null)[] = [
    { title: 'pid', align: 'right', cell: ({ pid }) => String(pid) },
    { title: 'uid', align: 'right', optional: true, cell: ({ uid }) => String(uid) },
    { title: 'resident', align: 'right', cell: ({ rssBytes }) => formatBytes(rssBytes) },
    { title: 'address space', align: 'right', optional: true, cell: ({ totalVmBytes }) => formatBytes(totalVmBytes) },
    swapped ? { title: 'swapped', align: 'right', cell: ({ swapBytes }) => formatBytes(swapBytes) } : null,
    {
      title: 'adj',
      align: 'right',
      cell: ({ oomScoreAdj }) => (oomScoreAdj === null ? '?' : String(oomScoreAdj)),
    },
    { title: 'name', align: 'left', cell: ({ comm, pid }, killed) => (killed.has(pid) ? `${comm}  (killed)` : comm) },
  ]
  return columns.filter(column => column !== null)
}
