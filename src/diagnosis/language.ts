/** The four rules about runtimes that take a limit of their own share one shape. */
import type { Incident } from '../model/report.ts'
import { chosenVictim, limitedMemory, mainReport } from './facts.ts'
import { type Found, found, proof, proofs } from './finding.ts'
import { bytes } from './words.ts'

interface Language {
  readonly name: string
  readonly isIts: (comm: string) => boolean
  /** Names of threads that only this runtime has: as the task that asked for memory they tell what runs in the container. */
  readonly isThread?: (comm: string) => boolean
  /** It usually runs as several processes: one of them may be small. */
  readonly isCrowd?: boolean
  readonly meaning: string
  readonly advice: string
  readonly references: readonly string[]
}

/** A finding when the victim of a container's or pod's limit is of that language, by its name. */
export const languageFinding = (incident: Incident, language: Language): Found | null => {
  const memory = limitedMemory(incident)
  const seen = mainReport(incident)
  const chosen = chosenVictim(incident)
  if (!memory || memory.memory.limitBytes === null || (incident.scope !== 'container' && incident.scope !== 'pod'))
    return null
  const victim = chosen?.victim.comm
  const asker = seen?.report.trigger?.comm
  const isVictim =
    chosen !== null &&
    victim !== null &&
    victim !== undefined &&
    (language.isIts(victim) || (language.isThread?.(victim) ?? false))
  // A thread's name tells of the container only where the limit is the container's own, and is beside the point where the
  // runtime is a process beside the victim, and the victim held the memory.
  const held = chosen?.victim.anonRssBytes ?? null
  const isBeside =
    held !== null &&
    held >= 0.4 * memory.memory.limitBytes &&
    (seen?.report.processes.some(row => language.isIts(row.comm)) ?? false)
  const isAsker =
    !isVictim && !isBeside && incident.scope === 'container' && asker != null && (language.isThread?.(asker) ?? false)
  if (!isVictim && !isAsker) return null
  const anon = isVictim ? chosen.victim.anonRssBytes : null
  // A small part of the limit: then its own settings are not what matters.
  if (anon !== null && anon < 0.4 * memory.memory.limitBytes && !language.isCrowd) return null
  return found({
    title: `${language.name} against the limit`,
    severity: 'warning',
    confidence: 'likely',
    explanation: `By the name ${isVictim ? victim : asker} ${isVictim ? 'the victim is' : 'a thread in the container belongs to'} ${language.name}; ${language.meaning} ${bytes(memory.memory.limitBytes)}${anon === null ? '' : `, and the process had ${bytes(anon)} of private memory`}.`,
    evidence: [
      proof(`${memory.at}.limitBytes`, memory.memory.limitBytes),
      ...(isVictim
        ? proofs([
            [`${chosen.at}.comm`, victim],
            [`${chosen.at}.anonRssBytes`, anon],
          ])
        : proofs([[`${seen?.at}.trigger.comm`, asker]])),
    ],
    advice: language.advice,
    references: language.references,
  })
}
