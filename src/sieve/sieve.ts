import { LINE_BYTES } from './needle.ts'
import { createRules, NOTHING_BEFORE, type RulesState } from './rules.ts'
import { createJsScanner } from './scan-js.ts'
import { createWasmScanner } from './scan-wasm.ts'
import type { Scanner } from './scanner.ts'
import type { SieveOptions } from './sieve-options.ts'
import { createTail } from './tail.ts'

/** Lines that were kept of one chunk, in order. */
export interface KeptLines {
  /** Whole lines as they stood in the log, each ending in a line feed. A copy: holds on to no chunk. */
  readonly bytes: Buffer
  /** From 1. */
  readonly lineNumbers: ArrayLike<number>
  readonly byteOffsets: ArrayLike<number>
}

/** A line longer than the longest that is kept whole. */
export interface CutLine {
  readonly lineNumber: number
  readonly byteOffset: number
}

/**
 * Bytes to candidate lines. It may keep too much, never too little: a kept line may be nothing, a dropped line may never
 * be something. What is kept does not depend on how the bytes are cut into chunks.
 */
export interface Sieve {
  /** The lines kept of those that end in this chunk; null when there are none. The chunk may be reused afterwards. */
  feed(chunk: Uint8Array): KeptLines | null
  /** The last line, when it has no line feed and is kept. */
  end(): KeptLines | null
  /** After `end`: the log goes on in another file. Counts and places begin anew, sections reach over. */
  nextPiece(): void
  /** Begins anew, after a line feed somewhere in a log: as one that was just made, but within no section. */
  restart(): void
  /** Counts and rules after what was fed, for {@link Sieve.skip} of another sieve. */
  state(): SieveState
  /** Whether from here on a sieve that was restarted here would say the same, the next byte being `first`. */
  forgets(first: number): boolean
  /** Takes over the work of a sieve that was restarted here: what it was fed is behind us. */
  skip(state: SieveState): void
  /**
   * Leaves all that follows to another sieve, the unfinished line too, of which it gives the bytes. null, and nothing left,
   * where that line is too long to be at hand.
   */
  leave(): Left | null
  /** Begins anew where another sieve left; what it {@link Left.rest} is to be fed first. Counts begin there. */
  goOn(left: Left): void
  /** Where a reader can put its next bytes, to feed them from there: saves a copy. `feed` overwrites it. */
  room(): Buffer
  /** Counts of this piece so far. */
  readonly lines: number
  readonly bytes: number
  readonly linesKept: number
  /** Lines of which only the first `lineBytes` were looked at, and kept if they were. */
  readonly cutLines: readonly CutLine[]
}

/** What a sieve has left to another. */
export interface Left {
  /** The beginning of the unfinished line. */
  readonly rest: Uint8Array
  /** Bytes before that line. */
  readonly bytes: number
  readonly rules: RulesState
}

/** Where a sieve stands that stands at the start of a line. */
export interface SieveState {
  readonly lines: number
  readonly bytes: number
  readonly linesKept: number
  readonly cutLines: readonly CutLine[]
  readonly rules: RulesState
}

export type { SieveOptions }

/** A block's size: stays in the processor's second-level cache. Larger ones were no faster. */
const BLOCK_BYTES = 256 * 1024
/** Place before the block, for the line that the block before it began. */
const HEAD_BYTES = 16 * 1024
/** From here on WebAssembly pays for its start. */
const LONG_BYTES = 128 * 1024

const KERNEL = Buffer.from('kernel')
const LINE_FEED = 10

/**
 * A sieve for one log. It works on blocks in a room of its own. The rest of a block after its last line feed is copied
 * and put before the next one; if it is long it is judged by itself. Kept lines are moved together in place and leave as
 * one copy. Which lines those are is in rules.ts.
 */
export const createSieve = (options: SieveOptions): Sieve => {
  const { needles, everyLineNeedles = [], lineBytes = LINE_BYTES, engine = 'auto' } = options
  const texts = [...needles.map(needle => needle.text), ...everyLineNeedles]
  const blockBytes = Math.min(BLOCK_BYTES, lineBytes)
  const rules = createRules(options)
  const lineScanner = createJsScanner(texts)
  let scanner: Scanner = lineScanner
  let room: Buffer | null = null
  let mayChange = engine !== 'js'

  let lines = 0
  let bytes = 0
  let linesKept = 0
  let cutLines: CutLine[] = []
  const tail = createTail(lineBytes)
  let pieces: Buffer[] = []
  let lineNumbers: number[] = []
  let byteOffsets: number[] = []

  const changeToWasm = (): void => {
    mayChange = false
    const wasm = createWasmScanner(texts, HEAD_BYTES + BLOCK_BYTES)
    if (wasm === null && engine === 'wasm') throw new Error('no WebAssembly with SIMD here, or unfit needles')
    if (wasm === null) return
    scanner = wasm
    room = wasm.room
  }
  if (engine === 'wasm') changeToWasm()

  const getRoom = (): Buffer => {
    if (mayChange && bytes >= LONG_BYTES) changeToWasm()
    room ??= Buffer.allocUnsafeSlow(HEAD_BYTES + BLOCK_BYTES)
    return room
  }

  const note = (lineNumber: number, byteOffset: number): void => {
    linesKept++
    lineNumbers.push(lineNumber)
    byteOffsets.push(byteOffset)
  }

  /** The line that earlier blocks began and that ends now, with a line feed or with the log. */
  const judgeTail = (lineFeedBytes: 0 | 1): void => {
    const offset = bytes - tail.bytes
    lines++
    if (tail.bytes - lineFeedBytes > lineBytes) cutLines.push({ lineNumber: lines, byteOffset: offset })
    const line = tail.take()
    const holdsKernel = rules.wantsKernel(offset) && line.indexOf(KERNEL) >= 0
    lineScanner.begin(line, 0, line.length)
    if (!rules.judge(line, 0, line.length, offset, bytes, lineScanner, holdsKernel)) return
    pieces.push(line)
    if (line.at(-1) !== LINE_FEED) pieces.push(Buffer.of(LINE_FEED))
    note(lines, offset)
  }

  const addToTail = (part: Buffer): void => {
    bytes += part.length
    tail.add(part)
  }

  /** The whole lines `block[from..to)`. */
  const judgeLines = (block: Buffer, from: number, to: number): void => {
    const base = bytes - from
    const body = block.subarray(0, to)
    let feeds = 0
    let kernelAt = -1
    let written = 0
    let runFrom = from
    let runTo = from
    scanner.begin(block, from, to)
    for (let at = from; at < to; ) {
      if (kernelAt < at && rules.wantsKernel(base + at)) kernelAt = indexOrEnd(body, KERNEL, at)
      let start = at
      if (!rules.wantsAny(base + at, block[at])) {
        start = scanner.at < to ? scanner.lineStart() : to
        if (kernelAt >= at && kernelAt < start) {
          const line = kernelAt === at ? at : Math.max(at, block.lastIndexOf(LINE_FEED, kernelAt - 1) + 1)
          if (rules.wantsKernel(base + line)) start = line
        }
        if (start > at) rules.skip()
        feeds = scanner.lineFeedsBefore(start, at, feeds)
        if (start >= to) break
      }
      const end = block.indexOf(LINE_FEED, start) + 1
      if (kernelAt >= at && kernelAt < start) kernelAt = indexOrEnd(body, KERNEL, start)
      const holdsKernel = kernelAt >= start && kernelAt < end
      if (rules.judge(block, start, end, base + start, base + end, scanner, holdsKernel)) {
        note(lines + feeds + 1, base + start)
        if (runTo !== start) {
          block.copyWithin(written, runFrom, runTo)
          written += runTo - runFrom
          runFrom = start
        }
        runTo = end
      }
      feeds++
      at = end
    }
    block.copyWithin(written, runFrom, runTo)
    written += runTo - runFrom
    if (written > 0) pieces.push(Buffer.copyBytesFrom(block, 0, written))
    lines += feeds
    bytes += to - from
  }

  /** The bytes at `from..to` of the room. */
  const feedBlock = (from: number, to: number): void => {
    let block = room!.subarray(from, to)
    let at = 0
    if (tail.bytes > 0) {
      const end = block.indexOf(LINE_FEED) + 1
      if (end > 0 && tail.bytes <= from && tail.bytes + end <= lineBytes) {
        // The usual case: the line's two parts are put together, and it is a line of the block as any other.
        bytes -= tail.bytes
        block = room!.subarray(from - tail.bytes, to)
        block.set(tail.take())
      } else {
        addToTail(end > 0 ? block.subarray(0, end) : block)
        if (end === 0) return
        judgeTail(1)
        at = end
      }
    }
    const rest = Math.max(at, block.lastIndexOf(LINE_FEED) + 1)
    if (rest > at) judgeLines(block, at, rest)
    addToTail(block.subarray(rest))
  }

  const handOver = (): KeptLines | null => {
    if (lineNumbers.length === 0) return null
    const kept = { bytes: pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces), lineNumbers, byteOffsets }
    pieces = []
    lineNumbers = []
    byteOffsets = []
    return kept
  }

  const restart = (before: RulesState, zero: number): void => {
    rules.load(before, zero)
    tail.take()
    lines = 0
    bytes = 0
    linesKept = 0
    cutLines = []
  }

  return {
    feed(chunk) {
      for (let from = 0; from < chunk.length; from += blockBytes) {
        const part = chunk.subarray(from, from + blockBytes)
        const place = getRoom()
        const at = part.byteOffset - place.byteOffset
        if (part.buffer === place.buffer && at >= HEAD_BYTES) feedBlock(at, at + part.length)
        else {
          place.set(part, HEAD_BYTES)
          feedBlock(HEAD_BYTES, HEAD_BYTES + part.length)
        }
      }
      return handOver()
    },
    end() {
      if (tail.bytes > 0) judgeTail(0)
      return handOver()
    },
    nextPiece() {
      rules.shift(bytes)
      lines = 0
      bytes = 0
      linesKept = 0
      cutLines = []
    },
    restart: () => restart(NOTHING_BEFORE, 0),
    state: () => ({ lines, bytes, linesKept, cutLines, rules: rules.save() }),
    forgets: first => tail.bytes === 0 && rules.forgets(bytes, first),
    leave() {
      if (tail.bytes > lineBytes) return null
      bytes -= tail.bytes
      return { rest: tail.take(), bytes, rules: rules.save() }
    },
    goOn: left => restart(left.rules, -left.bytes),
    skip(state) {
      for (const { lineNumber, byteOffset } of state.cutLines) {
        cutLines.push({ lineNumber: lineNumber + lines, byteOffset: byteOffset + bytes })
      }
      rules.load(state.rules, bytes)
      lines += state.lines
      bytes += state.bytes
      linesKept += state.linesKept
    },
    room: () => getRoom().subarray(HEAD_BYTES),
    get lines() {
      return lines
    },
    get bytes() {
      return bytes
    },
    get linesKept() {
      return linesKept
    },
    get cutLines() {
      return cutLines
    },
  }
}

const indexOrEnd = (block: Buffer, text: Buffer, from: number): number => {
  const at = block.indexOf(text, from)
  return at < 0 ? block.length : at
}
