/** One row a victim (RFC 4180, comma, CRLF), for spreadsheets and quick sums. An incident without a victim has one row too. */
import type { Incident, Victim } from '../model/report.ts'
import { csvField } from './neutral.ts'
import { isPanic } from './words.ts'
import type { Writer } from './writer.ts'

type Cell = string | number | boolean | null

/** A column: its heading, and its cell for a victim of an incident. To add one, append it: readers count from the left. */
const columns: readonly (readonly [string, (incident: Incident, victim: Victim | null) => Cell])[] = [
  ['incident_id', incident => incident.id],
  ['time', incident => incident.time],
  ['host', incident => incident.host],
  ['kind', incident => incident.kind],
  ['scope', incident => incident.scope],
  ['namespace', incident => incident.pod?.namespace ?? null],
  ['pod', incident => incident.pod?.name ?? null],
  ['container', incident => incident.container?.name ?? null],
  ['container_id', (incident, victim) => victim?.containerId ?? incident.container?.id ?? null],
  ['limit_path', incident => incident.cgroup?.limitPath ?? null],
  ['limit_bytes', incident => incident.cgroup?.limitBytes ?? null],
  ['usage_bytes', incident => incident.cgroup?.usageBytes ?? null],
  ['pid', (_, victim) => victim?.pid ?? null],
  ['comm', (_, victim) => victim?.comm ?? null],
  ['uid', (_, victim) => victim?.uid ?? null],
  ['anon_rss_bytes', (_, victim) => victim?.anonRssBytes ?? null],
  ['file_rss_bytes', (_, victim) => victim?.fileRssBytes ?? null],
  ['shmem_rss_bytes', (_, victim) => victim?.shmemRssBytes ?? null],
  ['total_vm_bytes', (_, victim) => victim?.totalVmBytes ?? null],
  ['page_table_bytes', (_, victim) => victim?.pageTableBytes ?? null],
  ['oom_score_adj', (_, victim) => victim?.oomScoreAdj ?? null],
  ['killed_at', (_, victim) => victim?.time ?? null],
  ['panic', incident => isPanic(incident)],
  ['complete', incident => incident.complete],
  ['missing', incident => incident.missing.join(' ')],
]

export const csv: Writer = {
  name: 'csv',
  sorted: true,
  open: () => ({
    begin: () => row(columns.map(([name]) => name)),
    incident: incident => {
      const victims = incident.victims.length === 0 ? [null] : incident.victims
      return victims.map(victim => row(columns.map(([, cell]) => cell(incident, victim)))).join('')
    },
    end: () => '',
  }),
}

function row(cells: readonly Cell[]): string {
  return `${cells.map(csvField).join(',')}\r\n`
}
