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
/** For each of the eight buckets, where its fingerprints begin and end in the list of them: two bytes. */
export const BUCKETS: usize = 1152
/** Each fingerprint that is different, by bucket, 8 bytes: its three bytes and a 0, where its needles begin and end. */
export const FINGERPRINTS: usize = 24576
/** For each needle, by fingerprint, four bytes: its number, where in it the fingerprint begins, its length, 0. */
export const NEEDLES: usize = 2048
export const MOST_NEEDLES: i32 = 255
/** The text of each needle, in the same order. */
export const TEXTS: usize = 4096
export const TEXT_BYTES: usize = 64
/** Line feeds before each GROUP of bytes of the block. */
export const FEEDS: usize = 30720
/** The hits: for each its place, the line feeds before it, its needle, the start of its line. 16 bytes each. */
export const HITS: usize = 32768
export const MOST_HITS: i32 = 8192
/** The bytes to search: a block of up to 272 KiB, and room to read beyond its end. */
export const BLOCK: usize = 196608
/** Turns of 32 bytes in which a fingerprint may end: where, and the buckets for each byte. 48 bytes each. */
const CANDIDATES: usize = 524288

/** Turns after which the line feeds in sixteen 8-bit counters, two a turn, are summed up: before one overflows. */
const GROUP_TURNS: i32 = 127
const GROUP: usize = 32 * 127

/** Line feeds of the last scan. */
export let lineFeeds: i32 = 0

let hits: i32 = 0
/** End of the list of candidates. */
let candidates: usize = 0

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

/** Line feeds in the bytes `from..at`. */
function feedsBefore(at: usize, from: usize): i32 {
  const group = (at - from) / GROUP
  return load<i32>(FEEDS + (group << 2)) + count(from + group * GROUP, at)
}

/** Compares the needles whose fingerprint begins at `place`, if it is one of these buckets; notes those that are there. */
function confirm(place: usize, buckets: i32, from: usize, to: usize): void {
  const three = load<u32>(place) & 0xffffff
  while (buckets != 0) {
    const bucket = BUCKETS + (<usize>ctz(buckets) << 1)
    buckets &= buckets - 1
    const last = FINGERPRINTS + (<usize>load<u8>(bucket, 1) << 3)
    for (let entry = FINGERPRINTS + (<usize>load<u8>(bucket) << 3); entry < last; entry += 8) {
      if (load<u32>(entry) != three) continue
      for (let n = <usize>load<u8>(entry, 4); n < <usize>load<u8>(entry, 5); n++) compare(n, place, from, to)
    }
  }
}

function compare(n: usize, place: usize, from: usize, to: usize): void {
  const entry = NEEDLES + (n << 2)
  const start = place - <usize>load<u8>(entry, 1)
  const length = <usize>load<u8>(entry, 2)
  if (start < from || start + length > to) return
  const text = TEXTS + n * TEXT_BYTES
  let i: usize = 0
  while (i < length && load<u8>(start + i) == load<u8>(text + i)) i++
  if (i < length) return
  if (hits < MOST_HITS) note(start, <i32>load<u8>(entry), from)
  hits++
}

/** Hits go in order of place, then of needle. Pairs stand at different depths in their needles, so that a few arrive late. */
function note(start: usize, needle: i32, from: usize): void {
  let at = HITS + (<usize>hits << 4)
  const feeds = feedsBefore(start, from)
  // Of the same line as the last hit: no second search, or a line full of needles would cost its length for each.
  const isSameLine = hits > 0 && load<i32>(at - 16, 4) == feeds
  const line = isSameLine ? load<i32>(at - 16, 12) : <i32>lineStart(start, from)
  while (at > HITS) {
    const before = at - 16
    const place = <usize>load<i32>(before)
    if (place < start || (place == start && load<i32>(before, 8) <= needle)) break
    v128.store(at, v128.load(before))
    at = before
  }
  store<i32>(at, <i32>start)
  store<i32>(at, feeds, 4)
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
  let group: usize = FEEDS
  store<i32>(group, 0)
  candidates = CANDIDATES

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
    // Noted only: a call here would cost the loop its registers, each time.
    if (v128.any_true(v128.or(foundA, foundB))) {
      store<i32>(candidates, <i32>at)
      v128.store(candidates, foundA, 16)
      v128.store(candidates, foundB, 32)
      candidates += 48
    }
    // Equal is -1, so this adds one for each line feed.
    counters = i8x16.sub(i8x16.sub(counters, feedsA), feedsB)
    turns++
    if (turns == GROUP_TURNS) {
      feeds += sum(counters)
      counters = i8x16.splat(0)
      turns = 0
      group += 4
      store<i32>(group, feeds)
    }
    at += 32
  }
  feeds += sum(counters)

  // The rest, 16 at a time; what was read beyond `to` is masked away.
  while (at < to) {
    const a = v128.load(at)
    const low = v128.and(a, half)
    const high = i8x16.shr_u(a, 4)
    const first = v128.and(i8x16.swizzle(lowFirst, low), i8x16.swizzle(highFirst, high))
    const second = v128.and(i8x16.swizzle(lowSecond, low), i8x16.swizzle(highSecond, high))
    const third = v128.and(i8x16.swizzle(lowThird, low), i8x16.swizzle(highThird, high))
    const found = v128.and(third, v128.and(twoOn(carriedFirst, first), oneOn(carriedSecond, second)))
    const feedsHere = i8x16.eq(a, feed)
    store<i32>(candidates, <i32>at)
    v128.store(candidates, found, 16)
    v128.store(candidates, i8x16.splat(0), 32)
    candidates += 48
    const left = <i32>min<usize>(to - at, 16)
    feeds += popcnt(i8x16.bitmask(feedsHere) & ((1 << left) - 1))
    carriedFirst = first
    carriedSecond = second
    at += 16
  }
  lineFeeds = feeds
  hits = 0
  for (let entry = CANDIDATES; entry < candidates; entry += 48) confirmTurn(entry, from, to)
  return hits
}

/** Looks at each of the 32 bytes of a turn at which a fingerprint may end. */
function confirmTurn(entry: usize, from: usize, to: usize): void {
  const at = <usize>load<i32>(entry)
  let places = ~i8x16.bitmask(i8x16.eq(v128.load(entry, 16), i8x16.splat(0))) & 0xffff
  places |= (~i8x16.bitmask(i8x16.eq(v128.load(entry, 32), i8x16.splat(0))) & 0xffff) << 16
  while (places != 0) {
    const i = <usize>ctz(places)
    places &= places - 1
    confirm(at + i - 2, <i32>load<u8>(entry + i, 16), from, to)
  }
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
