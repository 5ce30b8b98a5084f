/**
 * Decodes one raw LZ4 block.
 *
 * @param size of the text, as told beside the block
 * @returns null when the block is damaged or holds something of another size
 * @see lz4 doc/lz4_Block_format.md
 */
export function decodeLz4Block(block: Buffer, size: number): Buffer | null {
  const out = Buffer.alloc(size)
  let at = 0
  let length = 0
  const readLength = (nibble: number): number => {
    let total = nibble
    if (nibble < 15) return total
    for (let byte = 255; byte === 255 && at < block.length; ) {
      byte = block[at++] ?? 0
      total += byte
    }
    return total
  }
  while (at < block.length) {
    const token = block[at++] ?? 0
    const literals = readLength(token >> 4)
    if (at + literals > block.length || length + literals > size) return null
    block.copy(out, length, at, at + literals)
    at += literals
    length += literals
    if (at === block.length) break // the last sequence has literals only
    if (at + 2 > block.length) return null
    const distance = block.readUInt16LE(at)
    at += 2
    const matched = readLength(token & 15) + 4
    if (distance === 0 || distance > length || length + matched > size) return null
    // Byte by byte: a match may overlap what it makes.
    for (let i = 0; i < matched; i++, length++) out[length] = out[length - distance] ?? 0
  }
  return length === size ? out : null
}
