import { namesKernel } from './kernel-tag.ts'
import { SECTION_BYTES, SECTION_BYTES_IN_ALL } from './needle.ts'
import type { Scanner } from './scanner.ts'
import { CLOSED, createSection, type SectionState } from './section.ts'
import type { SieveOptions } from './sieve-options.ts'
import { isTaskRow } from './task-row.ts'

/** How far the start of a log keeps every line. */
export const START_BYTES = 64 * 1024

const [TAB, BLANK] = [9, 32]

/** Which lines are kept. Places are byte offsets in the log, but for `block`, `from` and `to`. */
export interface Rules {
  /** Whether the line at `offset`, beginning with the byte `first`, is kept or must be judged without any needle in it. */
  wantsAny(offset: number, first: number | undefined): boolean
  /** Whether a line at `offset` is kept if it holds `kernel`. */
  wantsKernel(offset: number): boolean
  /**
   * Whether the line `block[from..to)` is kept, to which the scanner has come; it is left behind the line. `end` is where
   * the next line begins.
   */
  judge(
    block: Buffer,
    from: number,
    to: number,
    offset: number,
    end: number,
    scanner: Scanner,
    holdsKernel: boolean,
  ): boolean
  /** Lines were left out. */
  skip(): void
  /** The log goes on in another file: the place `by` is now 0. */
  shift(by: number): void
  /** Whether a line at `offset` beginning with `first` and all after it are judged as if nothing had come before. */
  forgets(offset: number, first: number): boolean
  /** What it knows of the lines before, to go on from elsewhere. */
  save(): RulesState
  /** Goes on from what other rules knew, whose 0 is at `zero` here. */
  load(state: RulesState, zero: number): void
}

export interface RulesState {
  readonly ofKernel: SectionState
  readonly ofEveryLine: SectionState
  readonly lastWasKept: boolean
}

/** In no section, after a line that was not kept. */
export const NOTHING_BEFORE: RulesState = { ofKernel: CLOSED, ofEveryLine: CLOSED, lastWasKept: false }

/**
 * The rules by which a line is kept, each cheap and hardly any knowing a format:
 *
 * 1. It holds a needle.
 * 2. It begins with a blank or a tab, and the line before it was kept (journalctl continues a message that way).
 * 3. A *section of the kernel* covers it and it holds `kernel`. An opener opens one, if its line names the kernel as the
 *    sender.
 * 4. A *section of every line* covers it. An opener whose line does not name the kernel opens one (dmesg), and each of
 *    `everyLineNeedles`.
 *
 * Both kinds are prolonged by what alone makes a report longer than a section: the rows of the process table
 * (task-row.ts). Were they prolonged by every line that they keep, then the chatter of the kernel, or of anybody in a
 * section of every line, would prolong them to {@link SECTION_BYTES_IN_ALL} each time.
 *
 * The start of a log lies in a section of both kinds, as it may be cut within a report; the one of every line reaches
 * only {@link START_BYTES} at a time, so that a healthy log gives a few hundred lines, not a few thousand.
 */
export const createRules = (options: SieveOptions): Rules => {
  const { needles, keepEverything = false, startsInSection = true } = options
  const { sectionBytes = SECTION_BYTES, sectionBytesInAll = SECTION_BYTES_IN_ALL } = options
  const ofKernel = createSection()
  const ofEveryLine = createSection()
  let lastWasKept = false
  if (startsInSection) {
    ofKernel.open(0, sectionBytes, sectionBytesInAll)
    ofEveryLine.open(0, Math.min(START_BYTES, sectionBytes), sectionBytesInAll)
  }

  return {
    wantsAny: (offset, first) =>
      keepEverything || ofEveryLine.covers(offset) || (lastWasKept && (first === BLANK || first === TAB)),
    wantsKernel: offset => ofKernel.covers(offset),
    judge(block, from, to, offset, end, scanner, holdsKernel) {
      const first = block[from]
      let kept = keepEverything || (lastWasKept && (first === BLANK || first === TAB))
      let openerAt = -1
      let everyLineFollows = false
      for (; scanner.at < to; scanner.next()) {
        kept = true
        // The needles of `everyLineNeedles` come after those of `needles`.
        const needle = needles[scanner.needle]
        if (needle === undefined) everyLineFollows = true
        else if (needle.opens && openerAt < 0) openerAt = scanner.at
      }
      const isOfKernel = holdsKernel && ofKernel.covers(offset)
      const isOfEvery = ofEveryLine.covers(offset)
      if (isOfKernel || isOfEvery) {
        kept = true
        if (isTaskRow(block, from, to)) {
          if (isOfKernel) ofKernel.prolong(end)
          if (isOfEvery) ofEveryLine.prolong(end)
        }
      }
      if (openerAt >= 0) {
        if (namesKernel(block, from, openerAt)) ofKernel.open(end, sectionBytes, sectionBytesInAll)
        else everyLineFollows = true
      }
      if (everyLineFollows) ofEveryLine.open(end, sectionBytes, sectionBytesInAll)
      lastWasKept = kept
      return kept
    },
    skip() {
      lastWasKept = false
    },
    shift(by) {
      ofKernel.shift(by)
      ofEveryLine.shift(by)
    },
    forgets: (offset, first) =>
      !ofKernel.covers(offset) && !ofEveryLine.covers(offset) && !(lastWasKept && (first === BLANK || first === TAB)),
    save: () => ({ ofKernel: ofKernel.save(), ofEveryLine: ofEveryLine.save(), lastWasKept }),
    load(state, zero) {
      ofKernel.load(state.ofKernel, zero)
      ofEveryLine.load(state.ofEveryLine, zero)
      lastWasKept = state.lastWasKept
    },
  }
}
