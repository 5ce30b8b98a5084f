/**
 * One sentence of the kernel in two pieces.
 *
 * A process name may hold a line feed. Most ways to a file then break the kernel's line in two; here the pieces of one
 * sentence are told from lines that only follow each other.
 */

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
  if (isHalfKill(first)) return END_OF_KILL.test(second) && !KILL.test(second)
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
 * Only sentences that carry facts are looked at. A mail may leave the blank at which it folds.
 */
export function isCutShort(message: string): boolean {
  const text = message.endsWith(' ') ? message.trimEnd() : message
  if (text.endsWith(',') || text.endsWith(',\\')) return CUT_AT_COMMA.test(text)
  if (text.endsWith('invoked oom-killer:')) return true
  // a row of the process table, as most lines are
  if (text.charCodeAt(0) === 91) return isHalfRow(message, text)
  if (text.length <= LONGEST_OPENING && isBeginOfKill(text)) return true
  if (text.startsWith('Task in '))
    return /^Task in \/\S+$|killed(?: as a result(?: of(?: limit(?: of(?: \S{0,512})?)?)?)?)?$/.test(text)
  if (text.startsWith('Memory cgroup stats for ')) return text.includes(':', 24) && !/(?:KB|:)\s*$/.test(text)
  if (text.startsWith('CPU: ')) return CUT_BEFORE_RELEASE.test(text)
  if (isHalfZone(text) || isHalfBuddyList(text)) return true
  if (!text.includes('process ')) return false
  // one after the other: together they would look for the size behind each of a thousand kills
  if (CUT_IN_SIZE.test(text) || lettersOfLastKey(text) > 0) return /Killed process \d/.test(text)
  return CUT_AFTER_PID.test(text) || CUT_AFTER_NAME.test(text)
}

const CUT_AFTER_PID = /(?:Kill(?:ed)?|oom_reaper: reaped) process \d+$/
/** A size without its unit is not over, either. */
const CUT_IN_SIZE = /(?:total-vm|-rss|pgtables):\d+$/
/** The last key of a kill line, which a terminal may have cut anywhere. */
const LAST_KEY = 'oom_score_adj:'

/** How many letters of the last key a line ends with that holds but the beginning of it. */
function lettersOfLastKey(text: string): number {
  const begun = /kB (o[a-z_]{0,12}:?)$/.exec(text)?.[1] ?? ''
  return LAST_KEY.startsWith(begun) ? begun.length : 0
}

const CUT_AFTER_NAME = /Kill(?:ed)? process \d+ \([^\n]{0,64}\)$/
/** How kill lines begin, up to the pid. */
const KILL_OPENINGS = ['Memory cgroup out of memory: ', 'Out of memory: ', ''].flatMap(reason =>
  ['Killed process', 'Kill process', 'kill process'].map(verb => reason + verb),
)
const LONGEST_OPENING = Math.max(...KILL_OPENINGS.map(opening => opening.length))
/** Words of it that are too few to wait for the rest. */
const FEWEST_CHARACTERS = 6

function isBeginOfKill(message: string): boolean {
  if (message.length < FEWEST_CHARACTERS || !'MOKk'.includes(message[0]!)) return false
  return KILL_OPENINGS.some(opening => `${opening} `.startsWith(`${message} `))
}
const CUT_AT_COMMA = /invoked oom-killer: |total-vm:|^oom-kill:/
const CUT_BEFORE_RELEASE = /^CPU: \d+ .*(?:Not tainted|Tainted:[A-Z ]+)$/
/** Up to the blank before the name. */
const ROW_WITHOUT_NAME = /^\[ *\d{1,9}\](?: +-?\d+){7,11} $/

/** A row up to some number, and what ends it: the numbers that are left and the name. */
const ROW_OF_NUMBERS = /^\[ *\d{1,9}\](?: +-?\d+){4,10}$/
const END_OF_ROW = /^ *-?\d{1,10}(?: +-?\d{1,10}){0,4} +[^\s\d][^\n]{0,14}$/
/** The row of titles and what ends it. */
const TITLES = /^\[ +pid +\] +uid +tgid +total_vm(?: +[a-z_]+)+$/
const END_OF_TITLES = /^ *(?:[a-z_]+ +){1,3}name$/

function isHalfRow(message: string, text: string): boolean {
  if (text !== message && ROW_WITHOUT_NAME.test(message)) return true
  const last = text.charCodeAt(text.length - 1)
  if (last >= 48 && last <= 57) return ROW_OF_NUMBERS.test(text)
  return text.includes(' total_vm ') && !text.endsWith(' name') && TITLES.test(text)
}

/** `Node 0 Normal free:…` and `Node 0 active_anon:…`, before what the kernels end them with. */
function isHalfZone(text: string): boolean {
  return (
    text.includes('kB ') &&
    /^(?:Node \d+ )?(?:[A-Z][A-Za-z0-9]+ free|active_anon):\d+kB /.test(text) &&
    !/(?:free_cma:\d+kB|all_unreclaimable\? \w+)$/.test(text)
  )
}

function isHalfBuddyList(text: string): boolean {
  return text.includes('*') && /^(?:Node \d+ )?[A-Z][A-Za-z0-9]+: \d+\*\d+kB/.test(text) && !/ = \d+kB$/.test(text)
}

/**
 * The sentence of `first` and the line below it, which may be indented, where the line's first word says that it is the
 * rest: people fold at blanks and commas.
 */
export function unfoldAtWord(cut: string, second: string): string | null {
  // as a shell's line that goes on
  const first = cut.endsWith('\\') ? cut.slice(0, -1) : cut
  if (!isCutShort(first) && !mayBeName(first)) return null
  const rest = second.trimStart()
  // one word that is longer than a line
  if (first.trim() === '') return rest.startsWith('oom-kill:') ? rest : null
  if (first.endsWith(',')) {
    if (!REST_AFTER_COMMA.test(rest)) return null
    // written out by hand it has blanks behind the commas
    const isTight = first.startsWith('oom-kill:') && !first.includes(', ')
    return isTight ? first + rest : `${first} ${rest}`
  }
  return isRestAtBlank(first, rest) ? `${first} ${rest}` : null
}

function isRestAtBlank(first: string, rest: string): boolean {
  if (rest.startsWith('invoked oom-killer: ')) return mayBeName(first)
  if (first.length <= LONGEST_OPENING && isBeginOfKill(first)) {
    const whole = `${first} ${rest}`
    return KILL_OPENINGS.some(opening => whole.startsWith(`${opening} `) && /^\d/.test(whole.slice(opening.length + 1)))
  }
  if (first.startsWith('Task in ')) return rest.startsWith('killed as a result')
  if (first.endsWith(')')) return rest.startsWith('total-vm:') || rest.startsWith('score ')
  return rest.startsWith('(')
}

const REST_AFTER_COMMA =
  /^(?:nodemask=|cpuset=|mems_allowed=|oom_memcg=|global_oom,|task_memcg=|task=|pid=|uid=|gfp_mask=|order=|oom_score_adj=|(?:anon|file|shmem)-rss:|UID:)/

/**
 * The sentence of `first` and the line below it; null where `second` cannot be its rest.
 *
 * A folded line (`isFolded`: the paste is a quoted mail, or the cut is at a comma) lost the blank there; a terminal cuts
 * anywhere and loses nothing.
 */
export function unfold(first: string, second: string, isQuoted: boolean): string | null {
  const text = first.trimEnd()
  if (isHalfZone(text))
    return unfoldSizes(first, second, /^\S*\d[kK]B(?: |$)|^[a-z_]*(?:\([a-z]*\))?:/, /^[a-z_]+(?:\([a-z]+\))?:/)
  if (isHalfBuddyList(text)) return unfoldSizes(first, second, /^ ?[\d*kB(A-Z)= ]+$/, /^(?:\d+\*|\(|=)/)
  if (text.startsWith('[') && (ROW_OF_NUMBERS.test(text) ? END_OF_ROW : END_OF_TITLES).test(second))
    return `${text} ${second.trimStart()}`
  const atWord = unfoldAtWord(text, second)
  if (atWord !== null || text.endsWith(')') || isBeginOfKill(text) || !isCutShort(first)) return atWord
  if (text.startsWith('Task in ') && (/\s/.test(second) || !/^[\w./:-]+$/.test(second)) && !isQuoted) return null
  if (!/^[\w./:()=,-]/.test(second)) return null
  const letters = lettersOfLastKey(text)
  if (letters > 0 && !(second.startsWith(LAST_KEY.slice(letters)) && /^[a-z_]*:?-?\d+\s*$/.test(second))) return null
  if (text.startsWith('CPU: ') && !/^\d+\.\d+/.test(second)) return null
  if (ROW_WITHOUT_NAME.test(first) && second.length > NAME_BYTES) return null
  if (text !== first) return `${text} ${second}`
  const isFolded = isQuoted || /(?:,| of|oom-killer:)$/.test(first) || first.startsWith('CPU: ')
  return isFolded ? `${first} ${second}` : first + second
}

/** A list of sizes: the fold is between two of them where `second` begins one and `first` is at the end of another. */
function unfoldSizes(first: string, second: string, rest: RegExp, beginning: RegExp): string | null {
  if (!rest.test(second)) return null
  const isBetween = /(?:kB|KB|\))$/.test(first) && beginning.test(second)
  return isBetween ? `${first} ${second}` : first + second
}
