import { codecs } from './codecs/index.ts'
import type { Piece } from './source.ts'

/** What the rotated name of a file says. */
export interface RotatedName {
  /** The name without rotation label and compression suffix: of the live file. */
  readonly family: string
  /** Null for the live file. */
  readonly label: RotationLabel | null
  /** Whether a compression suffix was taken off. */
  readonly isCompressed: boolean
}

export type RotationLabel =
  /** `messages.3`: higher is older. */
  | { readonly kind: 'number'; readonly number: number }
  /** `messages-20220313`: earlier is older. `timeMs` only orders; `day` is null where the name holds a precise time. */
  | { readonly kind: 'date'; readonly timeMs: number; readonly day: Piece['dateSuffix'] }

const packed = new RegExp(`\\.(?:${[...codecs.flatMap(({ suffixes }) => suffixes), 'lz4', 'Z'].join('|')})$`)

/**
 * Takes a file name apart as logrotate, newsyslog, the kubelet, journald and supportconfig make them: `syslog.2.gz`,
 * `messages-20220313.xz`, `messages-2022031306`, `messages-1647152462`, `kern.1.log`, `kern-20220313.log`, `messages.0.bz2`,
 * `0.log.20211027-082023`, `system@….journal`.
 *
 * @param fileName without its directory
 */
export function parseRotatedName(fileName: string): RotatedName {
  let name = fileName
  while (packed.test(name)) name = name.replace(packed, '')
  const isCompressed = name !== fileName
  const found = parseJournalName(name) ?? parseDate(name) ?? parseEpoch(name) ?? parseMonth(name) ?? parseNumber(name)
  return found === null || name === ''
    ? { family: name || fileName, label: null, isCompressed }
    : { ...found, isCompressed }
}

type Found = Pick<RotatedName, 'family' | 'label'>

/**
 * Archived journals carry the time of their first entry, or, when they were not closed, of their renaming, in
 * microseconds.
 *
 * @see systemd src/libsystemd/sd-journal/journal-file.c, journal_file_archive() and journal_file_dispose()
 */
function parseJournalName(name: string): Found | null {
  const match =
    /^(?<base>.+)@(?:[0-9a-f]{32}-[0-9a-f]{16}-(?<head>[0-9a-f]{16})\.journal|(?<end>[0-9a-f]{16})-[0-9a-f]{16}\.journal~)$/.exec(
      name,
    )?.groups
  if (match === undefined) return null
  const timeMs = Number.parseInt(match['head'] ?? match['end'] ?? '0', 16) / 1000
  return { family: `${match['base']}.journal`, label: { kind: 'date', timeMs, day: null } }
}

const dated =
  /^(?<base>.*?[^-._])[-._](?<year>\d{4})-?(?<month>\d\d)-?(?<day>\d\d)(?:[-_T.]?(?<hour>\d\d)(?:[-:]?(?<minute>\d\d)(?:[-:]?(?<second>\d\d))?)?Z?)?(?:-(?<epoch>\d{9,10}))?(?<extension>\.[a-z]{2,5})?$/

const TWO_DAYS_MS = 2 * 86_400_000

function parseDate(name: string): Found | null {
  const match = dated.exec(name)?.groups
  if (match === undefined) return null
  const [year, month, day] = [Number(match['year']), Number(match['month']), Number(match['day'])]
  if (year < 1990 || year > 2099 || month < 1 || month > 12 || day < 1 || day > 31) return null
  const clock = [match['hour'], match['minute'], match['second']].map(part => Number(part ?? 0))
  const writtenMs = Date.UTC(year, month - 1, day, clock[0], clock[1], clock[2])
  const epochMs = Number(match['epoch']) * 1000
  // `dateformat -%Y%m%d-%s`, for logs that are rotated by size: the date alone does not order those of one day
  const timeMs = Math.abs(epochMs - writtenMs) <= TWO_DAYS_MS ? epochMs : writtenMs
  return {
    family: `${match['base']}${match['extension'] ?? ''}`,
    label: { kind: 'date', timeMs, day: { year, month, day } },
  }
}

/** logrotate `dateformat -%s`. */
function parseEpoch(name: string): Found | null {
  const match = /^(?<base>.*[^-._])[-.](?<seconds>[12]\d{9})(?<extension>\.[a-z]{2,5})?$/.exec(name)?.groups
  if (match === undefined) return null
  const timeMs = Number(match['seconds']) * 1000
  const date = new Date(timeMs)
  return {
    family: `${match['base']}${match['extension'] ?? ''}`,
    label: {
      kind: 'date',
      timeMs,
      day: { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() },
    },
  }
}

/** logrotate `dateformat -%Y%m`, `-%Y%V`: the month or the week of the year. What it is one cannot tell, and both order. */
function parseMonth(name: string): Found | null {
  const match = /^(?<base>.*?[^-._])[-._](?<year>(?:19|20)\d\d)-?W?(?<part>[0-5]\d)(?<extension>\.[a-z]{2,5})?$/.exec(
    name,
  )?.groups
  if (match === undefined || match['part'] === '00') return null
  return {
    family: `${match['base']}${match['extension'] ?? ''}`,
    label: { kind: 'date', timeMs: Date.UTC(Number(match['year']), 0, Number(match['part'])), day: null },
  }
}

function parseNumber(name: string): Found | null {
  const match = /^(?<base>.+)\.(?<number>\d{1,4})(?<extension>\.(?:log|txt))?$/.exec(name)?.groups
  const base = match?.['base']
  // `10.0.0.1.log` and `10.0.0.2.log` are two nodes, `1.2.log` is a version.
  if (match === undefined || base === undefined || /^\d+$|\d\.\d+$/.test(base)) return null
  return {
    family: `${base}${match['extension'] ?? ''}`,
    label: { kind: 'number', number: Number(match['number']) },
  }
}

/** Below 0 when `a` is older: dates in their order, then numbers from high to low, then the live file. */
function compareLabels(a: RotationLabel | null, b: RotationLabel | null): number {
  const rank = (label: RotationLabel | null) => (label === null ? 2 : label.kind === 'number' ? 1 : 0)
  if (rank(a) !== rank(b)) return rank(a) - rank(b)
  if (a?.kind === 'number' && b?.kind === 'number') return b.number - a.number
  if (a?.kind === 'date' && b?.kind === 'date') return a.timeMs - b.timeMs
  return 0
}

export interface Family<T> {
  /** Directory and name of the live file. */
  readonly name: string
  /** Oldest first. */
  readonly members: readonly (T & { readonly rotated: RotatedName })[]
}

/**
 * Groups files of one directory that are one log in turns; families stand in the order of their first file.
 *
 * @param split directory and file name of one; the directory only has to be equal for files side by side
 * @param isAlone true for what never belongs to a set: a bundle, a pipe
 */
export function groupFamilies<T>(
  files: readonly T[],
  split: (file: T) => { readonly directory: string; readonly fileName: string },
  isAlone: (file: T) => boolean,
): Family<T>[] {
  const families = new Map<string, { name: string; members: (T & { rotated: RotatedName })[] }>()
  for (const [index, file] of files.entries()) {
    const { directory, fileName } = split(file)
    const rotated = isAlone(file) ? { family: fileName, label: null, isCompressed: false } : parseRotatedName(fileName)
    const key = isAlone(file) ? `${index}` : `${directory}\0${rotated.family}`
    const family = families.get(key) ?? { name: `${directory}${rotated.family}`, members: [] }
    family.members.push({ ...file, rotated })
    families.set(key, family)
  }
  for (const { members } of families.values()) {
    members.sort(
      (a, b) =>
        compareLabels(a.rotated.label, b.rotated.label) ||
        Number(b.rotated.isCompressed) - Number(a.rotated.isCompressed),
    )
  }
  return [...families.values()]
}
