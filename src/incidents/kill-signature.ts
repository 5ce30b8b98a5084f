/** How one kill is known again in another log. */
import type { ReportDraft, VictimDraft } from './report-draft.ts'

/**
 * What tells one kill from every other: the victim's pid, name and sizes; and, for a log that has lost the kill, the trigger
 * and the uptime, or how often the limit had been hit.
 */
export function signaturesOf(draft: ReportDraft): string[] {
  const victims = draft.victims.map(signatureOf).filter(signature => signature !== null)
  if (draft.triggerPid === null) return victims
  const trigger = `${draft.triggerPid} ${draft.header?.comm}`
  const { memory } = draft.usage
  return [
    ...victims,
    ...(draft.uptimeSeconds === null ? [] : [`${draft.uptimeSeconds} ${trigger}`]),
    // newer kernels count no failures on cgroup v2, so that 0 tells no kill from another
    ...(memory?.failcnt ? [`${trigger} usage ${memory.usageBytes} ${memory.failcnt}`] : []),
  ]
}

/** Null where the kill line does not tell the sizes: a pid and a name may come again. */
export function signatureOf(victim: VictimDraft): string | null {
  if (victim.anonRssBytes === null) return null
  return `${victim.pid} ${victim.comm} ${victim.totalVmBytes} ${victim.anonRssBytes}`
}

/** Not told apart by the kernel's own clock, as far as both have it. */
export function sameUptime(a: ReportDraft, b: ReportDraft): boolean {
  return a.uptimeSeconds === null || b.uptimeSeconds === null || Math.abs(a.uptimeSeconds - b.uptimeSeconds) <= 1
}
