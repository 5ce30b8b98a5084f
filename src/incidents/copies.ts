import type { LogRecord, Stamp } from '../model/record.ts'

/**
 * Lines of a report that stand right behind themselves: a daemon with two rules for one file writes each line twice. Where
 * lines bear the kernel's uptime, `heard.ts` tells more.
 */
export interface Copies {
  /**
   * Whether the line is the one before once more. What any report may print says so only once another line has.
   *
   * @param isTelling the line's words are this report's own
   */
  readonly again: (record: LogRecord, isTelling: boolean) => boolean
  /** The same, of a line that is not the report's yet. */
  readonly isNewest: (record: LogRecord) => boolean
  /** Whether there were copies. */
  readonly found: () => boolean
}

export function createCopies(): Copies {
  let newest: LogRecord | null = null
  let found = false

  const isNewest = (record: LogRecord) => newest !== null && isCopy(record, newest)

  return {
    again: (record, isTelling) => {
      if (!isNewest(record)) {
        newest = record
        return false
      }
      found ||= isTelling
      return found
    },
    isNewest,
    found: () => found,
  }
}

/** Whether two lines without an uptime are alike, stamp and all. Of the kernel's buffer (`dmesg -T`) nothing makes copies. */
export function isCopy(a: LogRecord, b: LogRecord): boolean {
  if (a.uptimeSeconds !== null || b.uptimeSeconds !== null || a.stampFrom === 'kernel') return false
  return a.message === b.message && isSameStamp(a.stamp, b.stamp)
}

function isSameStamp(a: Stamp | null, b: Stamp | null): boolean {
  if (a === null || b === null || a.kind === 'full' || b.kind === 'full') {
    return a?.kind === 'full' && b?.kind === 'full' && a.iso === b.iso
  }
  return a.second === b.second && a.minute === b.minute && a.hour === b.hour && a.fraction === b.fraction
}
