import { byteReader } from './byte-reader.ts'
import type { Piece } from './source.ts'

const STEP_BYTES = 64 * 1024

/**
 * Whether two pieces hold the same text: `equal`, the first is the beginning of the second (`begins`, also when the first
 * cannot be read further), or `different`.
 */
export async function compareTexts(a: Piece, b: Piece): Promise<'equal' | 'begins' | 'different'> {
  const [first, second] = [byteReader(a.read()), byteReader(b.read())]
  try {
    for (let total = 0; ; ) {
      const left = await first.take(STEP_BYTES)
      const right = await second.take(left.length === 0 ? 1 : left.length)
      if (left.length === 0) {
        if (right.length === 0) return 'equal'
        // Not a byte of it: then it may just be forbidden, which has to be told.
        if (total === 0) first.assertSound()
        return 'begins'
      }
      if (!left.equals(right)) return 'different'
      total += left.length
    }
  } catch {
    return 'different'
  } finally {
    await first.close()
    await second.close()
  }
}
