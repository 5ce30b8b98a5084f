/** Logs whose newest line stands first, as web consoles and collectors export them: told by their stamps, and turned round. */
import { createUnwrapper, isCsvHeader } from './envelopes/index.ts'
import type { Line } from './model/line.ts'
import type { LogRecord } from './model/record.ts'

/** What is longer is no export that somebody saved. */
export const LONGEST_EXPORT_BYTES = 4 * 1024 * 1024
/** So many lines tell the order. */
const LINES_LOOKED_AT = 2_000
/** One step back may be a clock that was set, or another log behind. */
const FEWEST_STEPS = 2

/** The lines in order of time: as they come; all at the end and turned round where no stamp is later than the one before. */
export async function* inOrderOfTime(batches: AsyncIterable<Line[]>): AsyncGenerator<Line[]> {
  const order = readOrder()
  let waiting: Line[] = []
  let isKnown = false
  try {
    for await (const lines of batches) {
      isKnown ||= order.isForward(lines)
      for (const line of lines) waiting.push(line)
      if (!isKnown) continue
      yield waiting
      waiting = []
    }
  } finally {
    // also what was read before the damage
    if (waiting.length > 0) yield !isKnown && order.isBackward() ? reversed(waiting) : waiting
  }
}

function readOrder() {
  const unwrapper = createUnwrapper()
  const sentences = readSentences()
  let before: LogRecord | null = null
  let steps = 0
  let looked = 0

  function isLater(record: LogRecord): boolean {
    const passed = passedBetween(before, record)
    if (passed > 0 || sentences.areForward(record.message, passed < 0)) return true
    if (passed < 0) steps++
    if (timeOf(record) !== null) before = record
    return false
  }

  const tells = () => sentences.areBackward() || steps >= FEWEST_STEPS

  return {
    /** Whether the lines so far, with these, are in order, or too many to tell. */
    isForward: (lines: readonly Line[]): boolean => {
      for (const line of lines) {
        if (looked++ >= LINES_LOOKED_AT) return !tells()
        if (unwrapper.feed(line).some(isLater)) return true
      }
      return false
    },
    isBackward: (): boolean => !unwrapper.end().some(isLater) && tells(),
  }
}

/** Which way a report's own sentences stand, where all bear one stamp. */
function readSentences() {
  const named = new Set<string>()
  let lastNamed: string | null = null
  let lastKilled: string | null = null
  let hasHeader = false
  let isBackward = false

  /** Whether a report begins and ends here in the order of the kernel. */
  function areForward(message: string, isOlder: boolean): boolean {
    if (isOlder) hasHeader = false
    const pid = /^oom-kill:.*,pid=(\d+),/.exec(message)?.[1] ?? null
    const killed = pid === null ? (/Killed process (\d+) \(/.exec(message)?.[1] ?? null) : null
    // a kill before the sentence that names its victim, which no copy of the report told already
    if (pid !== null && pid === lastKilled && !named.has(pid)) isBackward = true
    const isForward = killed !== null && (hasHeader || killed === lastNamed)
    if (pid !== null) named.add(pid)
    lastNamed = pid
    lastKilled = killed
    hasHeader ||= message.includes(' invoked oom-killer: ')
    return isForward && !isBackward
  }

  return { areForward, areBackward: () => isBackward }
}

/** Below 0 where `record` is older than the one before, by stamps of one kind. */
function passedBetween(before: LogRecord | null, record: LogRecord): number {
  if (before === null || (before.stamp === null) !== (record.stamp === null)) return 0
  const [from, to] = [timeOf(before), timeOf(record)]
  return from === null || to === null ? 0 : to - from
}

/** A number that grows with time, of the log's own stamps; null where a line has none. */
function timeOf({ stamp, uptimeSeconds }: LogRecord): number | null {
  if (stamp === null) return uptimeSeconds
  if (stamp.kind === 'full') return stamp.ms
  const year = stamp.kind === 'local' ? stamp.year : 2000
  const { month, day, hour, minute, second, fraction } = stamp
  return Date.UTC(year, month - 1, day, hour, minute, second) + Number(`0.${fraction || '0'}`) * 1000
}

/**
 * Turned round, but that what is indented stays below its line, the names of a table's columns above its rows, and an
 * object of a list, or a document, in its order.
 */
function reversed(lines: readonly Line[]): Line[] {
  const first = lines[0]?.text.trim() ?? ''
  if (isCsvHeader(first) || (first === '[' && elementOf(lines) !== null)) {
    return [lines[0]!, ...blocksOf(lines.slice(1), elementOf(lines)).reverse().flat()]
  }
  return blocksOf(lines, first === '---' ? first : null)
    .reverse()
    .flat()
}

/** Lines that belong together: `element` is the line with which each object begins, where there are objects. */
function blocksOf(lines: readonly Line[], element: string | null): Line[][] {
  const blocks: Line[][] = []
  for (const line of lines) {
    const isBelow = element === null ? /^\s/.test(line.text) : line.text.trimEnd() !== element
    if (isBelow && blocks.length > 0) blocks.at(-1)!.push(line)
    else blocks.push([line])
  }
  return blocks
}

/** The line with which each object of a list over many lines begins; null where there is none. */
function elementOf(lines: readonly Line[]): string | null {
  if (lines[0]?.text.trim() !== '[') return null
  const begun = lines.find(({ text }) => text.trim() === '{')
  return begun === undefined ? null : begun.text.trimEnd()
}
