import { makePiece } from './piece.ts'
import type { Piece } from './source.ts'

/** More containers than a node has in a month; the names are kept in memory. */
const MAX_NAMES = 5_000

/**
 * Pieces without text, for what the paths of containers' own logs tell (`containers/<pod>_<namespace>_<container>-<id>.log`,
 * `pods/<namespace>_<pod>_<uid>/<container>/`): each container once, however often its log was rotated. Whoever reads
 * listings finds all in the path.
 *
 * @param paths for which `isContainerLog` holds
 * @param bundle path of the bundle that they are members of, else null
 */
export function namePieces(paths: readonly string[], bundle: string | null): Piece[] {
  const names = new Set<string>()
  for (const path of paths) {
    if (names.size === MAX_NAMES) break
    names.add(
      /^(.*\/pods\/[^/]+\/[^/]+)\/[^/]+$|^(pods\/[^/]+\/[^/]+)\/[^/]+$/.exec(path)?.slice(1).find(Boolean) ?? path,
    )
  }
  return [...names].map(name =>
    makePiece({
      path: bundle ?? name,
      member: bundle === null ? null : name,
      sizeBytes: 0,
      isReplayable: true,
      raw: () => nothing(),
    }),
  )
}

async function* nothing(): AsyncGenerator<Buffer> {}
