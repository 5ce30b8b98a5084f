import { createListener, type Listener } from '../../src/hear-log.ts'
import { type Correlator, createCorrelator } from '../../src/incidents/correlate.ts'
import type { Identities } from '../../src/incidents/identities.ts'
import type { Warning } from '../../src/model/report.ts'
import { programs } from '../../src/recognisers/index.ts'
import { createRecogniser } from '../../src/recognisers/recognise.ts'
import { logOfText } from './report-of.ts'

/** A listener that hears one log of 2022, begun; what it warns of is kept. */
export function listenerOf(
  correlator: Correlator,
  recogniser = createRecogniser(programs),
): { readonly listener: Listener; readonly warnings: Warning[] } {
  const warnings: Warning[] = []
  const listener = createListener(0, {
    year: 2022,
    zone: 'UTC',
    localZone: 'UTC',
    nowMs: 0,
    keepText: false,
    recogniser,
    correlator,
    addSource: () => 0,
    warn: warning => warnings.push(warning),
    reached: () => {},
  })
  listener.begin(logOfText('', 1, 'messages').pieces[0]!)
  return { listener, warnings }
}

/** A correlator that has heard these lines to their end. */
export function heard(texts: readonly string[], identities: Identities): Correlator {
  const correlator = createCorrelator(identities, { windowMs: 5_000, keepText: false, warn: () => {} })
  const { listener } = listenerOf(correlator)
  listener.hear(texts.map((text, at) => ({ text, lineNumber: at + 1, byteOffset: at * 200, source: 0 })))
  listener.end()
  return correlator
}
