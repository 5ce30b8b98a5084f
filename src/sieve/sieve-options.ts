import type { Needle } from './needle.ts'

export interface SieveOptions {
  readonly needles: readonly Needle[]
  /** After a line with one of these every line is kept for the length of a section (a record of several lines). */
  readonly everyLineNeedles?: readonly string[]
  readonly sectionBytes?: number
  readonly sectionBytesInAll?: number
  readonly lineBytes?: number
  /** Keeps all lines: what the tests compare with. */
  readonly keepEverything?: boolean
  /** False where the bytes are known not to begin within a report. */
  readonly startsInSection?: boolean
  /** `auto` (default) begins in plain JavaScript and changes to WebAssembly once the log proves to be long. */
  readonly engine?: 'js' | 'wasm' | 'auto'
}
