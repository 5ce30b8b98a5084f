import { join } from 'node:path'
import { type DiscoverIo, type Discovery, discover } from './discover.ts'
import { SourceError } from './source.ts'

/** The first of these that there is: RHEL and its kin, Debian and its kin, nodes without a syslog daemon. */
const places: readonly (readonly string[])[] = [
  ['var/log/messages*'],
  ['var/log/syslog*', 'var/log/kern.log*'],
  ['var/log/journal', 'run/log/journal'],
]

/**
 * The logs of the machine that the program runs on.
 *
 * @param root `/`, or where a node's file system is mounted
 */
export async function discoverOwnLogs(io: DiscoverIo, root = '/'): Promise<Discovery> {
  for (const paths of places) {
    const found = await discover(
      paths.map(path => join(root, path)),
      { ...io, stdin: null },
    )
    // A place that is not there is no error: the next is looked at.
    if (found.logs.length > 0) return { ...found, errors: [] }
  }
  const looked = places.flat().map(path => join(root, path))
  const error = new SourceError(root, `no logs of this machine; looked for ${looked.join(', ')}; name a file instead`)
  return { logs: [], metadata: [], skipped: [], errors: [error] }
}
