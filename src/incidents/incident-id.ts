import { hash } from 'node:crypto'
import type { VictimDraft } from './report-draft.ts'

/**
 * Name of an incident that stays the same however the log is packed: 12 hex digits of SHA-256.
 *
 * @param whose container id, else cgroup path, else host
 * @param victim the first one; without any, `stamp` is the first event's stamp as printed
 */
export function incidentId(whose: string, victim: VictimDraft | null, stamp: string): string {
  const what = victim ? [victim.pid, victim.comm, victim.totalVmBytes, victim.anonRssBytes] : [stamp]
  return hash('sha256', JSON.stringify([whose, ...what]), 'hex').slice(0, 12)
}
