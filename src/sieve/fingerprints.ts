import { shareOfByte, shareOfPair } from './byte-pairs.ts'

/** Which three neighbouring bytes of a needle are looked for, and in which of eight buckets. */
export interface Fingerprint {
  /** Where in the needle they begin. */
  readonly offset: number
  readonly bucket: number
}

export const BUCKETS = 8
export const FINGERPRINT_BYTES = 3

/** The halves of bytes that a bucket lets through, for each of the three: 16 bits for low halves, 16 for high ones. */
interface Bucket {
  readonly lows: readonly number[]
  readonly highs: readonly number[]
  readonly share: number
}

/**
 * Chooses for each needle, one after the other, the three bytes and the bucket that add the fewest candidates. What is
 * rare in node logs wins, and what a bucket lets through already: needles that can share a fingerprint do.
 *
 * Those with the least choice come first; a second round lets each choose again, knowing all others.
 */
export const chooseFingerprints = (needles: readonly string[]): Fingerprint[] => {
  const order = needles.map((_, index) => index).sort((a, b) => needles[a]!.length - needles[b]!.length || a - b)
  const offsets = needles.map(rarestOffsets)
  const chosen: Fingerprint[] = []
  const bucketWithout = (bucket: number, without: number): Bucket =>
    chosen.reduce(
      (all, other, index) =>
        index === without || other.bucket !== bucket ? all : widen(all, needles[index]!, other.offset),
      EMPTY,
    )
  for (let round = 0; round < 2; round++) {
    for (const index of order) {
      const needle = needles[index]!
      let least = Number.POSITIVE_INFINITY
      const buckets = Array.from({ length: BUCKETS }, (_, bucket) => measure(bucketWithout(bucket, index)))
      for (const offset of offsets[index]!) {
        for (let bucket = 0; bucket < BUCKETS; bucket++) {
          const before = buckets[bucket]!
          const more = measure(widen(before, needle, offset)).share - before.share
          if (more >= least) continue
          least = more
          chosen[index] = { offset, bucket }
        }
      }
    }
  }
  return chosen
}

const EMPTY: Bucket = { lows: [0, 0, 0], highs: [0, 0, 0], share: 0 }

const widen = (bucket: Bucket, needle: string, offset: number): Bucket => ({
  lows: bucket.lows.map((bits, i) => bits | (1 << (needle.charCodeAt(offset + i) & 15))),
  highs: bucket.highs.map((bits, i) => bits | (1 << (needle.charCodeAt(offset + i) >> 4))),
  share: 0,
})

/** Where in the needle the rarest fingerprints begin. More choice than this gained nothing and took its time. */
const rarestOffsets = (needle: string): number[] => {
  const offsets = Array.from({ length: needle.length - FINGERPRINT_BYTES + 1 }, (_, offset) => offset)
  const shares = offsets.map(offset => measure(widen(EMPTY, needle, offset)).share)
  return offsets.sort((a, b) => shares[a]! - shares[b]!).slice(0, CHOICE)
}

const CHOICE = 6

/**
 * Share of places that the bucket makes candidates of: the sum over all three bytes that it lets through. The tables
 * know halves of bytes only, so that `ab` and `cd` in one bucket let through each byte made of halves of `a` and `c` too.
 */
const measure = (bucket: Bucket): Bucket => {
  const [firsts, seconds, thirds] = [bytesOf(bucket, 0), bytesOf(bucket, 1), bytesOf(bucket, 2)]
  const pairs = allPairs()
  let share = 0
  for (const second of seconds) {
    let before = 0
    let after = 0
    for (const first of firsts) before += pairs[first * 128 + second]!
    for (const third of thirds) after += pairs[second * 128 + third]!
    share += (before * after) / shareOfByte(second)
  }
  return { ...bucket, share }
}

const bytesOf = ({ lows, highs }: Bucket, place: number): number[] => {
  const bytes: number[] = []
  for (let high = 0; high < 8; high++) {
    if (((highs[place]! >> high) & 1) === 0) continue
    for (let low = 0; low < 16; low++) if ((lows[place]! >> low) & 1) bytes.push(high * 16 + low)
  }
  return bytes
}

let shares: Float64Array | null = null

/** `shareOfPair` of all ASCII, computed once: it is asked for a million times. */
const allPairs = (): Float64Array => {
  if (shares !== null) return shares
  shares = new Float64Array(128 * 128)
  for (let i = 0; i < shares.length; i++) shares[i] = shareOfPair(i >> 7, i & 127)
  return shares
}
