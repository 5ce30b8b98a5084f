/** What a saved listing of pods says of this one: how often it restarted, and how it ended last. */
import type { SavedIn, SavedState } from '../model/saved.ts'
import { nameOr } from './commands.ts'
import { type Found, found, proof, proofs } from './finding.ts'
import type { Rule } from './rule.ts'
import { commandOf, statesFor } from './saved-series.ts'
import { many, span } from './words.ts'

/** A pod of which kubectl says OOMKilled, or one that restarted three times. */
const isTelling = ({ restarts, status, lastReason }: SavedState): boolean =>
  (restarts ?? 0) >= 3 || isOomKilled({ status, lastReason })

export const isOomKilled = ({ status, lastReason }: Pick<SavedState, 'status' | 'lastReason'>): boolean =>
  lastReason === 'OOMKilled' || /(?:^|:)OOMKilled$/.test(status ?? '')

/**
 * @param who `this pod`, `pod shop/web-0`
 * @param more the end of the sentence
 */
export const restartsOf = (state: SavedState & SavedIn, who: string, more = ''): Found => {
  const { restarts, ageSeconds, status, lastReason, lastExitCode, source } = state
  const parts = [
    restarts === null
      ? null
      : many(restarts, 'restart') + (ageSeconds === null ? '' : ` at an age of ${span(ageSeconds)}`),
    status === null || status === lastReason ? null : `status ${status}`,
    lastReason === null ? null : `last end ${lastReason}${lastExitCode === null ? '' : ` (exit code ${lastExitCode})`}`,
  ].filter(part => part !== null)
  const show = `kubectl -n ${nameOr(state.namespace, 'NAMESPACE')} describe pod ${nameOr(state.podName, 'POD')}`
  return found({
    title: isOomKilled(state) ? 'OOMKilled in the listing of pods' : 'Restarts in the listing of pods',
    severity: 'warning',
    confidence: 'stated',
    explanation: `By ${commandOf(state)}, ${who} has ${parts.join(', ')}${more}.`,
    evidence: [
      proof('file', source),
      ...proofs([
        [`${source}: pod`, state.podName],
        [`${source}: container`, state.container],
        [`${source}: restarts`, restarts],
        [`${source}: age (seconds)`, ageSeconds],
        [`${source}: status`, status],
        [`${source}: last reason`, lastReason],
        [`${source}: last exit code`, lastExitCode],
      ]),
    ],
    advice: `See how each container ended: ${show}`,
  })
}

export const podRestarts: Rule = {
  code: 'pod-restarts',
  examine: ({ incident, saved }) => {
    const state = statesFor(incident, saved).find(isTelling)
    return state ? restartsOf(state, state.container === null ? 'this pod' : 'this container') : null
  },
}
