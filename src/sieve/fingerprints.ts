import { shareOfByte, shareOfPair } from './byte-pairs.ts'

/** Which three neighbouring bytes of a needle are looked for, and in which of eight buckets. */
export interface Fingerprint {
  /** Where in the needle they begin. */
  readonly offset: number
  readonly bucket: number
}

export const BUCKETS = 8
export const FINGERPRINT_BYTES = 3

/** The share of places at which one of the first bytes, one of the second and one of the third stand together; 0 to 1. */
export type ShareOf = (firsts: readonly number[], seconds: readonly number[], thirds: readonly number[]) => number

/**
 * Chooses for each needle, one after the other, the three bytes and the bucket that add the fewest candidates. What is
 * rare in node logs wins, and what a bucket lets through already: needles that can share a fingerprint do.
 *
 * Those with the least choice come first; further rounds let each choose again, knowing all others.
 *
 * It takes 20 ms and more for fifty needles, so that the build does it for the program's own (scripts/choose-fingerprints.mjs), with
 * more choice and a better idea of what is common than the pairs of bytes give.
 */
export const chooseFingerprints = (
  needles: readonly string[],
  shareOf: ShareOf = shareByPairs,
  { rounds = 2, choice = 4 } = {},
): Fingerprint[] => {
  const share = (halves: Halves) => shareOf(bytesOf(halves, 0), bytesOf(halves, 1), bytesOf(halves, 2))
  const order = needles.map((_, index) => index).sort((a, b) => needles[a]!.length - needles[b]!.length || a - b)
  const offsets = needles.map(needle => rarestOffsets(needle, share).slice(0, choice))
  const chosen: Fingerprint[] = []
  for (let round = 0; round < rounds; round++) {
    for (const index of order) {
      const needle = needles[index]!
      let least = Number.POSITIVE_INFINITY
      const others = Array.from({ length: BUCKETS }, () => EMPTY.slice())
      for (const other of order) {
        const fingerprint = chosen[other]
        if (fingerprint === undefined || other === index) continue
        widen(others[fingerprint.bucket]!, needles[other]!, fingerprint.offset)
      }
      const shares = others.map(share)
      for (const offset of offsets[index]!) {
        for (let bucket = 0; bucket < BUCKETS; bucket++) {
          const more = share(widen(others[bucket]!.slice(), needle, offset)) - shares[bucket]!
          if (more >= least) continue
          least = more
          chosen[index] = { offset, bucket }
        }
      }
    }
  }
  return chosen
}

/**
 * The halves of bytes that a bucket lets through, as bits: low halves of first, second, third byte, then high halves. The
 * tables know halves only, so that `ab` and `cd` in one bucket let through each byte made of halves of `a` and `c` too.
 */
type Halves = Int32Array

const EMPTY: Halves = new Int32Array(2 * FINGERPRINT_BYTES)

const widen = (halves: Halves, needle: string, offset: number): Halves => {
  for (let i = 0; i < FINGERPRINT_BYTES; i++) {
    const byte = needle.charCodeAt(offset + i)
    halves[i] = halves[i]! | (1 << (byte & 15))
    halves[i + FINGERPRINT_BYTES] = halves[i + FINGERPRINT_BYTES]! | (1 << (byte >> 4))
  }
  return halves
}

/**
 * Where in the needle the rarest fingerprints begin. None that is much more common than the rarest, however well it would
 * share a bucket: three bytes of a common word stand together far more often than their pairs say.
 */
const rarestOffsets = (needle: string, share: (halves: Halves) => number): number[] => {
  const offsets = Array.from({ length: needle.length - FINGERPRINT_BYTES + 1 }, (_, offset) => offset)
  const shares = offsets.map(offset => share(widen(EMPTY.slice(), needle, offset)))
  const most = Math.max(Math.min(...shares) * 4, RARE)
  return offsets.filter(offset => shares[offset]! <= most).sort((a, b) => shares[a]! - shares[b]!)
}

const RARE = 2 ** -17

/** By the pairs alone, as if the third byte did not depend on the first. */
export const shareByPairs: ShareOf = (firsts, seconds, thirds) => {
  allPairs ??= Float64Array.from({ length: 128 * 128 }, (_, pair) => shareOfPair(pair >> 7, pair & 127))
  let sum = 0
  for (const second of seconds) {
    let before = 0
    let after = 0
    for (const first of firsts) before += allPairs[first * 128 + second]!
    for (const third of thirds) after += allPairs[second * 128 + third]!
    sum += (before * after) / shareOfByte(second)
  }
  return sum
}

/** {@link shareOfPair} of all ASCII, computed once: it is asked for a million times. */
let allPairs: Float64Array | null = null

const bytesOf = (halves: Halves, place: number): number[] => {
  const bytes: number[] = []
  for (let high = 0; high < 8; high++) {
    if (((halves[place + FINGERPRINT_BYTES]! >> high) & 1) === 0) continue
    for (let low = 0; low < 16; low++) if ((halves[place]! >> low) & 1) bytes.push(high * 16 + low)
  }
  return bytes
}
