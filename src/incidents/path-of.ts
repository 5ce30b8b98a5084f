import { type CgroupPath, readCgroupPath } from '../cgroups/path.ts'

/** Paths kept; all are forgotten when there are more. */
const PATHS = 1_000
/** Linux has no longer path: what is longer was made up, and is not kept. */
const PATH_CHARS = 4_096

const paths = new Map<string, CgroupPath>()

/**
 * A cgroup path read, or known: an incident asks a dozen times for the one or two that its report names. Only for paths
 * that outlive their line (`detached`), as they are kept.
 */
export function pathOf(path: string): CgroupPath {
  const known = paths.get(path)
  if (known) return known
  const read = readCgroupPath(path)
  if (path.length > PATH_CHARS) return read
  if (paths.size >= PATHS) paths.clear()
  paths.set(path, read)
  return read
}
