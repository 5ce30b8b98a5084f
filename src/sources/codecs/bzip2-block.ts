/**
 * One block of bzip2: Huffman codes → move-to-front and runs → Burrows-Wheeler → text.
 *
 * Every table has its size from the format and every loop takes bits or adds bytes, so no input makes it run on.
 */
export interface Bits {
  /** At most 24. Throws {@link OutOfBits} at the end of the data. */
  readonly read: (count: number) => number
  /** Moves to the next whole byte and gives its index. */
  readonly alignedIndex: () => number
  /** Index of the byte that the next bit lies in. */
  readonly index: () => number
  /** Bits of that byte that were read. */
  readonly bitOffset: () => number
}

/** The data ends inside a block. */
export const OutOfBits = Symbol('out of bits')

export function bitsOf(bytes: Uint8Array, from: number): Bits {
  let index = from
  /** The low `held` bits are still to be read. */
  let word = 0
  let held = 0
  return {
    read(count) {
      while (held < count) {
        if (index >= bytes.length) throw OutOfBits
        word = (word << 8) | (bytes[index++] ?? 0)
        held += 8
      }
      held -= count
      return (word >>> held) & ((1 << count) - 1)
    },
    alignedIndex() {
      held -= held % 8
      return index - held / 8
    },
    index: () => index - Math.ceil(held / 8),
    bitOffset: () => (8 - (held % 8)) % 8,
  }
}

export const read32 = (bits: Bits): number => ((bits.read(16) << 16) | bits.read(16)) >>> 0

export interface Block {
  /** Bytes in the order of the text when followed from `first`: byte in the low 8 bits, next index above. */
  readonly links: Uint32Array
  readonly count: number
  readonly first: number
  readonly checksum: number
}

const GROUP = 50
const MAX_SELECTORS = 18_002
const MAX_CODE_BITS = 20

/** Reads a block after its magic. `links` is reused between blocks and has room for the stream's block size. */
export function readBlock(bits: Bits, links: Uint32Array): Block {
  const checksum = read32(bits)
  if (bits.read(1) === 1) throw new Error('it was made by bzip2 0.9.0, in a form given up since')
  const origin = bits.read(24)
  const bytes = readUsedBytes(bits)
  const symbols = bytes.length + 2
  const tableCount = bits.read(3)
  if (tableCount < 2 || tableCount > 6) throw new Error('number of code tables out of range')
  const selectors = readSelectors(bits, tableCount)
  const tables: CodeTable[] = []
  for (let i = 0; i < tableCount; i++) tables.push(readTable(bits, symbols))

  const byteCounts = new Uint32Array(256)
  const front = Uint8Array.from(bytes)
  let count = 0
  let run = 0
  let weight = 1
  for (let group = 0, left = 0, table: CodeTable | undefined; ; left--) {
    if (left === 0) {
      table = tables[selectors[group++] ?? 7]
      if (table === undefined) throw new Error('the block outlasts its selectors')
      left = GROUP
    }
    const symbol = readSymbol(bits, table as CodeTable)
    if (symbol < 2) {
      if (weight > links.length) throw new Error('a run is longer than the block')
      run += weight << symbol
      weight <<= 1
      continue
    }
    if (run > 0) {
      if (count + run > links.length) throw new Error('the block is longer than it may be')
      const byte = front[0] ?? 0
      byteCounts[byte] = (byteCounts[byte] ?? 0) + run
      links.fill(byte, count, count + run)
      count += run
      run = 0
      weight = 1
    }
    if (symbol === symbols - 1) break
    if (count >= links.length) throw new Error('the block is longer than it may be')
    const place = symbol - 1
    const byte = front[place] ?? 0
    front.copyWithin(1, 0, place)
    front[0] = byte
    byteCounts[byte] = (byteCounts[byte] ?? 0) + 1
    links[count++] = byte
  }
  if (origin >= count) throw new Error('the start lies outside the block')
  let sum = 0
  for (let byte = 0; byte < 256; byte++) {
    const here = byteCounts[byte] ?? 0
    byteCounts[byte] = sum
    sum += here
  }
  for (let i = 0; i < count; i++) {
    const byte = (links[i] ?? 0) & 0xff
    const to = byteCounts[byte] ?? 0
    byteCounts[byte] = to + 1
    links[to] = (links[to] ?? 0) | (i << 8)
  }
  return { links, count, first: (links[origin] ?? 0) >>> 8, checksum }
}

function readUsedBytes(bits: Bits): number[] {
  const used: number[] = []
  const ranges = bits.read(16)
  for (let high = 0; high < 16; high++) {
    if ((ranges & (0x8000 >> high)) === 0) continue
    const lows = bits.read(16)
    for (let low = 0; low < 16; low++) if ((lows & (0x8000 >> low)) !== 0) used.push(high * 16 + low)
  }
  if (used.length === 0) throw new Error('the block uses no byte')
  return used
}

function readSelectors(bits: Bits, tableCount: number): Uint8Array {
  const count = bits.read(15)
  if (count === 0) throw new Error('the block has no selectors')
  const front = Uint8Array.from([0, 1, 2, 3, 4, 5])
  const selectors = new Uint8Array(Math.min(count, MAX_SELECTORS))
  for (let i = 0; i < count; i++) {
    let place = 0
    while (bits.read(1) === 1) if (++place >= tableCount) throw new Error('selector out of range')
    const table = front[place] ?? 0
    front.copyWithin(1, 0, place)
    front[0] = table
    // Some writers pad with more selectors than a block can use; the reference skips them too.
    if (i < MAX_SELECTORS) selectors[i] = table
  }
  return selectors
}

/** A canonical code: for each length the last code and what to take off to index `symbols`. */
interface CodeTable {
  readonly shortest: number
  readonly longest: number
  readonly last: Int32Array
  readonly offset: Int32Array
  readonly symbols: Uint16Array
}

function readTable(bits: Bits, symbolCount: number): CodeTable {
  const lengths = new Uint8Array(symbolCount)
  let length = bits.read(5)
  for (let symbol = 0; symbol < symbolCount; symbol++) {
    for (;;) {
      if (length < 1 || length > MAX_CODE_BITS) throw new Error('code length out of range')
      if (bits.read(1) === 0) break
      length += bits.read(1) === 0 ? 1 : -1
    }
    lengths[symbol] = length
  }
  const shortest = Math.min(...lengths)
  const longest = Math.max(...lengths)
  const last = new Int32Array(MAX_CODE_BITS + 1).fill(-1)
  const offset = new Int32Array(MAX_CODE_BITS + 1)
  const symbols = new Uint16Array(symbolCount)
  let code = 0
  let index = 0
  for (let bitCount = shortest; bitCount <= longest; bitCount++) {
    offset[bitCount] = code - index
    for (let symbol = 0; symbol < symbolCount; symbol++) {
      if (lengths[symbol] !== bitCount) continue
      symbols[index++] = symbol
      code++
    }
    last[bitCount] = code - 1
    code <<= 1
  }
  return { shortest, longest, last, offset, symbols }
}

function readSymbol(bits: Bits, table: CodeTable): number {
  let length = table.shortest
  let code = bits.read(length)
  while (code > (table.last[length] ?? -1)) {
    if (++length > table.longest) throw new Error('no such code')
    code = (code << 1) | bits.read(1)
  }
  const symbol = table.symbols[code - (table.offset[length] ?? 0)]
  if (symbol === undefined) throw new Error('no such code')
  return symbol
}
