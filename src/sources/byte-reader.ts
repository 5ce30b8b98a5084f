/**
 * Reads a stream of chunks by the byte, pulling no more than asked for.
 *
 * A failure of the stream is held back until every byte before it was handed out: `take` and `peek` come back short,
 * and the next `some` or `assertSound` throws.
 */
export interface ByteReader {
  /** Bytes handed out so far. */
  readonly position: () => number
  /** The next `count` bytes; fewer only where the stream ends or fails. */
  readonly take: (count: number) => Promise<Buffer>
  /** As `take`, without moving on. */
  readonly peek: (count: number) => Promise<Buffer>
  /** As `peek`, with no more waiting than for the first byte; empty at the end. */
  readonly atHand: (limit: number) => Promise<Buffer>
  /** Bytes taken from the stream and not handed out. */
  readonly atHandBytes: () => number
  /** What is at hand, at most `limit` bytes and at least one; null at the end. Throws the stream's own failure. */
  readonly some: (limit?: number) => Promise<Buffer | null>
  /** Moves on; gives the number of bytes that were there to be passed over. */
  readonly skip: (count: number) => Promise<number>
  /** Puts bytes back in front. */
  readonly unread: (chunk: Buffer) => void
  /** Everything that is left. Closes the stream when left early. */
  readonly rest: () => AsyncGenerator<Buffer>
  /** Throws the failure of the stream, if it has met one. */
  readonly assertSound: () => void
  /** Lets the stream go. Safe to call twice. */
  readonly close: () => Promise<void>
}

export function byteReader(source: AsyncIterable<Buffer>): ByteReader {
  const chunks = source[Symbol.asyncIterator]()
  /** Bytes pulled and not handed out; no chunk in it is empty. */
  let queue: Buffer[] = []
  let queued = 0
  let handedOut = 0
  let ended = false
  let failure: unknown = null

  async function pull(): Promise<boolean> {
    if (ended) return false
    try {
      const next = await chunks.next()
      if (next.done === true) ended = true
      else if (next.value.length > 0) {
        queue.push(next.value)
        queued += next.value.length
      }
    } catch (error) {
      failure = error
      ended = true
    }
    return !ended
  }

  function assertSound(): void {
    if (failure !== null) throw failure
  }

  function shift(count: number): Buffer {
    const first = queue[0]
    if (first === undefined || count === 0) return Buffer.alloc(0)
    if (first.length > count) {
      queue[0] = first.subarray(count)
      queued -= count
      return first.subarray(0, count)
    }
    queue.shift()
    queued -= first.length
    if (first.length === count) return first
    const parts = [first]
    let missing = count - first.length
    while (missing > 0 && queue.length > 0) {
      const part = shift(Math.min(missing, queue[0]?.length ?? 0))
      parts.push(part)
      missing -= part.length
    }
    return Buffer.concat(parts)
  }

  async function take(count: number): Promise<Buffer> {
    while (queued < count && (await pull())) {}
    const bytes = shift(Math.min(count, queued))
    handedOut += bytes.length
    return bytes
  }

  function unread(chunk: Buffer): void {
    if (chunk.length === 0) return
    queue.unshift(chunk)
    queued += chunk.length
    handedOut -= chunk.length
  }

  async function peek(count: number): Promise<Buffer> {
    const bytes = await take(count)
    unread(bytes)
    return bytes
  }

  async function some(limit = Number.POSITIVE_INFINITY): Promise<Buffer | null> {
    while (queued === 0 && (await pull())) {}
    const first = queue[0]
    if (first === undefined) {
      assertSound()
      return null
    }
    return take(Math.min(limit, first.length))
  }

  async function atHand(limit: number): Promise<Buffer> {
    while (queued === 0 && (await pull())) {}
    return peek(Math.min(limit, queued))
  }

  async function skip(count: number): Promise<number> {
    let passed = 0
    while (passed < count) {
      while (queued === 0 && (await pull())) {}
      if (queued === 0) break
      passed += (await take(Math.min(count - passed, queue[0]?.length ?? 0))).length
    }
    return passed
  }

  async function close(): Promise<void> {
    queue = []
    queued = 0
    ended = true
    await chunks.return?.()
  }

  async function* rest(): AsyncGenerator<Buffer> {
    try {
      for (let chunk = await some(); chunk !== null; chunk = await some()) yield chunk
    } finally {
      await close()
    }
  }

  const atHandBytes = () => queued
  return { position: () => handedOut, take, peek, atHand, atHandBytes, some, skip, unread, rest, assertSound, close }
}
