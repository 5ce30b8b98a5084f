import type { KeptLines } from './sieve.ts'

/** As one, in memory of its own, which can be handed to another thread. */
export const joinKept = (pieces: readonly KeptLines[]): KeptLines => {
  const bytes = Buffer.allocUnsafeSlow(pieces.reduce((sum, piece) => sum + piece.bytes.length, 0))
  const count = pieces.reduce((sum, piece) => sum + piece.lineNumbers.length, 0)
  const lineNumbers = new Float64Array(count)
  const byteOffsets = new Float64Array(count)
  let [at, line] = [0, 0]
  for (const piece of pieces) {
    bytes.set(piece.bytes, at)
    lineNumbers.set(piece.lineNumbers, line)
    byteOffsets.set(piece.byteOffsets, line)
    at += piece.bytes.length
    line += piece.lineNumbers.length
  }
  return { bytes, lineNumbers, byteOffsets }
}

/** What a sieve kept that counted from a place behind so many lines and bytes, as counted from the start. */
export const moveKept = (
  { bytes, lineNumbers, byteOffsets }: KeptLines,
  linesBefore: number,
  bytesBefore: number,
): KeptLines => ({
  bytes,
  lineNumbers: Array.from(lineNumbers, line => line + linesBefore),
  byteOffsets: Array.from(byteOffsets, offset => offset + bytesBefore),
})

/** What came from another thread: there bytes are a plain Uint8Array. */
export const receiveKept = ({ bytes, lineNumbers, byteOffsets }: KeptLines): KeptLines => ({
  bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
  lineNumbers,
  byteOffsets,
})
