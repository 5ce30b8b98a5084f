import type { LogRecord } from '../model/record.ts'
import { completes, isCutShort, mayBeHalf, mayBeName, unfold, unfoldAtWord } from './halves.ts'

/** Records of other senders that may pass while a half waits. */
const MOST_PASSING = 8

/**
 * Joins kernel sentences that stand in two lines: halves of a name with a line feed in it, and folded pastes. What may be
 * a first half waits for the next record of the same sender.
 */
export interface Joiner {
  /** Records that are ready, in order. */
  readonly feed: (record: LogRecord) => readonly LogRecord[]
  /** Whether a line, indented perhaps, was the rest of the record that waits, as its first word tells. */
  readonly unfoldAtWord: (text: string) => boolean
  /** Whether a line without any envelope was the rest of the record that waits. */
  readonly unfold: (text: string, isQuoted: boolean) => boolean
  readonly end: () => readonly LogRecord[]
}

const NOTHING: readonly LogRecord[] = []

export function openJoiner(): Joiner {
  let held: LogRecord | null = null
  let passing = 0

  function feed(record: LogRecord): readonly LogRecord[] {
    if (held === null) return holdOrPass(record, NOTHING)
    if (!isSameSender(held, record) && record.envelope === held.envelope) {
      passing++
      return passing < MOST_PASSING ? [record] : [...release(), record]
    }
    if (!isOneSentence(held, record)) return holdOrPass(record, release())
    const joined = { ...held, message: `${held.message}\n${record.message}` }
    held = null
    return [joined]
  }

  function holdOrPass(record: LogRecord, before: readonly LogRecord[]): readonly LogRecord[] {
    if (!mayWait(record)) return before.length === 0 ? [record] : [...before, record]
    held = record
    passing = 0
    return before
  }

  function release(): readonly LogRecord[] {
    const ready = held === null ? NOTHING : [held]
    held = null
    return ready
  }

  return {
    feed,
    unfoldAtWord: text => {
      if (held === null) return false
      const message = unfoldAtWord(held.message, text)
      if (message === null) return false
      held = { ...held, message }
      return true
    },
    unfold: (text, isQuoted) => {
      if (held === null || held.envelope === 'bare') return false
      const message = unfold(held.message, text, isQuoted)
      if (message === null) return false
      held = { ...held, message }
      return true
    },
    end: release,
  }
}

/** Without the kernel's stamp two short lines of one second cannot be told from halves, so names do not wait there. */
function mayWait(record: LogRecord): boolean {
  if (record.envelope === 'bare') return isCutShort(record.message)
  if (record.ident !== 'kernel' || record.continued) return false
  if (record.message === '') return true
  if (mayBeName(record.message)) return record.uptimeSeconds !== null || record.stampFrom === 'kernel'
  return mayBeHalf(record.message) || isCutShort(record.message)
}

function isSameSender(a: LogRecord, b: LogRecord): boolean {
  return a.ident === b.ident && a.host === b.host
}

function isOneSentence(first: LogRecord, second: LogRecord): boolean {
  if (!completes(first.message, second.message)) return false
  if (second.continued || !mayBeName(first.message)) return true
  return first.uptimeSeconds !== null && first.uptimeSeconds === second.uptimeSeconds
}
