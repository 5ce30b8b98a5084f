import { type BigIntStats, promises } from 'node:fs'
import { join } from 'node:path'
import { classifyMember } from './archives/members.ts'
import { describeErrno } from './errno.ts'

/** Deeper than any unpacked bundle. */
const MAX_DEPTH = 32
/** Named files below one directory; more is not a directory of logs. */
const MAX_FILES = 100_000

export interface FoundFile {
  /** As shown: what was named, and the way below it. */
  readonly path: string
  readonly stats: BigIntStats
}

export interface Skipped {
  readonly path: string
  readonly why: string
}

export interface Walked {
  readonly files: FoundFile[]
  readonly metadata: FoundFile[]
  /** Paths of containers' own logs, as shown. */
  readonly names: string[]
  readonly skipped: Skipped[]
}

export const identityOf = ({ dev, ino }: BigIntStats): string => `${dev}:${ino}`

/**
 * Files below a directory whose names are those of logs, in the order of their paths.
 *
 * Links to files are followed, links to directories are not: a link upwards would repeat everything. Hidden files are
 * passed over in silence, all else that is left out is named in `skipped`.
 *
 * @param path as named, resolved against `root`
 * @param toAbsolute of a shown path
 * @throws the system's error when the directory itself cannot be read
 */
export async function walkDirectory(path: string, toAbsolute: (path: string) => string): Promise<Walked> {
  const names: string[] = []
  const files: FoundFile[] = []
  const metadata: FoundFile[] = []
  const skipped: Skipped[] = []

  async function visit(directory: string, below: string, depth: number): Promise<void> {
    const entries = await promises.readdir(toAbsolute(directory), { withFileTypes: true })
    entries.sort((a, b) => (a.name < b.name ? -1 : 1))
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue
      const shown = join(directory, entry.name)
      const inside = below === '' ? entry.name : `${below}/${entry.name}`
      if (entry.isDirectory()) {
        if (depth === MAX_DEPTH) skipped.push({ path: shown, why: `more than ${MAX_DEPTH} directories deep` })
        else {
          await visit(shown, inside, depth + 1).catch(error => {
            skipped.push({ path: shown, why: describeErrno(error) })
          })
        }
        continue
      }
      await visitFile(shown, inside)
    }
  }

  async function visitFile(shown: string, inside: string): Promise<void> {
    const use = classifyMember(inside)
    if (use === 'name') names.push(shown)
    if (use === 'other' || use === 'name') {
      skipped.push({ path: shown, why: use === 'name' ? "a container's own log" : 'not the name of a log' })
      return
    }
    try {
      const stats = await promises.stat(toAbsolute(shown), { bigint: true })
      if (stats.isDirectory()) skipped.push({ path: shown, why: 'a link to a directory' })
      else if (!stats.isFile()) skipped.push({ path: shown, why: 'not a regular file' })
      else if (files.length === MAX_FILES) skipped.push({ path: shown, why: `more than ${MAX_FILES} files` })
      else (use === 'metadata' ? metadata : files).push({ path: shown, stats })
    } catch (error) {
      skipped.push({ path: shown, why: describeErrno(error) })
    }
  }

  await visit(path, '', 0)
  return { files, metadata, names, skipped }
}
