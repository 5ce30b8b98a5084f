/**
 * Listings among the logs: what tells who is who, and what people saved while they looked for the cause. Recognised by
 * content, read before any log, and never read as a log, unless it holds lines of one besides.
 */
import { type HostFact, isHostFile, readHostFact } from './listings/host-facts.ts'
import { LISTING_HEAD_CHARS, type Listing, mayBeListing, readListing } from './listings/read-listing.ts'
import type { HostOf } from './model/host-of.ts'
import type { ListingFact } from './model/listing.ts'
import type { Saved, SavedContainer } from './model/saved.ts'
import { labelOf } from './sources/open.ts'
import type { Log, Piece } from './sources/source.ts'
import { untilAborted } from './sources/until-aborted.ts'

export interface FoundListing {
  readonly listing: Listing
  readonly bytes: number
  readonly lines: number
}

export interface FoundListings {
  /** Those that are listings and nothing else. */
  readonly of: ReadonlyMap<Piece, FoundListing>
  /** Who is who. */
  readonly facts: readonly ListingFact[]
  readonly saved: Saved
  /** What the bundle of a log says of its host. */
  readonly hostOf: (piece: Piece) => HostOf
}

/** What is longer is a log. */
const LISTING_BYTES = 16 * 1024 * 1024
/** Facts kept of all listings. */
const SAVED = 200_000
/** Sentences that are the log's and no listing's: a listing pasted into a log must not hide it. */
const LOG_SENTENCES =
  /invoked oom-killer|oom-kill:constraint|[Kk]illed process \d|Kill process \d|out of memory: |TaskOOM|tasks\/oom|OOM killer|oom_reaper|systemd-oomd\[|earlyoom\[|eviction manager/

/**
 * Those of the pieces that are listings. Nothing of a piece is kept open, and trouble is left to whoever reads the log. When
 * aborted, what was found so far.
 */
export async function findListings(
  logs: readonly Log[],
  metadata: readonly Piece[],
  signal: AbortSignal,
): Promise<FoundListings> {
  const of = new Map<Piece, FoundListing>()
  const gathered = gather()
  const seen = new Set<string>()
  const hosts = gatherHosts()
  for (const piece of [...logs.flatMap(({ pieces }) => pieces.filter(isSmallFile)), ...metadata]) {
    if (signal.aborted) break
    if (isHostFile(piece.member ?? piece.path)) {
      await hosts.read(piece)
      continue
    }
    const text = await textOfListing(piece, signal)
    const listing = text === null ? null : await readListing(text, piece.member ?? piece.path)
    if (text === null || listing === null) continue
    // A copy of a series would look like a longer one.
    const { createHash } = await import('node:crypto') // takes 2 ms to load
    const digest = createHash('sha256').update(text).digest('hex')
    if (!seen.has(digest) || listing.saved.length === 0) gathered.add(listing, labelOf(piece))
    seen.add(digest)
    if (isLogToo(text)) continue
    of.set(piece, {
      listing,
      bytes: Buffer.byteLength(text),
      lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
    })
  }
  return { of, facts: gathered.facts, saved: gathered.saved, hostOf: hosts.of }
}

/** Whether anything was saved. */
export function isSaved({ states, readings, containers }: Saved): boolean {
  return states.length + readings.length + containers.length > 0
}

/** Only a file's name taught something: its text was not read. */
export function isName({ listing }: FoundListing): boolean {
  return listing.format === 'container-log-name'
}

/** A member of a bundle is read once and in its turn; a bundle's listings come as metadata. */
const isSmallFile = ({ isReplayable, member, sizeBytes }: Piece): boolean =>
  isReplayable && member === null && sizeBytes !== null && sizeBytes <= LISTING_BYTES

const isLogToo = (text: string): boolean => LOG_SENTENCES.test(text)

/** The text of a piece that may be a listing; null for what is none, is too long, or cannot be read to its end. */
async function textOfListing(piece: Piece, signal: AbortSignal): Promise<string | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  let looked = false
  const look = () => mayBeListing(Buffer.concat(chunks).toString('utf8'), piece.member ?? piece.path)
  try {
    for await (const chunk of untilAborted(bytesOf(piece), signal)) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > LISTING_BYTES) return null
      if (!looked && bytes > LISTING_HEAD_CHARS * 4) {
        looked = true
        if (!look()) return null
      }
    }
  } catch {
    return null
  }
  if (signal.aborted) return null
  return looked || look() ? Buffer.concat(chunks).toString('utf8') : null
}

/** The text of a piece, in buffers of its own. */
async function* bytesOf(piece: Piece): AsyncGenerator<Buffer> {
  const plain = await piece.openPlain()
  if (plain === null) {
    for await (const chunk of piece.read()) yield Buffer.from(chunk)
    return
  }
  try {
    for (;;) {
      const room = Buffer.allocUnsafe(CHUNK_BYTES)
      const length = await plain.fill(room)
      if (length === 0) return
      yield room.subarray(0, length)
    }
  } finally {
    await plain.close()
  }
}

const CHUNK_BYTES = 64 * 1024

function gather() {
  const states: Saved['states'][number][] = []
  const readings: Saved['readings'][number][] = []
  const containers: SavedContainer[] = []
  const all: ListingFact[] = []
  return {
    facts: all,
    saved: { states, readings, containers },
    add: ({ format, facts, saved }: Listing, source: string): void => {
      for (const fact of facts) {
        if (all.length < SAVED) all.push(fact)
        if (fact.kind !== 'container' || fact.id === null || containers.length >= SAVED) continue
        const { id, name, podName, namespace, image } = fact
        containers.push({ id, name, podName, namespace, image })
      }
      for (const one of saved) {
        if (states.length + readings.length >= SAVED) return
        if (one.kind === 'state') states.push({ ...one, source, format })
        else readings.push({ ...one, source, format })
      }
    },
  }
}

/** `hostname` and `date` hold a line or ten. */
const HOST_FILE_BYTES = 4096

/** A fact holds for what lies in its directory of its bundle; of two, the one that lies deeper. */
function gatherHosts() {
  const facts: { readonly bundle: string; readonly fact: HostFact }[] = []
  const bundleOf = ({ path, member }: Piece) => (member === null ? '' : path)
  return {
    read: async (piece: Piece): Promise<void> => {
      let text = ''
      try {
        for await (const chunk of piece.read()) {
          text += chunk.toString('utf8')
          if (text.length >= HOST_FILE_BYTES) break
        }
      } catch {
        return // whoever reads the logs beside it meets the same trouble
      }
      const fact = readHostFact(text.slice(0, HOST_FILE_BYTES), piece.member ?? piece.path)
      if (fact !== null) facts.push({ bundle: bundleOf(piece), fact })
    },
    of: (piece: Piece): HostOf => {
      const path = piece.member ?? piece.path
      const near = facts
        .filter(({ bundle, fact }) => bundle === bundleOf(piece) && path.startsWith(fact.root))
        .map(({ fact }) => fact)
        .sort((a, b) => b.root.length - a.root.length)
      return {
        host: near.find(({ host }) => host !== null)?.host ?? null,
        date: near.find(({ date }) => date !== null)?.date ?? null,
      }
    },
  }
}
