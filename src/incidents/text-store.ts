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

const SEGMENT_BYTES = 256 * 1024
/** Names and ids of Kubernetes have 253 characters at most, references of images some more. */
const LONGEST = 1024
/** Length in bytes, doubled, and whether they are the bytes of hexadecimal digits. */
const HEAD_BYTES = 2
/** Texts that are looked up before they are added: those of one pod come in neighbouring lines. */
const RECENT = 512

/** Of ids as CRI and docker make them. */
const ID_LENGTH = 64
const ID_BYTES = 32

export function createTextStore(): TextStore {
  const segments: Buffer[] = []
  /** Place 0 is no text. */
  let used = 1
  const prepared = Buffer.alloc(HEAD_BYTES + LONGEST * 3)
  let preparedBytes = 0
  let recent = new Map<string, number>()

  function prepare(text: string): boolean {
    if (text.length > LONGEST) return false
    // a pattern would take as long as all the rest
    const isId =
      text.length === ID_LENGTH && prepared.write(text, HEAD_BYTES, 'hex') === ID_BYTES && text === text.toLowerCase()
    const bytes = isId ? ID_BYTES : prepared.write(text, HEAD_BYTES, 'utf8')
    prepared.writeUInt16LE((bytes << 1) | (isId ? 1 : 0))
    preparedBytes = HEAD_BYTES + bytes
    return true
  }

  function keep(): number {
    if ((used % SEGMENT_BYTES) + preparedBytes > SEGMENT_BYTES) used += SEGMENT_BYTES - (used % SEGMENT_BYTES)
    const place = used
    segments[Math.floor(place / SEGMENT_BYTES)] ??= Buffer.allocUnsafeSlow(SEGMENT_BYTES)
    const segment = segments[Math.floor(place / SEGMENT_BYTES)]!
    const from = place % SEGMENT_BYTES
    for (let at = 0; at < preparedBytes; at++) segment[from + at] = prepared[at]!
    used += preparedBytes
    return place
  }

  function read(place: number): string | null {
    if (place === 0) return null
    const segment = segments[Math.floor(place / SEGMENT_BYTES)]!
    const at = (place % SEGMENT_BYTES) + HEAD_BYTES
    const head = segment.readUInt16LE(place % SEGMENT_BYTES)
    return segment.toString((head & 1) === 1 ? 'hex' : 'utf8', at, at + (head >> 1))
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
      // as it was stored: the text given may be a slice that holds on to a whole chunk of the log
      recent.set(read(place)!, place)
      return place
    },
    beginningWith: beginning => {
      // of ids, which nearly all are, most are told apart by their first byte
      const first = /^[0-9a-f]{2}/.test(beginning) ? Number.parseInt(beginning.slice(0, 2), 16) : -1
      return place => {
        const segment = segments[Math.floor(place / SEGMENT_BYTES)]!
        const isId = (segment[place % SEGMENT_BYTES]! & 1) === 1
        if (isId && first >= 0 && segment[(place % SEGMENT_BYTES) + HEAD_BYTES] !== first) return false
        return read(place)?.startsWith(beginning) ?? false
      }
    },
    hash: seed => {
      let hash = seed
      for (let at = 0; at < preparedBytes; at++) hash = Math.imul(hash ^ prepared[at]!, 0x01000193)
      return hash
    },
    is: place => {
      const segment = segments[Math.floor(place / SEGMENT_BYTES)]!
      const from = place % SEGMENT_BYTES
      for (let at = 0; at < preparedBytes; at++) if (segment[from + at] !== prepared[at]) return false
      return true
    },
  }
}
