/** Each restart lives about as long as the last and dies at the same limit: something grows at a steady rate. */
import { chosenVictim, limitedMemory, mainReport, timeMs } from './facts.ts'
import { found, proof } from './finding.ts'
import type { Rule } from './rule.ts'
import { clockAlignment, isOnOneMark, sameLimit, timedKills } from './story.ts'
import { bytes, many, span } from './words.ts'

const atLeastSeconds = 600

export const steadyGrowth: Rule = {
  code: 'steady-growth',
  examine: ({ incident, story, containerStartedMs }) => {
    const killed = timeMs(incident.time)
    const chosen = chosenVictim(incident)
    const limit = limitedMemory(incident)
    if (killed === null || containerStartedMs === null || incident.scope !== 'container' || !incident.container)
      return null
    if (
      !mainReport(incident) ||
      !chosen ||
      chosen.victim.anonRssBytes === null ||
      !limit ||
      limit.memory.limitBytes === null
    )
      return null
    const kills = timedKills(sameLimit(story))
    const ids = new Set(kills.map(kill => kill.containerId))
    // Each of them another container: restarts, not kills of children in one. And none by the clock, which is a job's work.
    const isByTheClock = clockAlignment(story) !== null || isOnOneMark(story)
    if (kills.length < 3 || ids.size !== kills.length || isByTheClock) return null
    const uptime = (killed - containerStartedMs) / 1000
    const lives = kills.slice(1).map((kill, index) => (kill.ms - (kills[index]?.ms ?? 0)) / 1000)
    const all = [...lives, uptime]
    if (Math.min(...all) < atLeastSeconds || Math.max(...all) > 1.5 * Math.min(...all)) return null
    if (chosen.victim.anonRssBytes < 0.5 * limit.memory.limitBytes) return null
    const [shortest, longest] = [span(Math.min(...all)), span(Math.max(...all))]
    const range = shortest === longest ? shortest : `${shortest} to ${longest}`
    const rate = chosen.victim.anonRssBytes / (uptime / 3600)
    return found({
      title: 'Steady growth',
      severity: 'warning',
      confidence: 'likely',
      explanation: `It was killed ${span(uptime)} after its start, and ${many(kills.length - 1, 'earlier container')} lived about as long (${range}): that is steady growth, about ${bytes(rate)} an hour, as of a leak or a cache without a bound.`,
      evidence: [
        proof('time - start of the container (seconds)', uptime),
        proof('count(earlier incidents at the same limit)', kills.length - 1),
        proof('min(seconds of life)', Math.min(...all)),
        proof('max(seconds of life)', Math.max(...all)),
        proof(`${chosen.at}.anonRssBytes`, chosen.victim.anonRssBytes),
        proof('anonRssBytes / hours of life', rate),
      ],
      advice:
        'A higher limit only puts the kill off: take a heap profile shortly before the time at which it usually dies.',
    })
  },
}
