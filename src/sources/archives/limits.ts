import { SourceError } from '../source.ts'

/** What a bundle may cost. Real ones stay far below each. */
export interface BundleLimits {
  /** Bundles inside bundles, the outermost counted. */
  readonly maxDepth: number
  readonly maxMembers: number
  /** Decompressed bytes in one pass, all layers together. */
  readonly maxBytes: number
  /** Decompressed bytes for one compressed, looked at from {@link BundleLimits.ratioFromBytes} on. */
  readonly maxRatio: number
  readonly ratioFromBytes: number
  /** Compressed bytes of members kept in memory until their turn. */
  readonly maxSpoolBytes: number
}

export const defaultLimits: BundleLimits = {
  maxDepth: 4,
  maxMembers: 1_000_000,
  maxBytes: 256 * 2 ** 30,
  maxRatio: 1000,
  ratioFromBytes: 2 ** 30,
  maxSpoolBytes: 16 * 2 ** 20,
}

export interface Meter {
  /** Passes bytes through and counts them as packed. */
  readonly countInput: (source: AsyncIterable<Buffer>) => AsyncGenerator<Buffer>
  /** Passes bytes through and counts them as unpacked; throws a SourceError when it is too much. */
  readonly guard: (source: AsyncIterable<Buffer>) => AsyncGenerator<Buffer>
  /**
   * For a layer inside this one: its ratio is its own, so that a bomb takes nothing else with it; the total is common.
   *
   * @param packedBytes where they are not to be counted: of a zip's member
   */
  readonly inner: (label: string, packedBytes?: number | null) => Meter
}

/** @param label of the layer, for messages */
export function createMeter(label: string, limits: BundleLimits, packedBytes: number | null = null): Meter {
  return createLayer(label, limits, packedBytes, { bytes: 0 })
}

function createLayer(label: string, limits: BundleLimits, packedBytes: number | null, total: { bytes: number }): Meter {
  let input = packedBytes ?? 0
  let output = 0
  return {
    async *countInput(source) {
      for await (const chunk of source) {
        if (packedBytes === null) input += chunk.length
        yield chunk
      }
    },
    async *guard(source) {
      for await (const chunk of source) {
        output += chunk.length
        total.bytes += chunk.length
        if (total.bytes > limits.maxBytes) {
          throw new SourceError(
            label,
            `unpacks to more than ${limits.maxBytes} bytes: given up (--max-unpacked raises it)`,
          )
        }
        if (output > limits.ratioFromBytes && output > input * limits.maxRatio) {
          throw new SourceError(
            label,
            `unpacks to more than ${limits.maxRatio} times its size: given up (--max-unpacked SIZE allows it)`,
          )
        }
        yield chunk
      }
    },
    inner: (innerLabel, packed = null) => createLayer(innerLabel, limits, packed, total),
  }
}
