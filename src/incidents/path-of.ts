import { type CgroupPath, readCgroupPath } from '../cgroups/path.ts'

/** Paths kept; all are forgotten when there are more. */
const PATHS = 1_000

const paths = new Map<string, CgroupPath>()

/**
 * A cgroup path read, or known: an incident asks a dozen times for the one or two that its report names. Only for paths
 * that outlive their line (`detached`), as they are kept.
 */
export function pathOf(path: string): CgroupPath {
  let read = paths.get(path)
  if (!read) {
    read = readCgroupPath(path)
    if (paths.size >= PATHS) paths.clear()
    paths.set(path, read)
  }
  return read
}
