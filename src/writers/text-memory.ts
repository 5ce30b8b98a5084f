/** The rows of the text report about memory: whose limit, how much was in use, and what it was used for. */
import type { Incident } from '../model/report.ts'
import { cgroupParts, nodeParts, nodeTotals, partWords } from './breakdown.ts'
import { formatBytes, formatCount, formatLimit } from './format.ts'
import { flow, type Page, pathLine, rowWidth } from './layout.ts'
import { limitWords } from './words.ts'

/** Whose limit and how much, what was in use, and on its own line the path. */
export function limitLines(incident: Incident, page: Page): string[] {
  const { cgroup } = incident
  const facts = [limitWords(incident)]
  if (cgroup !== null) facts.push(...usageFacts(cgroup))
  const path = cgroup?.limitPath ?? null
  return [...flow(facts, rowWidth(page), ', '), ...(path === null ? [] : [pathLine(path, rowWidth(page, 'page'))])]
}

/** How full it was, and what else was limited. */
export function usageFacts(cgroup: NonNullable<Incident['cgroup']>): string[] {
  const facts: string[] = []
  const { usageBytes, limitBytes, failcnt } = cgroup
  if (usageBytes !== null) facts.push(usageWords(usageBytes, limitBytes))
  if (failcnt !== null && failcnt > 0) facts.push(`hit ${formatCount(failcnt)} times so far`)
  // v1 limits memory and swap together, and is the one that tells of kernel memory.
  const swap = cgroup.kmemUsageBytes === null ? 'swap' : 'memory and swap'
  if (cgroup.swapLimitBytes === 0) facts.push('no swap allowed')
  else if (cgroup.swapLimitBytes !== null)
    facts.push(`${swap} ${formatBytes(cgroup.swapUsageBytes)} of ${formatLimit(cgroup.swapLimitBytes)}`)
  if (cgroup.kmemLimitBytes !== null)
    facts.push(`kernel memory ${formatBytes(cgroup.kmemUsageBytes)} of ${formatLimit(cgroup.kmemLimitBytes)}`)
  return facts
}

function usageWords(usage: number, limit: number | null): string {
  if (usage === limit) return 'all of it in use'
  // 102396 of 102400 KiB would read `100.0 MiB of 100 MiB`.
  if (limit !== null && usage < limit && limit - usage < limit / 100)
    return `all but ${formatBytes(limit - usage)} of it in use`
  return `${formatLimit(usage)} in use`
}

/** Use of the node, or of the cgroup whose limit was hit. Nothing where the log has no figures. */
export function memoryLines(incident: Incident, page: Page): string[] {
  const node = incident.kernelReports.find(report => report.node !== null)?.node ?? null
  const lines: string[] = []
  if (node !== null) {
    const usable = node.ramBytes === null ? null : node.ramBytes - (node.reservedBytes ?? 0)
    lines.push(...flow(nodeTotals(node), rowWidth(page), ', '))
    lines.push(
      ...flow(
        nodeParts(node).map(part => partWords(part, usable)),
        rowWidth(page),
        ', ',
      ),
    )
    const slab = [...node.slab].sort((a, b) => b.totalBytes - a.totalBytes).slice(0, 3)
    const caches = slab.map(({ name, totalBytes }) => `${name} ${formatBytes(totalBytes)}`)
    if (caches.length > 0)
      lines.push(...flow([`largest slab caches: ${caches[0]}`, ...caches.slice(1)], rowWidth(page), ', '))
  }
  if (incident.cgroup !== null && incident.scope !== 'node') {
    const { cgroup } = incident
    lines.push(
      ...flow(
        cgroupParts(cgroup).map(part => partWords(part, cgroup.usageBytes)),
        rowWidth(page),
        ', ',
      ),
    )
  }
  return lines
}
