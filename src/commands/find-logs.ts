/** The logs that a command line names: to be read, or to be followed. */
import type { GrowingLog } from '../follow-logs.ts'
import { type FoundListings, findListings, isName } from '../read-saved.ts'
import { defaultLimits } from '../sources/archives/limits.ts'
import { discover } from '../sources/discover.ts'
import { asSourceError, errnoOf } from '../sources/errno.ts'
import { followFile } from '../sources/follow.ts'
import { openPiece } from '../sources/open.ts'
import { type OpenedLogs, openLogs } from '../sources/open-logs.ts'
import { discoverOwnLogs } from '../sources/own-logs.ts'
import { makePiece } from '../sources/piece.ts'
import { type Log, type Piece, SourceError } from '../sources/source.ts'
import { untilAborted } from '../sources/until-aborted.ts'
import { visible } from '../writers/neutral.ts'
import type { Io } from './io.ts'
import type { Settings } from './options.ts'

export interface FoundGrowing {
  readonly open: (signal: AbortSignal) => GrowingLog[]
  /** What was given beside them, read once. */
  readonly listings: FoundListings
}

/** Logs to follow: of a rotated set the live file, after what was rotated. null when there is nothing, which was said. */
export async function findGrowing(
  settings: Settings,
  io: Io,
  fail: (error: SourceError) => void,
): Promise<FoundGrowing | null> {
  const paths = settings.paths.length > 0 ? settings.paths : io.stdin !== null ? ['-'] : null
  if (paths === null) {
    const own = await discoverOwnLogs(io)
    for (const error of own.errors) fail(error)
    if (own.logs.length === 0) return null
    const logs = await whatGrows(own.logs, fail)
    if (logs.length === 0) return null
    io.complain(`following ${logs.map(({ name }) => name).join(' and ')}`)
    return {
      open: signal => logs.map(log => growLog(log, io, signal)),
      listings: await findListings([], [], io.interrupted),
    }
  }
  // a name that is not there yet is waited for, as tail -F does
  const names = paths.filter(path => path !== '-' && !/[*?[\]{}]/.test(path))
  const found = await discover(paths, io)
  const waitedFor = found.errors.filter(({ path, cause }) => names.includes(path) && errnoOf(cause) === 'ENOENT')
  for (const error of found.errors) {
    if (waitedFor.includes(error)) io.complain(visible(`${error.path}: is not there yet; waiting for it`))
    else fail(error)
  }
  const listings = await findListings(found.logs, found.metadata, io.interrupted)
  const logs = await whatGrows(withoutListings(found.logs, listings), fail)
  if (logs.length + waitedFor.length === 0) {
    for (const [{ path }, { listing }] of listings.of) {
      fail(new SourceError(path, `is a listing (${listing.format}), which does not grow; name a log to follow`))
    }
    return null
  }
  const open = (signal: AbortSignal) => [
    ...logs.map(log => growLog(log, io, signal)),
    ...waitedFor.map(({ path }) => growFile(path, io, signal)),
  ]
  return { open, listings }
}

/** A container's own log may yet grow to hold what is looked for, though so far only its name is of use. */
function withoutListings(logs: readonly Log[], { of }: FoundListings): Log[] {
  const isLog = (piece: Piece): boolean => {
    const found = of.get(piece)
    return found === undefined || isName(found)
  }
  return logs.map(log => ({ ...log, pieces: log.pieces.filter(isLog) })).filter(({ pieces }) => pieces.length > 0)
}

/** One that cannot be followed is said; the others are. */
async function whatGrows(found: readonly Log[], fail: (error: SourceError) => void): Promise<Log[]> {
  const logs: Log[] = []
  for (const log of found) {
    const why = await whyNotFollowed(log).catch((error: unknown) =>
      asSourceError(log.pieces.at(-1)?.path ?? log.name, 'cannot open', error),
    )
    if (why === null) logs.push(log)
    else fail(why)
  }
  return logs
}

/** Only plain text grows: an archive or a packed file is whole from the start. */
async function whyNotFollowed(log: Log): Promise<SourceError | null> {
  const live = log.pieces.at(-1)
  if (!live?.isReplayable) return null
  const { content, compression, close } = await openPiece(live)
  await close()
  if (content === 'journal') {
    return new SourceError(live.path, 'is a journal, which is not followed; try: journalctl -f -o json | oomlens -f -')
  }
  if (compression === null && content !== 'tar' && content !== 'zip') return null
  return new SourceError(live.path, 'is compressed or an archive, which does not grow; leave out -f')
}

function growLog(log: Log, io: Io, signal: AbortSignal): GrowingLog {
  const live = log.pieces.at(-1)
  if (!live || !live.isReplayable) {
    const piece = live ?? log.pieces[0]!
    return { piece, bytes: untilAborted(piece.read(), signal) }
  }
  const grown = growFile(live.path, io, signal)
  async function* bytes() {
    for (const piece of log.pieces.slice(0, -1)) {
      yield* untilAborted(piece.read(), signal)
      yield 'rotated' as const
    }
    yield* grown.bytes
  }
  return { piece: live, bytes: bytes() }
}

const POLL_MS = 500

function growFile(path: string, io: Io, signal: AbortSignal): GrowingLog {
  const bytes = followFile(path, { cwd: io.cwd, signal, pollMs: POLL_MS })
  return { piece: makePiece({ path, isReplayable: false, raw: () => noBytes() }), bytes }
}

async function* noBytes(): AsyncGenerator<Buffer> {}

/** null when there is nothing to read, which was said. */
export async function findLogs(
  settings: Settings,
  io: Io,
  onRead: (bytes: number) => void,
  fail: (error: SourceError) => void,
): Promise<OpenedLogs | null> {
  const paths = settings.paths.length > 0 ? settings.paths : io.stdin !== null ? ['-'] : null
  const found = await openLogs(paths, {
    cwd: io.cwd,
    stdin: paths?.includes('-') ? io.stdin : null,
    tmpDir: io.tmpDir,
    onRead,
    limits: {
      ...defaultLimits,
      ...(settings.maxUnpackedBytes === null
        ? {}
        : { maxBytes: settings.maxUnpackedBytes, maxRatio: Number.POSITIVE_INFINITY }),
    },
  })
  for (const error of found.errors) fail(error)
  if (paths === null && found.logs.length > 0) {
    io.complain(`reading ${found.logs.map(({ name }) => name).join(' and ')}`)
  }
  if (settings.verbose) {
    for (const { path, why } of found.skipped) io.complain(visible(`${path}: skipped: ${why}`))
  }
  return found.logs.length === 0 && found.errors.length > 0 ? null : found
}

/** What is in a pipe is known only when something has come through it, which may be never. */
export async function orInterrupted<T>(work: Promise<T>, interrupted: AbortSignal): Promise<T | 'interrupted'> {
  work.catch(() => {}) // nobody waits for it once interrupted
  let stop = () => {}
  const aborted = new Promise<'interrupted'>(resolve => {
    stop = () => resolve('interrupted')
    interrupted.addEventListener('abort', stop)
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    interrupted.removeEventListener('abort', stop)
  }
}
