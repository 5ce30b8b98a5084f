/** An incident, made small: what rules compare later ones with. */
import type { Incident } from '../model/report.ts'
import type { Figures, Member, Told } from '../model/told.ts'
import { deploymentOf } from './commands.ts'
import { chosenVictim, limitedMemory, mainReport, timeMs } from './facts.ts'
import { growingKeys } from './growing-share.ts'

export const toldOf = (incident: Incident, member: Member): Told => ({
  // written out: objects that were spread have each a hidden class of its own, which is bigger than they are
  time: member.time,
  timeMs: member.timeMs,
  host: member.host,
  podName: member.podName,
  namespace: member.namespace,
  podUid: member.podUid,
  containerId: member.containerId,
  container: member.container,
  limitBytes: member.limitBytes,
  peakRssBytes: member.peakRssBytes,
  id: incident.id,
  kind: incident.kind,
  scope: incident.scope,
  ms: timeMs(incident.time),
  deployment: deploymentOf(incident.pod?.name),
  hasVictims: incident.victims.length > 0,
  figures: {
    memory: incident.kind === 'kernel' && member.limitBytes !== null ? memoryOf(incident) : null,
    victim: incident.kind === 'kernel' && incident.scope === 'node' ? victimOf(incident) : null,
    commands: commandsOf(incident),
  },
})

// Nearly always the same: one string for all.
let lastAt = ''

const memoryOf = (incident: Incident): Figures['memory'] => {
  const seen = limitedMemory(incident)
  if (!seen) return null
  const stats: Record<string, number> = {}
  for (const key of growingKeys) {
    const value = seen.memory.stats[key]
    if (value !== undefined) stats[key] = value
  }
  if (seen.at !== lastAt) lastAt = seen.at
  return { at: lastAt, usageBytes: seen.memory.usageBytes, stats }
}

const victimOf = (incident: Incident): Figures['victim'] => {
  const chosen = chosenVictim(incident)
  return chosen && { comm: chosen.victim.comm, anonRssBytes: chosen.victim.anonRssBytes }
}

/** The node's table is another story, and a long one. */
const commandsOf = (incident: Incident): Figures['commands'] => {
  const report = mainReport(incident)?.report
  if (!report || report.constraint !== 'memcg' || report.processes.length === 0) return null
  const counts = new Map<string, number>()
  for (const { comm } of report.processes) counts.set(comm, (counts.get(comm) ?? 0) + 1)
  return counts
}
