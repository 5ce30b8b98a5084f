/**
 * One sentence of the kernel in two pieces.
 *
 * A process name may hold a line feed. Most ways to a file then break the kernel's line in two; here the pieces of one
 * sentence are told from lines that only follow each other.
 */

import { isDigit } from './digits.ts'

/** The longest a name can be, in bytes. */
const NAME_BYTES = 15
/** Characters of it where bytes stand as `\xNN`. */
const NAME_CHARACTERS = NAME_BYTES * 4

/**
 * Pieces of a message that holds line feeds: the message itself where the feed is inside a name, else its lines.
 * Empty lines are no pieces.
 */
export function piecesOf(message: string): readonly string[] {
  const first = message.indexOf('\n')
  if (first < 0) return [message]
  const last = message.lastIndexOf('\n')
  if (completes(message.slice(0, first), message.slice(last + 1))) return [message]
  const pieces = message.split('\n').filter(piece => piece !== '')
  return pieces.length === 0 ? [''] : pieces
}

/** Whether a line could be the first half of a sentence, so that it must wait for what follows. */
export function mayBeHalf(message: string): boolean {
  return mayBeName(message) || isHalfKill(message) || isHalfSummary(message) || isHalfReaped(message)
}

/** Whether a line is so short that it may be the beginning of a name. */
export function mayBeName(message: string): boolean {
  return message.length < NAME_BYTES || (message.length <= NAME_CHARACTERS && message.includes('\\x'))
}

/** Whether `second` ends a sentence that `first` began. */
export function completes(first: string, second: string): boolean {
  if (second.includes(' invoked oom-killer: ')) return mayBeName(first)
  if (isHalfKill(first)) return END_OF_KILL.test(second)
  if (isHalfSummary(first)) return second.includes(',pid=') && second.includes(',uid=')
  return isHalfReaped(first) && second.includes('), now ')
}

const END_OF_KILL = /\)(?: total-vm:|, UID | score )/
const KILL = /Kill(?:ed)? process \d+(?:, UID \d+,)? \(/

function isHalfKill(message: string): boolean {
  return message.includes('process ') && KILL.test(message) && !END_OF_KILL.test(message)
}

function isHalfSummary(message: string): boolean {
  return message.startsWith('oom-kill:constraint=') && !message.includes(',uid=')
}

function isHalfReaped(message: string): boolean {
  return message.startsWith('oom_reaper: reaped process ') && !message.includes('), now ')
}

/**
 * Whether a kernel line stops where its sentence cannot end, as in a mail folded at 80 columns or a terminal's copy.
 * Only sentences that carry facts are looked at.
 */
export function isCutShort(message: string): boolean {
  if (message.endsWith(',')) return CUT_AT_COMMA.test(message)
  if (message.startsWith('Task in '))
    return /killed(?: as a result(?: of(?: limit(?: of(?: \S{0,512})?)?)?)?)?$/.test(message)
  if (message.startsWith('Memory cgroup stats for ')) return message.includes(':', 24) && !/(?:KB|:)\s*$/.test(message)
  return isDigit(message.charCodeAt(message.length - 1)) && message.includes('process ') && CUT_AFTER_PID.test(message)
}

const CUT_AFTER_PID = /Kill(?:ed)? process \d+$/
const CUT_AT_COMMA = /invoked oom-killer: |total-vm:|^oom-kill:/

/**
 * The sentence of `first` and the line below it; null where `second` cannot be its rest.
 *
 * A folded line (`isFolded`: the paste is a quoted mail, or the cut is at a comma) lost the blank there; a terminal cuts
 * anywhere and loses nothing.
 */
export function unfold(first: string, second: string, isQuoted: boolean): string | null {
  if (first.startsWith('Task in ') && (/\s/.test(second) || !/^[\w./:-]+$/.test(second)) && !isQuoted) return null
  if (!/^[\w./:()=,-]/.test(second)) return null
  const isFolded = isQuoted || first.endsWith(',') || first.endsWith(' of')
  return isFolded ? `${first} ${second}` : first + second
}
