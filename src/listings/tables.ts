import type { ListingFact } from '../model/listing.ts'
import type { SavedFact } from '../model/saved.ts'
import { identityTables, readPodRow } from './identity-tables.ts'
import { nodeTables } from './node-tables.ts'
import { everySeconds, stampSeconds } from './stamps.ts'
import { type Columns, columnsOf, type RowFacts, type Table } from './table.ts'
import { usageTables } from './usage-tables.ts'

export interface TableFacts {
  /** Of the first table. */
  readonly format: string
  readonly facts: ListingFact[]
  readonly saved: SavedFact[]
}

const tables: readonly Table[] = [...identityTables, ...usageTables, ...nodeTables]

/** So many lines may stand before the first header: the command itself, a prompt, a section's title. */
const HEADER_WITHIN = 20
/** A prompt and a command are no longer. */
const COMMAND_CHARS = 300

/**
 * Facts of the tables that a text holds, one or many after another (`while true; do date; free -h; sleep 1; done`).
 *
 * @returns null where no header of a known table stands in the first lines
 */
export function readTables(text: string): TableFacts | null {
  const lines = text.split(/\r?\n/)
  let open: { readonly table: Table; readonly columns: Columns } | null = null
  let format: string | null = null
  const facts: ListingFact[] = []
  const saved: SavedFact[] = []
  /** Of each sweep its first reading in `saved`, to count sweeps where there is no clock. */
  const sweeps: number[] = []
  let command = ''
  let every: number | null = null
  let atSeconds: number | null = null

  function take(row: RowFacts): void {
    facts.push(...(row.facts ?? []))
    saved.push(...(row.saved ?? []))
    for (const one of row.saved ?? []) if (one.kind === 'reading') atSeconds = one.atSeconds ?? atSeconds
  }

  for (const [index, raw] of lines.entries()) {
    if (format === null && index >= HEADER_WITHIN) break
    const line = withoutEscapes(raw)
    const table = headed(line)
    if (table !== null) {
      open = { table, columns: columnsOf(line) }
      format ??= table.format
      sweeps.push(saved.length)
      continue
    }
    const row = open?.table.read(line, open.columns, { command, atSeconds }) ?? null
    if (row !== null) {
      take(withTime(row, atSeconds))
      continue
    }
    // An empty line or a comment ends the table: bundles put several commands into one file.
    if (line.trim() === '' || line.startsWith('#')) open = null
    if (line.length > COMMAND_CHARS) continue
    const stamp = stampSeconds(line.trim(), atSeconds)
    if (stamp !== null) atSeconds = stamp
    every = everySeconds(line) ?? every
    if (/\b(?:free|vmstat)\b/.test(line)) command = line
  }
  if (format === null) return readBarePods(lines)
  return { format, facts, saved: every === null ? saved : paced(saved, format === 'vmstat' ? [] : sweeps, every) }
}

function headed(line: string): Table | null {
  // Every header has a word in capitals, or one of these: most lines need not be tried.
  if (line.length > 1000 || !/^[A-Z]|total|swpd|kbmemfree/.test(line)) return null
  return tables.find(({ header }) => header.test(line)) ?? null
}

/** crictl and docker clear the screen before each sweep. */
const withoutEscapes = (line: string): string =>
  line.includes('\x1b') ? line.slice(0, 4096).replace(/\x1b(?:\[[\d;?]{0,20}[A-Za-z]|[78])/g, '') : line

const withTime = (row: RowFacts, atSeconds: number | null): RowFacts =>
  row.saved === undefined || atSeconds === null
    ? row
    : {
        ...row,
        saved: row.saved.map(one => (one.kind === 'reading' && one.atSeconds === null ? { ...one, atSeconds } : one)),
      }

/** Readings without a clock, taken every so many seconds: a sweep each where each has its own header, else a reading each. */
function paced(saved: readonly SavedFact[], sweeps: readonly number[], every: number): SavedFact[] {
  if (saved.some(one => one.kind === 'reading' && one.atSeconds !== null)) return [...saved]
  const ofRows = sweeps.length <= 1
  let sweep = -1
  return saved.map((one, index) => {
    while (!ofRows && sweep + 1 < sweeps.length && sweeps[sweep + 1]! <= index) sweep++
    return one.kind === 'reading' ? { ...one, atSeconds: (ofRows ? index : sweep) * every } : one
  })
}

/** `kubectl get pods | grep scouter`: no header, but nothing else than rows, and maybe the command. */
function readBarePods(lines: readonly string[]): TableFacts | null {
  const facts: ListingFact[] = []
  const saved: SavedFact[] = []
  for (const line of lines) {
    if (line.trim() === '' || /^\S{0,80}[$#>] .{0,40}\bkubectl\b/.test(line.slice(0, 200))) continue
    const row = readPodRow(line, false, false) ?? readPodRow(line, true, false)
    if (row === null) return null
    facts.push(...(row.facts ?? []))
    saved.push(...(row.saved ?? []))
  }
  return facts.length === 0 ? null : { format: 'kubectl-get-pods', facts, saved }
}
