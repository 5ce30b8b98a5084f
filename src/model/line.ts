/**
 * One line that the sieve kept.
 *
 * The line end (LF or CRLF) is not part of `text`. Bytes that are not UTF-8 stand as `\xNN`, so that a process name that
 * the kernel cut inside a character keeps every byte.
 */
export interface Line {
  readonly text: string
  /** From 1, counted over every line of the source, kept or not. */
  readonly lineNumber: number
  /** Of the line's first byte, in the decompressed stream. */
  readonly byteOffset: number
  /** Index into the report's list of sources. */
  readonly source: number
}
