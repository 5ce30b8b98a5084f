/**
 * What a table printed for people is.
 *
 * How to add one: an entry in `identity-tables.ts`, `usage-tables.ts` or `node-tables.ts`, with its header as a pattern
 * that is anchored at the beginning of the line, so that no log line that quotes it is taken for it.
 */
import type { ListingFact } from '../model/listing.ts'
import type { SavedFact } from '../model/saved.ts'

export interface Table {
  /** Stands in the report as the format of the source. */
  readonly format: string
  readonly header: RegExp
  /** null for a line that is no row of it. */
  readonly read: (line: string, columns: Columns, around: Around) => RowFacts | null
}

export interface RowFacts {
  readonly facts?: readonly ListingFact[]
  readonly saved?: readonly SavedFact[]
}

/** What stands around a table and tells how to read it. */
export interface Around {
  /** Lines before it that are no table: the command may be among them. */
  readonly command: string
  /** Of the row before, and of a line with a time alone: seconds. */
  readonly atSeconds: number | null
}

/** Cells by the header's words. */
export interface Columns {
  readonly has: (column: string) => boolean
  /** Cut where the header's words begin, since cells hold blanks (`3 days ago`); null for an empty one. */
  readonly cell: (line: string, column: string) => string | null
  /** Of a table in which no cell holds a blank, however the columns stand; null when the number of cells is another. */
  readonly words: (line: string) => ReadonlyMap<string, string> | null
}

const TITLE =
  /CONTAINER ID|POD ID|NOMINATED NODE|READINESS GATES|CPU %|CPU\([^)]{1,8}\)|CPU%|MEM USAGE \/ LIMIT|MEM %|MEMORY\([^)]{1,8}\)|MEMORY%|[A-Za-z%/]+(?:-[a-z]+)?/g

export function columnsOf(header: string): Columns {
  const found: [string, number][] = []
  for (const match of header.matchAll(TITLE)) found.push([match[0], match.index])
  const ranges = new Map(
    found.map(([name, start], i) => [name, [start, found[i + 1]?.[1] ?? Number.POSITIVE_INFINITY] as const]),
  )
  return {
    has: column => ranges.has(column),
    cell: (line, column) => {
      const range = ranges.get(column)
      const cell = range === undefined ? '' : line.slice(range[0], range[1]).trim()
      return cell === '' ? null : cell
    },
    words: line => {
      const words = line.trim().split(/\s+/)
      return words.length === found.length ? new Map(found.map(([name], i) => [name, words[i]!])) : null
    },
  }
}
