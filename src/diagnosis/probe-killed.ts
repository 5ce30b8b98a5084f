/** A small command of a probe or of kubectl exec paid for the container's main process. */
import type { Incident } from '../model/report.ts'
import { chosenVictim, kernelKilled, limitedMemory, mainReport, residentBytes } from './facts.ts'
import { type Found, found, proof } from './finding.ts'
import { runtimeHelper } from './limit-below-startup.ts'
import type { Rule } from './rule.ts'
import { bytes } from './words.ts'

const commands = new Set([
  'curl',
  'wget',
  'nc',
  'grpc_health_pro',
  'pg_isready',
  'redis-cli',
  'mysqladmin',
  'rabbitmqctl',
  'nodetool',
])

/** The runtime tells an exec that ended with 137, and no such end of the container: the kernel's victim was that exec. */
const killedExec = (incident: Incident): Found | null => {
  const id = incident.container?.id
  if (!id || !kernelKilled(incident) || incident.scope === 'node') return null
  const of = (type: string): number =>
    incident.runtimeEvents.findIndex(event => event.type === type && event.containerId === id && event.exitCode === 137)
  const index = of('ExecExit')
  if (index < 0 || of('TaskExit') >= 0) return null
  return found({
    title: 'A probe or a command in the container was the victim',
    severity: 'warning',
    confidence: 'likely',
    explanation:
      'A command that was run inside the container (a probe, kubectl exec) ended with exit code 137, and the container did not: what fills the limit lives on.',
    evidence: [proof(`runtimeEvents[${index}].type`, 'ExecExit'), proof(`runtimeEvents[${index}].exitCode`, 137)],
    advice: 'Expect failed probes before the next kill; the cause is the main process.',
  })
}

export const probeKilled: Rule = {
  code: 'probe-killed',
  examine: ({ incident }) => {
    const exec = killedExec(incident)
    if (exec) return exec
    const seen = mainReport(incident)
    const memory = limitedMemory(incident)
    const chosen = chosenVictim(incident)
    const usage = memory?.memory.usageBytes
    const resident = chosen ? residentBytes(chosen.victim) : null
    if (!seen || !memory || !usage || !chosen?.victim.comm || resident === null) return null
    // The runtime's helper is on its way to run a command when a program of the container stands beside it.
    const isHelper =
      runtimeHelper.test(chosen.victim.comm) &&
      seen.report.processes.some(row => (row.rssBytes ?? 0) >= 0.5 * usage && !runtimeHelper.test(row.comm))
    if (!(commands.has(chosen.victim.comm) || isHelper) || resident > 0.1 * usage) return null
    return found({
      title: 'A probe or a command in the container was the victim',
      severity: 'warning',
      confidence: 'likely',
      explanation: `The victim ${chosen.victim.comm} held ${bytes(resident)} of the ${bytes(usage)} in use: by its name it is ${isHelper ? 'the runtime on its way to run a probe or a command' : 'a probe or a command run'} inside the container, and what fills the limit lives on.`,
      evidence: [
        proof(`${chosen.at}.comm`, chosen.victim.comm),
        proof(`${chosen.at}: anonRssBytes + fileRssBytes + shmemRssBytes`, resident),
        proof(`${memory.at}.usageBytes`, usage),
      ],
      advice: 'Expect failed probes before the next kill; the cause is the main process.',
    })
  },
}
