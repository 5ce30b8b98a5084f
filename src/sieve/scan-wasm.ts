import { BUCKETS, chooseFingerprints, FINGERPRINT_BYTES, type Fingerprint } from './fingerprints.ts'
import { createJsScanner } from './scan-js.ts'
import type { Scanner } from './scanner.ts'
import { FINGERPRINTS, NEEDLES, TEDDY_WASM } from './teddy.generated.ts'

/** What assembly/teddy.ts exports; the places are explained there. */
interface Teddy {
  readonly memory: { readonly buffer: ArrayBuffer }
  readonly TABLES: { readonly value: number }
  readonly TEXTS: { readonly value: number }
  readonly TEXT_BYTES: { readonly value: number }
  readonly BUCKETS: { readonly value: number }
  readonly FINGERPRINTS: { readonly value: number }
  readonly NEEDLES: { readonly value: number }
  readonly MOST_NEEDLES: { readonly value: number }
  readonly HITS: { readonly value: number }
  readonly MOST_HITS: { readonly value: number }
  readonly BLOCK: { readonly value: number }
  readonly lineFeeds: { readonly value: number }
  scan(from: number, to: number): number
  count(from: number, to: number): number
}

/** A {@link Scanner} that searches its own memory only: the block must lie in `room`. */
export interface WasmScanner extends Scanner {
  readonly room: Buffer
}

/** Words of a hit: its place, the line feeds before it, its needle, where its line begins. */
const [WORDS, FEEDS, NEEDLE, LINE] = [4, 1, 2, 3]

/** The scanner in WebAssembly SIMD for blocks of up to `blockBytes`; null where it cannot run here. */
export const createWasmScanner = (needles: readonly string[], blockBytes: number): WasmScanner | null => {
  const teddy = instantiate()
  if (teddy === null || needles.length > teddy.MOST_NEEDLES.value) return null
  if (needles.some(text => text.length < FINGERPRINT_BYTES || text.length > teddy.TEXT_BYTES.value)) return null
  const memory = teddy.memory.buffer
  if (blockBytes > MOST_BLOCK_BYTES) return null
  fillTables(new Uint8Array(memory), teddy, needles)

  const hits = new Int32Array(memory, teddy.HITS.value, teddy.MOST_HITS.value * WORDS)
  // A block with more hits than there is place for is all needles; plain JavaScript does as well there.
  const whenTooMany = createJsScanner(needles)
  let tooMany = false
  let base = 0
  let end = 0
  let word = 0
  let endWord = 0
  let feedsInAll = 0

  const show = (): void => {
    if (tooMany) {
      scanner.at = whenTooMany.at
      scanner.needle = whenTooMany.needle
    } else if (word < endWord) {
      scanner.at = hits[word]! - base
      scanner.needle = hits[word + NEEDLE]!
    } else scanner.at = end
  }

  const scanner = {
    room: Buffer.from(memory, teddy.BLOCK.value, blockBytes),
    at: 0,
    needle: 0,
    begin(block: Buffer, from: number, to: number) {
      base = block.byteOffset
      end = to
      const count = teddy.scan(base + from, base + to)
      feedsInAll = teddy.lineFeeds.value
      word = 0
      endWord = count * WORDS
      tooMany = count > teddy.MOST_HITS.value
      if (tooMany) whenTooMany.begin(block, from, to)
      show()
    },
    lineStart() {
      return tooMany ? whenTooMany.lineStart() : hits[word + LINE]! - base
    },
    next() {
      if (tooMany) whenTooMany.next()
      else if (word < endWord) word += WORDS
      show()
    },
    lineFeedsBefore(upTo: number, since: number, known: number) {
      if (upTo === end) return feedsInAll
      if (!tooMany && word < endWord && hits[word + LINE] === base + upTo) return hits[word + FEEDS]!
      return since === upTo ? known : known + teddy.count(base + since, base + upTo)
    },
  }
  return scanner
}

/** What assembly/teddy.ts has place for. */
const MOST_BLOCK_BYTES = 272 * 1024

const fillTables = (memory: Uint8Array, teddy: Teddy, needles: readonly string[]): void => {
  const chosen = fingerprintsOf(needles).map(({ offset, bucket }, index) => {
    const text = needles[index]!
    return { index, text, offset, bucket, bytes: text.slice(offset, offset + FINGERPRINT_BYTES) }
  })
  let fingerprint = 0
  let place = 0
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    memory[teddy.BUCKETS.value + bucket * 2] = fingerprint
    const ofBucket = chosen.filter(one => one.bucket === bucket)
    for (const bytes of new Set(ofBucket.map(one => one.bytes))) {
      markHalves(memory, teddy.TABLES.value, bytes, bucket)
      const entry = teddy.FINGERPRINTS.value + fingerprint * 8
      memory.set(Buffer.from(bytes, 'latin1'), entry)
      memory[entry + 4] = place
      for (const { index, text, offset } of ofBucket.filter(one => one.bytes === bytes)) {
        memory.set([index, offset, text.length], teddy.NEEDLES.value + place * 4)
        memory.set(Buffer.from(text, 'latin1'), teddy.TEXTS.value + place * teddy.TEXT_BYTES.value)
        place++
      }
      memory[entry + 5] = place
      fingerprint++
    }
    memory[teddy.BUCKETS.value + bucket * 2 + 1] = fingerprint
  }
}

/** Lets the three bytes through to the bucket: a table for low and one for high halves of each. */
const markHalves = (memory: Uint8Array, tables: number, bytes: string, bucket: number): void => {
  for (let i = 0; i < FINGERPRINT_BYTES; i++) {
    const byte = bytes.charCodeAt(i)
    const low = tables + i * 32 + (byte & 15)
    const high = tables + i * 32 + 16 + (byte >> 4)
    memory[low] = memory[low]! | (1 << bucket)
    memory[high] = memory[high]! | (1 << bucket)
  }
}

/** Chosen by the build for the program's own needles. */
const fingerprintsOf = (needles: readonly string[]): Fingerprint[] =>
  needles.join('\n') === NEEDLES
    ? FINGERPRINTS.map(([offset, bucket]) => ({ offset, bucket }))
    : chooseFingerprints(needles)

let compiled: WasmModule | null | undefined

/** Compiled once; each sieve has an instance, as each has its own memory. */
const instantiate = (): Teddy | null => {
  if (compiled === undefined) {
    try {
      compiled = new WebAssembly.Module(Buffer.from(TEDDY_WASM, 'base64'))
    } catch {
      // No WebAssembly, or none with SIMD.
      compiled = null
    }
  }
  return compiled === null ? null : (new WebAssembly.Instance(compiled).exports as unknown as Teddy)
}

/** TypeScript has WebAssembly's types in its DOM library only. */
type WasmModule = object
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => WasmModule
  Instance: new (module: WasmModule) => { readonly exports: unknown }
}
