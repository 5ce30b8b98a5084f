/**
 * Finds needles in a block of bytes and counts its line feeds, both in one pass. AssemblyScript, compiled by
 * scripts/build-sieve.mjs; called from scan-wasm.ts, which fills the tables below.
 *
 * The idea is that of Hyperscan's and ripgrep's "Teddy": each needle has three neighbouring bytes, its fingerprint, in one of
 * eight buckets. For each of the three there are two tables of 16 entries, by low and by high half of the byte; an entry's
 * bits say which buckets have such a byte. Six look-ups of 16 bytes at once and five ANDs then leave, for each place,
 * the buckets whose fingerprint may end there: nearly always none.
 */

/** Six tables of 16 bytes: first byte by low half, by high half, second byte, third byte. */
export const TABLES: usize = 1024
/** For each of the eight buckets, where its needles begin and end in the list of them: two bytes. */
export const BUCKETS: usize = 1152
/** For each needle, ordered by bucket, four bytes: its number, where in it the fingerprint ends, its length, 0. */
export const NEEDLES: usize = 2048
export const MOST_NEEDLES: i32 = 255
/** The text of each needle, in the same order. */
export const TEXTS: usize = 4096
export const TEXT_BYTES: usize = 64
/** The hits: for each its place, the line feeds before it, its needle, the start of its line. 16 bytes each. */
export const HITS: usize = 32768
export const MOST_HITS: i32 = 8192
/** The bytes to search: a block, and room to read beyond its end. */
export const BLOCK: usize = 196608

/** Line feeds of the last scan. */
export let lineFeeds: i32 = 0

let hits: i32 = 0

/** Sums the sixteen counters. */
// @ts-ignore: decorator
@inline
function sum(counters: v128): i32 {
  const eight = i16x8.extadd_pairwise_i8x16_u(counters)
  const four = i32x4.extadd_pairwise_i16x8_u(eight)
  return i32x4.extract_lane(four, 0) + i32x4.extract_lane(four, 1) + i32x4.extract_lane(four, 2) + i32x4.extract_lane(four, 3)
}

/** Where the line that holds `at` begins. */
function lineStart(at: usize, from: usize): usize {
  while (at > from && load<u8>(at - 1) != 10) at--
  return at
}

/** Compares the needles of the buckets whose fingerprint may end at `place`; notes those that are there. */
function confirm(place: usize, buckets: i32, from: usize, to: usize, feeds: i32, counters: v128, feedBits: i32): void {
  while (buckets != 0) {
    const bucket = BUCKETS + (<usize>ctz(buckets) << 1)
    buckets &= buckets - 1
    const last = <usize>load<u8>(bucket, 1)
    for (let n = <usize>load<u8>(bucket); n < last; n++) {
      const entry = NEEDLES + (n << 2)
      const start = place - <usize>load<u8>(entry, 1)
      const length = <usize>load<u8>(entry, 2)
      const text = TEXTS + n * TEXT_BYTES
      if (load<u8>(start) != load<u8>(text) || start < from || start + length > to) continue
      let i: usize = 1
      while (i < length && load<u8>(start + i) == load<u8>(text + i)) i++
      if (i < length) continue
      if (hits < MOST_HITS) note(start, feeds + sum(counters) + popcnt(feedBits), <i32>load<u8>(entry), from)
      hits++
    }
  }
}

/** Hits go in order of place, then of needle. Pairs stand at different depths in their needles, so that a few arrive late. */
function note(start: usize, feedsBefore: i32, needle: i32, from: usize): void {
  let at = HITS + (<usize>hits << 4)
  // Of the same line as the last hit: no second search, or a line full of needles would cost its length for each.
  const isSameLine = hits > 0 && load<i32>(at - 16, 4) == feedsBefore
  const line = isSameLine ? load<i32>(at - 16, 12) : <i32>lineStart(start, from)
  while (at > HITS) {
    const before = at - 16
    const place = <usize>load<i32>(before)
    if (place < start || (place == start && load<i32>(before, 8) <= needle)) break
    v128.store(at, v128.load(before))
    at = before
  }
  store<i32>(at, <i32>start)
  store<i32>(at, feedsBefore, 4)
  store<i32>(at, needle, 8)
  store<i32>(at, line, 12)
}

/** Counts the line feeds in the bytes `from..to`. */
export function count(from: usize, to: usize): i32 {
  const feed = i8x16.splat(10)
  let feeds: i32 = 0
  while (from + 16 <= to) {
    feeds += popcnt(i8x16.bitmask(i8x16.eq(v128.load(from), feed)))
    from += 16
  }
  const left = <i32>(to - from)
  return feeds + popcnt(i8x16.bitmask(i8x16.eq(v128.load(from), feed)) & ((1 << left) - 1))
}

/** Searches the bytes `from..to` of memory. Gives the number of hits; those beyond MOST_HITS are counted, not noted. */
export function scan(from: usize, to: usize): i32 {
  const lowFirst = v128.load(TABLES)
  const highFirst = v128.load(TABLES, 16)
  const lowSecond = v128.load(TABLES, 32)
  const highSecond = v128.load(TABLES, 48)
  const lowThird = v128.load(TABLES, 64)
  const highThird = v128.load(TABLES, 80)
  const half = i8x16.splat(15)
  const feed = i8x16.splat(10)
  let counters = i8x16.splat(0)
  let turns: i32 = 0
  let feeds: i32 = 0
  // What the 16 bytes before gave for first and second byte: a fingerprint may lie across.
  let carriedFirst = i8x16.splat(0)
  let carriedSecond = i8x16.splat(0)
  hits = 0

  let at = from
  const fullTurns = from + ((to - from) & ~31)
  while (at < fullTurns) {
    const a = v128.load(at)
    const b = v128.load(at, 16)
    const lowA = v128.and(a, half)
    const highA = i8x16.shr_u(a, 4)
    const lowB = v128.and(b, half)
    const highB = i8x16.shr_u(b, 4)
    const firstA = v128.and(i8x16.swizzle(lowFirst, lowA), i8x16.swizzle(highFirst, highA))
    const firstB = v128.and(i8x16.swizzle(lowFirst, lowB), i8x16.swizzle(highFirst, highB))
    const secondA = v128.and(i8x16.swizzle(lowSecond, lowA), i8x16.swizzle(highSecond, highA))
    const secondB = v128.and(i8x16.swizzle(lowSecond, lowB), i8x16.swizzle(highSecond, highB))
    const thirdA = v128.and(i8x16.swizzle(lowThird, lowA), i8x16.swizzle(highThird, highA))
    const thirdB = v128.and(i8x16.swizzle(lowThird, lowB), i8x16.swizzle(highThird, highB))
    const foundA = v128.and(thirdA, v128.and(twoOn(carriedFirst, firstA), oneOn(carriedSecond, secondA)))
    const foundB = v128.and(thirdB, v128.and(twoOn(firstA, firstB), oneOn(secondA, secondB)))
    carriedFirst = firstB
    carriedSecond = secondB
    const feedsA = i8x16.eq(a, feed)
    const feedsB = i8x16.eq(b, feed)
    if (v128.any_true(v128.or(foundA, foundB))) {
      candidates(at, foundA, feedsA, from, to, feeds, counters)
      counters = i8x16.sub(counters, feedsA)
      candidates(at + 16, foundB, feedsB, from, to, feeds, counters)
      counters = i8x16.sub(counters, feedsB)
    } else {
      // Equal is -1, so this adds one for each line feed; a counter holds 255.
      counters = i8x16.sub(i8x16.sub(counters, feedsA), feedsB)
    }
    turns++
    if (turns == 127) {
      feeds += sum(counters)
      counters = i8x16.splat(0)
      turns = 0
    }
    at += 32
  }

  // The rest, 16 at a time; what was read beyond `to` is masked away.
  feeds += sum(counters)
  counters = i8x16.splat(0)
  while (at < to) {
    const a = v128.load(at)
    const low = v128.and(a, half)
    const high = i8x16.shr_u(a, 4)
    const first = v128.and(i8x16.swizzle(lowFirst, low), i8x16.swizzle(highFirst, high))
    const second = v128.and(i8x16.swizzle(lowSecond, low), i8x16.swizzle(highSecond, high))
    const third = v128.and(i8x16.swizzle(lowThird, low), i8x16.swizzle(highThird, high))
    const found = v128.and(third, v128.and(twoOn(carriedFirst, first), oneOn(carriedSecond, second)))
    const feedsHere = i8x16.eq(a, feed)
    if (v128.any_true(found)) candidates(at, found, feedsHere, from, to, feeds, counters)
    const left = <i32>min<usize>(to - at, 16)
    feeds += popcnt(i8x16.bitmask(feedsHere) & ((1 << left) - 1))
    carriedFirst = first
    carriedSecond = second
    at += 16
  }
  lineFeeds = feeds
  return hits
}

/** The look-up's result one byte on, its first from the 16 before. */
// @ts-ignore: decorator
@inline
function oneOn(before: v128, here: v128): v128 {
  return i8x16.shuffle(before, here, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30)
}

// @ts-ignore: decorator
@inline
function twoOn(before: v128, here: v128): v128 {
  return i8x16.shuffle(before, here, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29)
}

/** Looks at each of 16 places where a fingerprint may end. */
function candidates(at: usize, found: v128, feedsHere: v128, from: usize, to: usize, feeds: i32, counters: v128): void {
  let places = i8x16.bitmask(i8x16.ne(found, i8x16.splat(0)))
  if (places == 0) return
  const feedBits = i8x16.bitmask(feedsHere)
  v128.store(0, found)
  while (places != 0) {
    const i = ctz(places)
    places &= places - 1
    confirm(at + <usize>i, <i32>load<u8>(<usize>i), from, to, feeds, counters, feedBits & ((1 << i) - 1))
  }
}
