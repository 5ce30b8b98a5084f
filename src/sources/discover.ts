import { type BigIntStats, lstatSync, readlinkSync, statSync } from 'node:fs'
import { basename, dirname, resolve, sep } from 'node:path'
import { asSourceError, errnoOf } from './errno.ts'
import { expandPattern } from './expand.ts'
import { isBundleName, LOOKED_FOR } from './log-names.ts'
import { namePieces } from './name-pieces.ts'
import { filePiece, streamPiece } from './piece.ts'
import { type Family, groupFamilies, type RotatedName } from './rotation.ts'
import { compareTexts } from './same-text.ts'
import { type Log, type Piece, SourceError } from './source.ts'
import { identityOf, type Skipped, walkDirectory } from './walk.ts'

export interface DiscoverIo {
  /** What relative paths start from. */
  readonly cwd: string
  /** What `-` stands for; null where there is none. */
  readonly stdin: AsyncIterable<Buffer> | null
  /** Told of the bytes that are read from disk. */
  readonly onRead?: (bytes: number) => void
}

export interface Discovery {
  /** In the order of the arguments, by the first file of each. */
  readonly logs: Log[]
  /** Listings and facts of the host that directories held: an unpacked bundle has them. */
  readonly metadata: Piece[]
  /** What a directory or a set held besides, and why it is not read. Worth telling on request. */
  readonly skipped: Skipped[]
  /** What was named and cannot be had. */
  readonly errors: SourceError[]
}

interface Candidate {
  readonly path: string
  readonly absolute: string
  readonly stats: BigIntStats
}

/**
 * Finds the logs that the arguments mean: files, directories, patterns, `-`. Nothing is opened, but for two copies of one
 * rotated file. A path that exists is never taken for a pattern. A file that is named twice, by whatever name, is read once.
 */
export async function discover(paths: readonly string[], io: DiscoverIo): Promise<Discovery> {
  const toAbsolute = (path: string): string => resolve(io.cwd, path)
  const found: (Candidate | 'stdin')[] = []
  const metadata: Piece[] = []
  const skipped: Skipped[] = []
  const errors: SourceError[] = []
  const seen = new Map<string, string>()

  function add(path: string, stats: BigIntStats): void {
    const first = seen.get(identityOf(stats))
    if (first !== undefined) {
      skipped.push({ path, why: first === path ? 'named twice' : `the same file as ${first}` })
      return
    }
    seen.set(identityOf(stats), path)
    found.push({ path, absolute: toAbsolute(path), stats })
  }

  async function addDirectory(path: string, isNamed: boolean): Promise<void> {
    const walked = await walkDirectory(path, toAbsolute)
    for (const file of walked.files) add(file.path, file.stats)
    for (const { path: shown, stats } of walked.metadata) metadata.push(filePiece(shown, toAbsolute(shown), stats))
    metadata.push(...namePieces(walked.names, null))
    skipped.push(...walked.skipped)
    if (walked.files.length > 0) return
    if (isNamed) errors.push(new SourceError(path, `no logs in this directory; looked for ${LOOKED_FOR}`))
    else skipped.push({ path, why: 'no logs in this directory' })
  }

  async function addExisting(path: string, isNamed: boolean): Promise<void> {
    try {
      // not in the thread pool, whose start takes as long as a small log
      const stats = statSync(toAbsolute(path), { bigint: true })
      if (stats.isDirectory()) await addDirectory(path, isNamed)
      else if (isNamed || stats.isFile()) add(path, stats)
      else skipped.push({ path, why: 'not a regular file' })
    } catch (error) {
      errors.push(explain(path, toAbsolute(path), error))
    }
  }

  for (const path of paths) {
    if (path === '-') {
      if (io.stdin === null) errors.push(new SourceError('-', 'there is no standard input'))
      else if (found.includes('stdin')) skipped.push({ path: '-', why: 'named twice' })
      else found.push('stdin')
      continue
    }
    if (path === '') {
      errors.push(new SourceError(path, 'an empty path'))
      continue
    }
    const matches = isMissing(failureOf(() => lstatSync(toAbsolute(path)))) ? await expandPattern(path, io.cwd) : null
    if (matches === null) await addExisting(path, true)
    else if (matches.length === 0) errors.push(new SourceError(path, 'no file matches this pattern'))
    else for (const match of matches) await addExisting(match, false)
  }

  const files = found.filter(candidate => candidate !== 'stdin')
  const families = groupFamilies(files, splitPath, isAlone)
  const logs: Log[] = []
  for (const family of families) logs.push(await toLog(family, skipped, io.onRead))
  const place = found.indexOf('stdin')
  if (place !== -1 && io.stdin !== null) {
    const before = new Set(found.slice(0, place).map(candidate => (candidate as Candidate).path))
    const at = logs.filter(log => log.pieces.some(piece => before.has(piece.path))).length
    logs.splice(at, 0, { name: '-', pieces: [streamPiece('-', io.stdin)] })
  }
  return { logs, metadata, skipped, errors }
}

const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(errnoOf(error) ?? '')

function failureOf(attempt: () => unknown): unknown {
  try {
    attempt()
    return null
  } catch (error) {
    return error
  }
}

function explain(path: string, absolute: string, error: unknown): SourceError {
  try {
    if (isMissing(error)) {
      const target = readlinkSync(absolute)
      return new SourceError(path, `is a link to ${target}, which does not exist`, { cause: error })
    }
  } catch {
    // no link
  }
  return asSourceError(path, 'cannot open', error)
}

/** The absolute directory tells files apart, the shown one names the log. */
const splitPath = ({ absolute }: Candidate) => ({
  directory: dirname(absolute) === sep ? sep : `${dirname(absolute)}${sep}`,
  fileName: basename(absolute),
})

const isAlone = ({ path, stats }: Candidate): boolean => !stats.isFile() || isBundleName(path)

async function toLog({ members }: Family<Candidate>, skipped: Skipped[], onRead: DiscoverIo['onRead']): Promise<Log> {
  const pieces: { readonly piece: Piece; readonly rotated: RotatedName }[] = []
  for (const { path, absolute, stats, rotated } of members) {
    const day = rotated.label?.kind === 'date' ? rotated.label.day : null
    const piece = filePiece(path, absolute, stats, day, onRead)
    const last = pieces.at(-1)
    if (last !== undefined && isSameTurn(last.rotated, rotated)) {
      // Compressed stands first. A crash while it was written leaves it cut; then it is the beginning of the plain one.
      const relation = await compareTexts(last.piece, piece)
      if (relation === 'equal' || relation === 'begins') {
        skipped.push({ path: last.piece.path, why: `the same log as ${path}` })
        pieces.pop()
      }
    }
    pieces.push({ piece, rotated })
  }
  const newest = members.at(-1)
  const shown = newest === undefined ? '' : newest.path.slice(0, newest.path.length - basename(newest.path).length)
  return { name: `${shown}${newest?.rotated.family ?? ''}`, pieces: pieces.map(({ piece }) => piece) }
}

const isSameTurn = (a: RotatedName, b: RotatedName): boolean =>
  JSON.stringify(a.label) === JSON.stringify(b.label) && (a.isCompressed || b.isCompressed)
