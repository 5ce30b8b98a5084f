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
}

export const createSection = (): Section => {
  let until = Number.NEGATIVE_INFINITY
  let limit = Number.NEGATIVE_INFINITY
  let reach = 0
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
  }
}
