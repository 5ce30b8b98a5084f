import { posix } from 'node:path'
import { isBundleName } from '../log-names.ts'
import { labelOf, type Opened, openStream } from '../open.ts'
import { type Piece, SourceError } from '../source.ts'
import type { ArchiveEntry } from './archive.ts'
import { archives } from './index.ts'
import { type BundleLimits, createMeter, type Meter } from './limits.ts'

/** A file of a bundle, or of a bundle in it: then its path goes on behind the inner bundle's. */
export interface Member {
  /** With `/`, without `./` in front. */
  readonly path: string
  readonly type: 'file' | 'link' | 'directory' | 'other'
  /** Of a link, hard or symbolic: the path inside the bundle; null where it leads out of it. */
  readonly target: string | null
  readonly sizeBytes: number | null
  readonly mtimeMs: number | null
  /** Position among all members: the same in each pass, and the name of one of two that share a path. */
  readonly index: number
  /** What it is and its bytes; once, and only until the next member is asked for. */
  readonly open: () => Promise<Opened>
  /** Its text, decompressed. As `open`, once and in its turn. */
  readonly read: () => AsyncGenerator<Buffer>
}

export interface BundleOptions {
  readonly limits: BundleLimits
  /** For zip files and what a pipe gave. Files in it are removed at once. */
  readonly tmpDir: string
  /** What is not read, one sentence each; the rest goes on. */
  readonly onTrouble: (trouble: SourceError) => void
}

/**
 * Members of a bundle in the order they stand in it; bundles inside are opened in their place.
 *
 * Rejects with a SourceError, after every member that could be had, when the bundle is cut or damaged. When the reader of
 * a member or `onTrouble` was given the same trouble before, it is the same object.
 *
 * @param raw bytes of the piece, where they do not come from `piece.raw`
 */
export async function* openBundle(
  piece: Piece,
  options: BundleOptions,
  raw: () => AsyncIterable<Buffer> = piece.raw,
): AsyncGenerator<Member> {
  const meter = createMeter(piece.path, options.limits)
  const opened = await openStream(meter.countInput(raw()), labelOf(piece))
  piece.compression = opened.compression
  piece.content = opened.content
  try {
    yield* openArchive(opened, meter, '', 1, { piece, options, told: new Set(), count: 0 })
  } finally {
    await opened.close()
  }
}

interface Pass {
  readonly piece: Piece
  readonly options: BundleOptions
  /** Troubles that somebody knows already. */
  readonly told: Set<unknown>
  count: number
}

async function* openArchive(
  opened: Opened,
  meter: Meter,
  prefix: string,
  depth: number,
  pass: Pass,
): AsyncGenerator<Member> {
  const { piece, options } = pass
  const label = labelOf({ path: piece.path, member: prefix === '' ? piece.member : prefix.slice(0, -1) })
  const archive = archives.find(({ content }) => content === opened.content)
  if (archive === undefined) throw new SourceError(label, `is no bundle but ${opened.content}`)
  const readEntries = await archive.load()
  const context = { path: label, tmpDir: options.tmpDir, guard: meter.guard }
  for await (const entry of readEntries(meter.guard(opened.bytes()), context)) {
    if (pass.count >= options.limits.maxMembers) {
      throw new SourceError(label, `holds more than ${options.limits.maxMembers} members: given up`)
    }
    const path = cleanPath(entry.name)
    if (path === null) {
      options.onTrouble(
        new SourceError(label, `${entry.name.slice(0, 200)}: a path that leads out of the bundle; not read`),
      )
      continue
    }
    if (path === '') continue // the top directory itself
    if (entry.trouble !== null) {
      options.onTrouble(new SourceError(label, `${path} ${entry.trouble}; not read`))
      continue
    }
    if (entry.kind !== 'file' || !isBundleName(path)) {
      yield toMember(entry, meter, prefix, path, pass)
      continue
    }
    yield* openInner(entry, meter, prefix, path, depth, pass)
  }
}

async function* openInner(
  entry: ArchiveEntry,
  outer: Meter,
  prefix: string,
  path: string,
  depth: number,
  pass: Pass,
): AsyncGenerator<Member> {
  const { piece, options } = pass
  const label = labelOf({ path: piece.path, member: prefix + path })
  const meter = outer.inner(label, entry.packedBytes)
  if (depth >= options.limits.maxDepth) {
    options.onTrouble(new SourceError(label, `is a bundle more than ${options.limits.maxDepth} deep; not read`))
    return
  }
  let inner: Opened | null = null
  try {
    inner = await openStream(meter.countInput(entry.bytes()), label)
    if (inner.content === 'tar' || inner.content === 'zip') {
      yield* openArchive(inner, meter, `${prefix}${path}/`, depth + 1, pass)
    } else {
      // A log under a bundle's name, or an encrypted bundle.
      const { content } = inner
      if (['age', 'gpg', '7z', 'lz4'].includes(content)) {
        for await (const _ of inner.text());
      }
      yield toMember(entry, meter, prefix, path, pass, inner)
    }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    // The outer bundle goes on; if the trouble is its own, its reader will meet it again.
    if (!pass.told.has(error)) options.onTrouble(error)
    pass.told.add(error)
  } finally {
    await inner?.close()
  }
}

/** @param inner the entry as opened, with what it takes counted by `outer`; else it is opened when asked for */
function toMember(entry: ArchiveEntry, outer: Meter, prefix: string, path: string, pass: Pass, inner?: Opened): Member {
  const { piece, told } = pass
  const label = labelOf({ path: piece.path, member: prefix + path })
  const isLink = entry.kind === 'hardlink' || entry.kind === 'symlink'
  const target = isLink ? resolveLink(entry, path) : null
  const open = async (): Promise<Opened> => {
    const meter = inner === undefined ? outer.inner(label, entry.packedBytes) : outer
    const opened = inner ?? (await openStream(meter.countInput(entry.bytes()), label))
    return { ...opened, text: () => remember(meter.guard(opened.text()), told) }
  }
  return {
    path: prefix + path,
    type: isLink ? 'link' : entry.kind === 'file' || entry.kind === 'directory' ? entry.kind : 'other',
    target: target === null ? null : prefix + target,
    sizeBytes: entry.kind === 'file' ? entry.sizeBytes : null,
    mtimeMs: entry.mtimeMs,
    index: pass.count++,
    open,
    async *read() {
      const opened = await open()
      try {
        yield* opened.text()
      } finally {
        await opened.close()
      }
    },
  }
}

async function* remember(source: AsyncIterable<Buffer>, told: Set<unknown>): AsyncGenerator<Buffer> {
  try {
    yield* source
  } catch (error) {
    told.add(error)
    throw error
  }
}

/** As Linux has it. */
const MAX_PATH_LENGTH = 4096

/** Null for an absolute path, one with `..`, and one that no system would hold. */
function cleanPath(name: string): string | null {
  if (name.length > MAX_PATH_LENGTH) return null
  if (name.startsWith('/') || /^[a-z]:/i.test(name) || name.split('/').includes('..')) return null
  const clean = posix.normalize(name).replace(/\/$/, '')
  return clean === '.' ? '' : clean
}

function resolveLink({ kind, linkName }: ArchiveEntry, path: string): string | null {
  if (linkName === '' || linkName.startsWith('/')) return null
  const target = posix.normalize(kind === 'hardlink' ? linkName : posix.join(posix.dirname(path), linkName))
  return target.startsWith('..') ? null : target.replace(/^\.\//, '')
}
