import { detached } from './seen.ts'

/**
 * Texts in a few big buffers. A name and an id of each of thousands of containers take a quarter of what they take as
 * strings in a map, and the collector does not walk them.
 */
export interface TextStore {
  /** Where the text is kept; 0 for null and for one too long. A text that was added lately is kept once. */
  readonly add: (text: string | null) => number
  readonly read: (place: number) => string | null
  /** Tells of places whether the text there begins so. */
  readonly beginningWith: (beginning: string) => (place: number) => boolean
  /** Makes a text ready for {@link TextStore.hash}, {@link TextStore.is} and {@link TextStore.keep}; false if it is too long. */
  readonly prepare: (text: string) => boolean
  /** Of the prepared text; 32 bits. */
  readonly hash: (seed: number) => number
  /** Whether the prepared text stands at a place. */
  readonly is: (place: number) => boolean
  /** Keeps the prepared text, and says where. */
  readonly keep: () => number
}

/** Texts are handled by the word of four bytes: places count words. */
const WORD_BYTES = 4
const SEGMENT_WORDS = 16 * 1024
/** Names and ids of Kubernetes have 253 characters at most, references of images some more. */
const LONGEST = 1024
/** Length in bytes, doubled, and whether they are the bytes of hexadecimal digits. */
const HEAD_BYTES = 2
/** Texts that are looked up before they are added: those of one pod come in neighbouring lines. */
const RECENT = 512

/** Of ids as CRI and docker make them. */
const ID_LENGTH = 64
const ID_BYTES = 32

interface Segment {
  readonly words: Int32Array
  readonly bytes: Buffer
}

export function createTextStore(): TextStore {
  const segments: Segment[] = []
  /** Place 0 is no text. */
  let used = 1
  const prepared = createSegment(Math.ceil((HEAD_BYTES + LONGEST * 3) / WORD_BYTES))
  let preparedWords = 0
  let recent = new Map<string, number>()

  function prepare(text: string): boolean {
    if (text.length > LONGEST) return false
    const { bytes } = prepared
    // a pattern would take as long as all the rest
    const isId =
      text.length === ID_LENGTH &&
      bytes.write(text, HEAD_BYTES, 'hex') === ID_BYTES &&
      text === text.toLowerCase() &&
      // the decoder sees the low byte only of other characters
      Buffer.byteLength(text) === ID_LENGTH
    const length = isId ? ID_BYTES : bytes.write(text, HEAD_BYTES, 'utf8')
    const head = (length << 1) | (isId ? 1 : 0)
    bytes[0] = head & 0xff
    bytes[1] = head >> 8
    preparedWords = Math.ceil((HEAD_BYTES + length) / WORD_BYTES)
    // nothing of the text before may stand behind this one
    for (let at = HEAD_BYTES + length; at < preparedWords * WORD_BYTES; at++) bytes[at] = 0
    return true
  }

  function keep(): number {
    if ((used % SEGMENT_WORDS) + preparedWords > SEGMENT_WORDS) used += SEGMENT_WORDS - (used % SEGMENT_WORDS)
    const place = used
    segments[Math.floor(place / SEGMENT_WORDS)] ??= createSegment(SEGMENT_WORDS)
    const { words } = segments[Math.floor(place / SEGMENT_WORDS)]!
    const from = place % SEGMENT_WORDS
    for (let at = 0; at < preparedWords; at++) words[from + at] = prepared.words[at]!
    used += preparedWords
    return place
  }

  function read(place: number): string | null {
    if (place === 0) return null
    const { bytes } = segments[Math.floor(place / SEGMENT_WORDS)]!
    const at = (place % SEGMENT_WORDS) * WORD_BYTES
    const head = bytes.readUInt16LE(at)
    return bytes.toString((head & 1) === 1 ? 'hex' : 'utf8', at + HEAD_BYTES, at + HEAD_BYTES + (head >> 1))
  }

  return {
    prepare,
    keep,
    read,
    add: text => {
      if (text === null) return 0
      const known = recent.get(text)
      if (known !== undefined) return known
      if (!prepare(text)) return 0
      const place = keep()
      if (recent.size >= RECENT) recent = new Map()
      recent.set(detached(text), place)
      return place
    },
    beginningWith: beginning => {
      // of ids, which nearly all are, most are told apart by their first byte
      const first = /^[0-9a-f]{2}/.test(beginning) ? Number.parseInt(beginning.slice(0, 2), 16) : -1
      return place => {
        const { bytes } = segments[Math.floor(place / SEGMENT_WORDS)]!
        const at = (place % SEGMENT_WORDS) * WORD_BYTES
        if (first >= 0 && (bytes[at]! & 1) === 1 && bytes[at + HEAD_BYTES] !== first) return false
        return read(place)?.startsWith(beginning) ?? false
      }
    },
    hash: seed => {
      let hash = seed
      for (let at = 0; at < preparedWords; at++) {
        hash = Math.imul(hash ^ prepared.words[at]!, 0x85ebca6b)
        hash ^= hash >>> 15
      }
      return hash
    },
    is: place => {
      const { words } = segments[Math.floor(place / SEGMENT_WORDS)]!
      const from = place % SEGMENT_WORDS
      for (let at = 0; at < preparedWords; at++) if (words[from + at] !== prepared.words[at]) return false
      return true
    },
  }
}

function createSegment(count: number): Segment {
  const words = new Int32Array(count)
  return { words, bytes: Buffer.from(words.buffer) }
}
