/** A small command of a probe or of kubectl exec paid for the container's main process. */
import { chosenVictim, limitedMemory, mainReport, residentBytes } from './facts.ts'
import { found, proof } from './finding.ts'
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

export const probeKilled: Rule = {
  code: 'probe-killed',
  examine: ({ incident }) => {
    const seen = mainReport(incident)
    const memory = limitedMemory(incident)
    const chosen = chosenVictim(incident)
    const usage = memory?.memory.usageBytes
    const resident = chosen ? residentBytes(chosen.victim) : null
    if (!seen || !memory || !usage || !chosen?.victim.comm || resident === null) return null
    if (!commands.has(chosen.victim.comm) || resident > 0.1 * usage) return null
    return found({
      title: 'A probe or a command in the container was the victim',
      severity: 'warning',
      confidence: 'likely',
      explanation: `The victim ${chosen.victim.comm} held ${bytes(resident)} of the ${bytes(usage)} in use: by its name it is a probe or a command run inside the container, and what fills the limit lives on.`,
      evidence: [
        proof(`${chosen.at}.comm`, chosen.victim.comm),
        proof(`${chosen.at}: anonRssBytes + fileRssBytes + shmemRssBytes`, resident),
        proof(`${memory.at}.usageBytes`, usage),
      ],
      advice: 'Expect failed probes before the next kill; the cause is the main process.',
    })
  },
}
