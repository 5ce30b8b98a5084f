/** Packed pieces of a rotated log that threads unpack and sieve before it is their turn. */
import type { Readers, Reading } from './read-thread.ts'
import { NOTHING_BEFORE } from './sieve/rules.ts'
import type { Left, Sieve, SieveOptions } from './sieve/sieve.ts'
import type { Piece } from './sources/source.ts'

export interface ReadAheadOptions {
  readonly readers: () => Promise<Readers>
  readonly sieve: SieveOptions
  /** Threads beside this one. */
  readonly count: number
}

export interface ReadAhead {
  /**
   * The piece's reading, with those of the pieces after it begun. null where a thread cannot read it, or would not pay, or where
   * the line before is too long to be left to it.
   */
  readonly begin: (at: number, sieve: Sieve) => Promise<Reading | null>
  /** Ends what was begun and not taken. */
  readonly stop: () => Promise<void>
}

/** Smaller files are unpacked before a thread would have started. */
const PACKED_FOR_THREAD_BYTES = 4 * 1024 * 1024
/** Readers at a time: each takes some 40 MB. */
const READERS = 4

const NOTHING_LEFT: Left = { rest: new Uint8Array(0), bytes: 0, rules: NOTHING_BEFORE }

/**
 * Who reads ahead knows nothing of the lines before. That makes no difference where our sieve, having come to the piece, is in no
 * section: else the piece is read once more.
 */
export function createReadAhead(pieces: readonly Piece[], { readers, sieve, count }: ReadAheadOptions): ReadAhead {
  const begun = new Map<Piece, Reading>()

  function isForThread(at: number): boolean {
    const [piece, next] = [pieces[at], pieces[at + 1]]
    return piece?.file != null && (piece.sizeBytes ?? 0) >= PACKED_FOR_THREAD_BYTES && next?.file !== null
  }

  async function start(at: number, left: Left): Promise<Reading | null> {
    const [piece, next] = [pieces[at], pieces[at + 1]]
    if (!piece?.file) return null
    return (await readers()).start({
      path: piece.path,
      source: piece.file.absolute,
      next: next?.file ? { path: next.path, absolute: next.file.absolute } : null,
      sieve,
      left,
    })
  }

  async function startAfter(at: number): Promise<void> {
    for (let later = at + 1; later < Math.min(pieces.length, at + count, at + READERS); later++) {
      const piece = pieces[later]!
      if (begun.has(piece) || !isForThread(later) || (await isPlain(piece))) continue
      const reading = await start(later, NOTHING_LEFT)
      if (reading !== null) begun.set(piece, reading)
    }
  }

  async function taken(at: number, ours: Sieve): Promise<Reading | null> {
    const reading = begun.get(pieces[at]!)
    if (reading === undefined) return null
    begun.delete(pieces[at]!)
    const first = await reading.first
    if (first !== null && ours.forgets(first)) return reading
    await reading.stop()
    return null
  }

  return {
    begin: async (at, ours) => {
      if (!isForThread(at)) return null
      let reading = await taken(at, ours)
      if (reading === null) {
        const left = ours.leave()
        reading = left === null ? null : await start(at, left)
      }
      if (reading !== null) await startAfter(at)
      return reading
    },
    stop: async () => {
      for (const reading of begun.values()) await reading.stop()
    },
  }
}

/** A trouble is met when it is the piece's turn. */
async function isPlain(piece: Piece): Promise<boolean> {
  const plain = await piece.openPlain().catch(() => null)
  await plain?.close()
  return plain !== null
}
