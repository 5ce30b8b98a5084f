/**
 * A small reader of raw kernel text for these tests, so that the arithmetic is checked against real reports without the
 * rest of the program: messages in, kernel reports out. It knows the forms of 5.x and 6.x only.
 */
import type { Cgroup, KernelReport, NodeMemory, Process } from '../../src/model/report.ts'
import { cgroup, nodeMemory, process, report, victim } from './cases.ts'

const kib = 1024
const page = 4096
const numbers = (text: string, unit: number): Record<string, number> => {
  const found: Record<string, number> = {}
  for (const [, key, value] of text.matchAll(/([a-z_]+):\s?(\d+)/g)) if (key) found[key] = Number(value) * unit
  return found
}

/** Lines of a file of records (`4,543,147782957,-;text`) or of dmesg (`[    1.5] text`), without what stands before. */
export const messagesOf = (text: string): string[] =>
  text
    .split('\n')
    .flatMap(line => line.replace(/^\d+,\d+,\d+,[^;]*;/, '')) // a name may hold a line break: only blocks of numbers are split
    .flatMap(line => (/^(?:active_)?anon[: ]/.test(line) ? line.split('\\x0a') : [line]))
    .map(line => line.replace(/^\[ *\d+\.\d+\] /, ''))

const readTask = (line: string, columns: readonly string[]): Process | null => {
  const match = /^\[ *(\d+)\] +(.*)$/.exec(line)
  if (!match) return null
  const cells = (match[2] ?? '').split(/ +/)
  const of = (name: string): number | null => {
    const at = columns.indexOf(name)
    return at < 0 ? null : Number(cells[at])
  }
  const pages = (name: string): number | null => {
    const value = of(name)
    return value === null ? null : value * page
  }
  return process({
    pid: Number(match[1]),
    tgid: of('tgid') ?? 0,
    comm: cells.slice(columns.length - 1).join(' '),
    rssBytes: pages('rss'),
    rssAnonBytes: pages('rss_anon'),
    pageTableBytes: of('pgtables_bytes'),
    swapBytes: pages('swapents'),
    oomScoreAdj: of('oom_score_adj'),
  })
}

const readOne = (lines: readonly string[]): KernelReport => {
  const memory: { -readonly [K in keyof Cgroup]: Cgroup[K] } = {
    ...cgroup({}),
    limitBytes: null,
    usageBytes: null,
    stats: {},
  }
  const node: { -readonly [K in keyof NodeMemory]: NodeMemory[K] } = {
    ...nodeMemory({}),
    stats: {},
    nodes: [],
    zones: [],
    hugePages: [],
  }
  let kind: 'none' | 'memcg' | 'node' = 'none'
  let inStats = false
  let columns: string[] = []
  const processes: Process[] = []
  let constraint: KernelReport['constraint'] = null
  const victims: KernelReport['victims'] = []
  for (const line of lines) {
    const usage = /^(memory|memory\+swap|swap|kmem): usage (\d+)kB, limit (\d+)kB/.exec(line)
    const stat = inStats ? /^ ?([a-z_]+) (\d+)$/.exec(line) : null
    const first =
      /^ ?(?:active_anon|active_file|unevictable|slab_reclaimable|mapped|sec_pagetables|kernel_misc_reclaimable|free):\d+ ?[a-z_:0-9 ]*$/.test(
        line,
      )
    const zone = /^Node (\d+) (DMA32|DMA|Normal|Movable) (free:.*)$/.exec(line)
    const buddy = /^Node (\d+) (DMA32|DMA|Normal|Movable): (.*) = \d+kB$/.exec(line)
    const last = node.zones.at(-1)
    if (usage) {
      kind = 'memcg'
      const limit = Number(usage[3]) >= 2 ** 50 ? null : Number(usage[3]) * kib
      const used = Number(usage[2]) * kib
      if (usage[1] === 'memory') Object.assign(memory, { usageBytes: used, limitBytes: limit })
      else if (usage[1] === 'kmem') Object.assign(memory, { kmemUsageBytes: used, kmemLimitBytes: limit })
      else Object.assign(memory, { swapUsageBytes: used, swapLimitBytes: limit })
    } else if (line.startsWith('Memory cgroup stats for')) inStats = true
    else if (stat?.[1]) memory.stats[stat[1]] = Number(stat[2])
    else if (first) Object.assign(node.stats, numbers(line, page))
    else if (line === 'Mem-Info:') kind = 'node'
    else if (/^Node \d+ active_anon:/.test(line))
      node.nodes.push({ node: 0, allUnreclaimable: null, stats: numbers(line, kib) })
    else if (zone) {
      const stats = numbers(zone[3] ?? '', kib)
      node.zones.push({
        node: Number(zone[1]),
        zone: zone[2] ?? '',
        freeBytes: stats['free'] ?? null,
        minBytes: stats['min'] ?? null,
        lowBytes: stats['low'] ?? null,
        highBytes: stats['high'] ?? null,
        lowmemReserveBytes: [],
        stats,
        buddy: [],
      })
    } else if (line.startsWith('lowmem_reserve[]:') && last)
      last.lowmemReserveBytes = line
        .slice(18)
        .split(' ')
        .map(value => Number(value) * page)
    else if (buddy) {
      const owner = node.zones.find(each => each.node === Number(buddy[1]) && each.zone === buddy[2])
      for (const [, count, size, types] of (buddy[3] ?? '').matchAll(/(\d+)\*(\d+)kB(?: \((\w+)\))?/g))
        owner?.buddy.push({ sizeBytes: Number(size) * kib, count: Number(count), types: types ?? null })
    } else if (/^\d+ pages RAM/.test(line)) node.ramBytes = Number.parseInt(line, 10) * page
    else if (/^\d+ pages reserved/.test(line)) node.reservedBytes = Number.parseInt(line, 10) * page
    else if (line.startsWith('Free swap')) node.swapFreeBytes = Number(/\d+/.exec(line)?.[0]) * kib
    else if (line.startsWith('Total swap')) node.swapTotalBytes = Number(/\d+/.exec(line)?.[0]) * kib
    else if (/^\[ +pid +\]/.test(line)) {
      inStats = false
      columns = line
        .slice(line.indexOf(']') + 1)
        .trim()
        .split(/ +/)
    } else if (columns.length > 0 && /^\[ *\d+\]/.test(line)) {
      const row = readTask(line, columns)
      if (row) processes.push(row)
    } else if (line.startsWith('oom-kill:constraint=')) {
      const name = /CONSTRAINT_(\w+)/.exec(line)?.[1]
      constraint = name === 'MEMCG' ? 'memcg' : name === 'CPUSET' ? 'cpuset' : 'none'
      victims.push(victim({ pid: Number(/.*,pid=(\d+),uid=\d+$/.exec(line)?.[1]) }))
    }
  }
  node.freeBytes = node.stats['free'] ?? null
  const header =
    /^(.*) invoked oom-killer: gfp_mask=(0x[0-9a-f]+)\(([^)]*)\), order=(-?\d+), oom_score_adj=(-?\d+)/.exec(
      lines[0] ?? '',
    )
  return report({
    constraint,
    victims,
    processes,
    memory: kind === 'memcg' ? memory : null,
    node: kind === 'node' ? node : null,
    trigger: header
      ? {
          comm: header[1] ?? '',
          pid: null,
          gfpMask: header[2] ?? '',
          gfpFlags: (header[3] ?? '').split('|'),
          order: Number(header[4]),
          oomScoreAdj: Number(header[5]),
        }
      : null,
  })
}

/** Every report of these messages that has its last line. */
export const readReports = (messages: readonly string[]): KernelReport[] => {
  const reports: KernelReport[] = []
  let open: string[] | null = null
  for (const message of messages) {
    if (/ invoked oom-killer: /.test(message)) open = []
    open?.push(message)
    if (open && message.startsWith('oom-kill:')) {
      reports.push(readOne(open))
      open = null
    }
  }
  return reports
}
