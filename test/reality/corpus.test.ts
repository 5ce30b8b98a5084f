/** Reports as people posted them, held against facts that were read from them by hand. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { Incident, KernelReport, Victim } from '../../src/model/report.ts'
import { reportOfFiles } from '../support/report-of.ts'

const FOLDER = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url))
const isThere = existsSync(FOLDER)
if (!isThere) console.warn('skipped: ../shared/corpus is not here')

interface TruthVictim {
  readonly pid: number
  readonly comm: string | null
  readonly total_vm_kb: number | null
  readonly anon_rss_kb: number | null
  readonly file_rss_kb: number | null
  readonly shmem_rss_kb: number | null
}
interface TruthIncident {
  readonly trigger_comm: string | null
  readonly trigger_pid: number | null
  readonly gfp_mask: string | null
  readonly order: number | null
  readonly oom_score_adj: number | null
  readonly constraint: string
  readonly constraint_from_trace?: string
  readonly victims: readonly TruthVictim[]
  readonly oom_memcg: string | null
  readonly task_memcg: string | null
  readonly container_id: string | null
  readonly pod_uid: string | null
  readonly memory_usage_kb: number | null
  readonly memory_limit_kb: number | null
  readonly process_rows: number
}
interface TruthSample {
  readonly id: string
  readonly incidents: readonly TruthIncident[]
  readonly taskooms: readonly { readonly container_id: string | null; readonly time: string | null }[]
  readonly traps: string
}

/** A report with its incident, or a kill line that has none. */
interface Told {
  readonly incident: Incident
  readonly report: KernelReport | null
  readonly victims: readonly Victim[]
}

/** Facts that the hand-made truth has and that we leave unsaid, each for a reason. */
const UNSAID: Readonly<Record<string, RegExp>> = {
  // the header's front is cut away: without gfp_mask it is no trigger
  // a list of Kubernetes events, not a log: the line that says whose limit is no line of the kernel's
  '099-gke-event-text-kernel-monitor': /^constraint:/,
  // the cpuset line is folded in the mail: which container is not told by one line
  '125-k8s-12905-email-quoted-wrapped-heapster': /^container:/,
  '108-coreos-4.11-header-lost-front': /^(trigger|trigger pid|order|oom_score_adj):/,
}

describe.skipIf(!isThere)('posted reports', () => {
  const samples: TruthSample[] = isThere ? JSON.parse(readFileSync(`${FOLDER}truth.json`, 'utf8')) : []
  for (const sample of samples) {
    test(sample.id, async () => {
      const report = await reportOfFiles([`${FOLDER}${sample.id}.log`])
      const told = report.incidents.flatMap(tellingsOf)
      const wrong: string[] = []
      for (const wanted of sample.incidents) {
        const best = told
          .map(one => ({ one, faults: faultsOf(one, wanted, report.incidents) }))
          .sort((a, b) => a.faults.length - b.faults.length)[0]
        wrong.push(...(best ? best.faults : ['not found']))
      }
      const pids = report.incidents.flatMap(({ victims }) => victims.map(({ pid }) => pid))
      const wantedPids = sample.incidents.flatMap(({ victims }) => victims.map(({ pid }) => pid))
      if (pids.sort().join() !== wantedPids.sort().join()) wrong.push(`victims: ${wantedPids} / ${pids}`)
      const ids = report.incidents.flatMap(({ runtimeEvents }) =>
        runtimeEvents.filter(({ type }) => type === 'TaskOOM'),
      )
      const wantedIds = sample.taskooms.filter(({ container_id }) => container_id !== null)
      if (ids.length !== wantedIds.length) wrong.push(`TaskOOMs: ${wantedIds.length} / ${ids.length}`)
      const unsaid = UNSAID[sample.id]
      expect(
        wrong.filter(fault => !unsaid?.test(fault)),
        sample.traps,
      ).toEqual([])
    })
  }
})

function tellingsOf(incident: Incident): Told[] {
  const told: Told[] = incident.kernelReports.map(report => ({ incident, report, victims: report.victims }))
  for (const victim of incident.victims) {
    if (!told.some(({ victims }) => victims.some(({ pid }) => pid === victim.pid))) {
      told.push({ incident, report: null, victims: [victim] })
    }
  }
  return told
}

function faultsOf({ incident, report, victims }: Told, wanted: TruthIncident, all: readonly Incident[]): string[] {
  const faults: string[] = []
  const same = (name: string, expected: unknown, received: unknown) => {
    if (expected !== received) faults.push(`${name}: ${JSON.stringify(expected)} / ${JSON.stringify(received)}`)
  }
  const trigger = report?.trigger ?? null
  same('trigger', wanted.trigger_comm, trigger?.comm ?? null)
  if (wanted.trigger_comm !== null) {
    same('trigger pid', wanted.trigger_pid, trigger?.pid ?? null)
    const flags = trigger?.gfpFlags ? `(${trigger.gfpFlags.join('|')})` : ''
    const mask = wanted.gfp_mask?.includes('(') ? `${trigger?.gfpMask}${flags}` : (trigger?.gfpMask ?? null)
    same('gfp_mask', wanted.gfp_mask?.replace('()', '') ?? null, mask?.replace('()', '') ?? null)
    same('order', wanted.order, trigger?.order ?? null)
    same('oom_score_adj', wanted.oom_score_adj, trigger?.oomScoreAdj ?? null)
  }
  if (wanted.constraint !== 'unknown') same('constraint', wanted.constraint, report?.constraint ?? incident.constraint)
  same('victims', pidsOf(wanted.victims), pidsOf(wanted.victims.length > 1 ? incident.victims : victims))
  for (const victim of wanted.victims) {
    const found = incident.victims.find(({ pid }) => pid === victim.pid)
    same('comm', victim.comm, found?.comm ?? null)
    same('total-vm', kb(victim.total_vm_kb), found?.totalVmBytes ?? null)
    same('anon-rss', kb(victim.anon_rss_kb), found?.anonRssBytes ?? null)
    same('file-rss', kb(victim.file_rss_kb), found?.fileRssBytes ?? null)
    same('shmem-rss', kb(victim.shmem_rss_kb), found?.shmemRssBytes ?? null)
  }
  if (wanted.oom_memcg !== null) same('oom_memcg', wanted.oom_memcg, report?.oomMemcg ?? null)
  same('task_memcg', wanted.task_memcg, report?.taskMemcg ?? null)
  if (wanted.container_id !== null) same('container', wanted.container_id, incident.container?.id ?? null)
  if (wanted.pod_uid !== null) same('pod uid', wanted.pod_uid, incident.pod?.uid ?? null)
  same('usage', kb(wanted.memory_usage_kb), report?.memory?.usageBytes ?? null)
  same('limit', kb(wanted.memory_limit_kb), report?.memory?.limitBytes ?? null)
  same('rows', wanted.process_rows, report?.processes.length ?? 0)
  if (faults.length > 0 && all.length === 0) faults.push('no incident at all')
  return faults
}

function pidsOf(victims: readonly { readonly pid: number | null }[]): string {
  return victims.map(({ pid }) => pid).join()
}

function kb(value: number | null): number | null {
  return value === null || value >= 2 ** 50 ? null : value * 1024
}
