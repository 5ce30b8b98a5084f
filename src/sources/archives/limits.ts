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
  /** Passes bytes through and counts them as read from disk. */
  readonly countInput: (source: AsyncIterable<Buffer>) => AsyncGenerator<Buffer>
  /** Passes bytes through and counts them as unpacked; throws a SourceError when it is too much. */
  readonly guard: (source: AsyncIterable<Buffer>) => AsyncGenerator<Buffer>
}

export function createMeter(path: string, limits: BundleLimits): Meter {
  let input = 0
  let output = 0
  return {
    async *countInput(source) {
      for await (const chunk of source) {
        input += chunk.length
        yield chunk
      }
    },
    async *guard(source) {
      for await (const chunk of source) {
        output += chunk.length
        if (output > limits.maxBytes) {
          throw new SourceError(path, `unpacks to more than ${limits.maxBytes} bytes: given up`)
        }
        if (output > limits.ratioFromBytes && output > input * limits.maxRatio) {
          throw new SourceError(path, `unpacks to more than ${limits.maxRatio} times its size: given up`)
        }
        yield chunk
      }
    },
  }
}
