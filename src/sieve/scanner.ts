/**
 * Finds needles in a block of whole lines. There are two: plain JavaScript (scan-js.ts), the reference and the fallback,
 * and WebAssembly SIMD (scan-wasm.ts). Both find the same hits in the same order.
 */
export interface Scanner {
  /** Starts on `block[from..to)`; the first hit is then in `at` and `needle`. */
  begin(block: Buffer, from: number, to: number): void
  /** Where the hit begins; `to` when there is none left. */
  readonly at: number
  /** Which needle it is. */
  readonly needle: number
  /** Where the line of the hit begins: after a line feed, or at `from`. */
  lineStart(): number
  /** Goes to the next hit: every occurrence of every needle, in order of place, overlapping ones too. */
  next(): void
  /** Line feeds in the block before `upTo`, where `known` stand before `since`. Looks at nothing before `since`. */
  lineFeedsBefore(upTo: number, since: number, known: number): number
}
