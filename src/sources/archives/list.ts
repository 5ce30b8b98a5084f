import { basename, posix } from 'node:path'
import { groupFamilies } from '../rotation.ts'
import { type Piece, SourceError } from '../source.ts'
import type { Skipped } from '../walk.ts'
import { type BundleOptions, type Member, openBundle } from './bundle.ts'
import { classifyMember, type MemberUse } from './members.ts'

/** A file of a bundle as the list knows it. */
export interface MemberInfo {
  /** The name it is known by: of two names of one file, the one that is not a collector's store of tails. */
  readonly path: string
  readonly use: MemberUse
  /** {@link Member.index} of the member that holds the bytes. */
  readonly index: number
  readonly sizeBytes: number | null
  readonly mtimeMs: number | null
}

export interface BundleListing {
  /** Logs and metadata, each file once, in the order they stand in the bundle. */
  readonly members: readonly MemberInfo[]
  /** Paths of containers' own logs, of files and of links. */
  readonly names: readonly string[]
  /** Sets of logs, oldest first; ordered so that a single pass gives most of them as they come. */
  readonly logs: readonly { readonly name: string; readonly members: readonly MemberInfo[] }[]
  readonly skipped: readonly Skipped[]
  /** What cannot be read, among it the trouble that cut the list short. */
  readonly errors: readonly SourceError[]
}

const MAX_LINK_HOPS = 8
/** Hand-written lists of members can be long; more sentences of this kind help nobody. */
const MAX_TROUBLES = 20

/** Passes once over the bundle, reading headers only: of a tar this costs decompressing all of it. */
export async function listBundle(
  piece: Piece,
  options: Omit<BundleOptions, 'onTrouble'>,
  raw?: () => AsyncIterable<Buffer>,
): Promise<BundleListing> {
  const files = new Map<string, Member>()
  const links = new Map<string, Member>()
  const skipped: Skipped[] = []
  const errors: SourceError[] = []
  let troubles = 0
  const onTrouble = (trouble: SourceError): void => {
    if (++troubles <= MAX_TROUBLES) errors.push(trouble)
  }
  try {
    for await (const member of openBundle(piece, { ...options, onTrouble }, raw)) {
      // A second member of the same path is what unpacking would leave.
      if (member.type === 'file') files.set(member.path, member)
      else if (member.type === 'link') links.set(member.path, member)
    }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    if (!errors.includes(error)) errors.push(error)
  }
  if (troubles > MAX_TROUBLES) {
    errors.push(new SourceError(piece.path, `${troubles - MAX_TROUBLES} more members are not read for such reasons`))
  }

  const named = new Map<number, MemberInfo>()
  const names: string[] = []
  const put = (path: string, file: Member): void => {
    const use = classifyMember(path)
    const before = named.get(file.index)
    if (use === 'log' || use === 'metadata') {
      if (before !== undefined && !isStore(before.path)) {
        skipped.push({ path, why: `the same file as ${before.path}` })
        return
      }
      named.set(file.index, { path, use, index: file.index, sizeBytes: file.sizeBytes, mtimeMs: file.mtimeMs })
    } else if (use === 'name') skipped.push({ path, why: "a container's own log" })
    else skipped.push({ path, why: 'not the name of a log' })
  }
  for (const [path, file] of files) {
    put(path, file)
    if (classifyMember(path) === 'name') names.push(path)
  }
  for (const [path, link] of links) {
    const use = classifyMember(path)
    // the runtime's links lead to /var/log/pods of the node: their names are all there is to them
    if (use === 'name') names.push(path)
    if (use !== 'log') continue
    const end = followLink(link, links)
    const file = end === null ? undefined : files.get(end)
    if (file !== undefined) put(path, file)
    else if (end === path) skipped.push({ path, why: 'a link that leads back to itself' })
    else if (end === null)
      errors.push(new SourceError(piece.path, `${path}: a link that leads out of the bundle; not read`))
    else skipped.push({ path, why: `a link to ${end}, which the bundle does not hold` })
  }

  const members = [...named.values()].sort((a, b) => a.index - b.index)
  const families = groupFamilies(
    members.filter(({ use }) => use === 'log'),
    ({ path }) => ({ directory: path.slice(0, path.length - basename(path).length), fileName: basename(path) }),
    () => false,
  )
  const last = ({ members: set }: { members: readonly MemberInfo[] }) => Math.max(...set.map(({ index }) => index))
  const logs = families.map(({ name, members: set }) => ({ name, members: set })).sort((a, b) => last(a) - last(b))
  return { members, names, logs, skipped, errors }
}

/** Where sos keeps the tails that it puts a link in the place of. */
const isStore = (path: string): boolean => /(?:^|\/)sos_strings\//.test(path)

/** Where a link leads at last: null out of the bundle, its own path round in a circle. */
function followLink(link: Member, links: ReadonlyMap<string, Member>): string | null {
  let target = link.target
  for (let hop = 0; target !== null; hop++) {
    if (hop === MAX_LINK_HOPS) return link.path
    const next = links.get(posix.normalize(target))
    if (next === undefined) return target
    target = next.target
  }
  return null
}
