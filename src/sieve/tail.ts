/**
 * The line that is not finished yet: copies of its first bytes, and its whole length. A line of 100 MB costs the length
 * that is kept, and each byte is copied once.
 */
export interface Tail {
  /** Adds bytes to it; a copy, as the block will be overwritten. */
  add(part: Buffer): void
  /** Length so far, stored or not. */
  readonly bytes: number
  /** Gives what was stored of it, and is empty again. */
  take(): Buffer
}

export const createTail = (mostBytes: number): Tail => {
  let pieces: Buffer[] = []
  let stored = 0
  let bytes = 0
  return {
    add(part) {
      bytes += part.length
      if (stored >= mostBytes || part.length === 0) return
      const piece = Buffer.from(part.subarray(0, mostBytes - stored))
      pieces.push(piece)
      stored += piece.length
    },
    get bytes() {
      return bytes
    },
    take() {
      const line = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces, stored)
      pieces = []
      stored = 0
      bytes = 0
      return line
    },
  }
}
