/**
 * A stretch of the log after an opener (or after its start) in which lines without a needle of their own may matter.
 *
 * All places are byte offsets of a line's start. A section ends by distance only: no closing line ends it, no count, no
 * host name; so interleaved reports cannot hurt each other.
 */
export interface Section {
  /** Opens it anew: it reaches `reach` bytes from `at`, and `inAll` with all that prolongs it. */
  open(at: number, reach: number, inAll: number): void
  /** A line that belongs to it ended at `at`: it reaches as far again from there. */
  prolong(at: number): void
  covers(at: number): boolean
  /** The log goes on in another file: the place `by` is now 0. */
  shift(by: number): void
  /** Its places, to go on from elsewhere. */
  save(): SectionState
  /** Goes on from another section's places, where its 0 is at `zero` here. */
  load(state: SectionState, zero: number): void
}

export interface SectionState {
  readonly until: number
  readonly limit: number
  readonly reach: number
}

export const CLOSED: SectionState = { until: Number.NEGATIVE_INFINITY, limit: Number.NEGATIVE_INFINITY, reach: 0 }

export const createSection = (): Section => {
  let { until, limit, reach } = CLOSED
  return {
    open(at, bytes, inAll) {
      reach = bytes
      until = at + bytes
      limit = at + inAll
    },
    prolong(at) {
      until = at + reach
    },
    covers: at => at < until && at < limit,
    shift(by) {
      until -= by
      limit -= by
    },
    save: () => ({ until, limit, reach }),
    load(state, zero) {
      until = state.until + zero
      limit = state.limit + zero
      reach = state.reach
    },
  }
}
