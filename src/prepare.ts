/** What a report is made with, whether its logs end or grow: set up before the first line is read. */
import { envelopeNeedles } from './envelopes/index.ts'
import { type Correlator, createCorrelator } from './incidents/correlate.ts'
import { createIdentities, type Identities } from './incidents/identities.ts'
import type { ListingFact } from './model/listing.ts'
import type { Source, Warning } from './model/report.ts'
import type { FoundListing } from './read-saved.ts'
import { programs } from './recognisers/index.ts'
import { createRecogniser, needlesOf, type Recognise } from './recognisers/recognise.ts'
import type { SieveOptions } from './sieve/sieve.ts'
import type { Piece } from './sources/source.ts'

export interface PrepareOptions {
  readonly windowSeconds: number
  readonly raw: boolean
  readonly onWarning: (warning: Warning) => void
  readonly sieve?: Pick<SieveOptions, 'engine' | 'keepEverything'>
}

export interface Prepared {
  readonly warnings: ReturnType<typeof createWarnings>
  /** They know who is who in the listings. */
  readonly identities: Identities
  readonly correlator: Correlator
  readonly recogniser: Recognise
  readonly sieveOptions: SieveOptions
}

export function prepare(facts: readonly ListingFact[], options: PrepareOptions): Prepared {
  const warnings = createWarnings(options.onWarning)
  const identities = createIdentities()
  for (const fact of facts) identities.learnListed(fact)
  return {
    warnings,
    identities,
    correlator: createCorrelator(identities, {
      windowMs: options.windowSeconds * 1000,
      keepText: options.raw,
      warn: warnings.add,
    }),
    recogniser: createRecogniser(programs),
    sieveOptions: { needles: needlesOf(programs), everyLineNeedles: envelopeNeedles, ...options.sieve },
  }
}

/** Warnings kept in the report; more are counted. */
const WARNINGS = 200

export function sourceOfListing({ path, member, compression }: Piece, { listing, bytes, lines }: FoundListing): Source {
  return {
    path,
    member,
    host: null,
    format: listing.format,
    compression,
    bytes,
    lines,
    firstTime: null,
    lastTime: null,
    yearFrom: null,
    offsetFrom: null,
  }
}

function createWarnings(onWarning: (warning: Warning) => void) {
  const kept: Warning[] = []
  let more = 0
  return {
    add: (warning: Warning): void => {
      if (kept.length < WARNINGS) kept.push(warning)
      else more++
      // a fault of ours is told in any case, as it makes the run a failed one
      if (more === 0 || warning.code === 'internal') onWarning(warning)
    },
    all: (): Warning[] =>
      more === 0
        ? kept
        : [
            ...kept,
            {
              code: 'more-warnings',
              message: `${more} more warnings were left out`,
              source: null,
              member: null,
              line: null,
            },
          ],
  }
}
