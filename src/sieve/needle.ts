/**
 * A text that stands in every line that somebody wants.
 *
 * Rules for choosing one: ASCII only, at least 3 bytes, a rare pair of bytes in it, as few needles as possible; a needle
 * shared by several recognisers is better than several special ones (`OOM event` serves two programs).
 */
export interface Needle {
  readonly text: string
  /**
   * A line with this needle opens a section: for {@link SECTION_BYTES} after it, and after each row of a process table in
   * the section, lines that hold `kernel` are kept too; or every line, where the opener itself has no `kernel` before the
   * needle (a dmesg file).
   */
  readonly opens: boolean
}

/** How far a section reaches after its opener and after each row of a process table. */
export const SECTION_BYTES = 256 * 1024
/** How far a section reaches in all (a table of 30,000 tasks is 3 MB). */
export const SECTION_BYTES_IN_ALL = 16 * 1024 * 1024
/** Longest line; what is beyond is cut off, with a warning. */
export const LINE_BYTES = 1024 * 1024
