/** What stands between stamp and text in syslog and in the journal's short forms: `node1 containerd[1190]: `. */
import { isDigit, skipBlanks } from './digits.ts'
import { readPrintkPrefix } from './printk.ts'
import { monthAt } from './yearless.ts'

/** Who wrote a line, and where the text begins. */
export interface Sender {
  readonly host: string | null
  readonly ident: string | null
  readonly pid: number | null
  /** BusyBox's `kern.warn`. */
  readonly level: string | null
  /** Index of the text. */
  readonly textAt: number
  /** Index of a second stamp, where a relay put its own before the sender's. */
  readonly stampAt: number | null
}

export interface Tag {
  readonly ident: string
  readonly pid: number | null
  /** Index of the text: after the colon and one blank. */
  readonly textAt: number
}

const BLANK = 32
const COLON = 58
const OPEN = 91
const LONGEST_TAG = 128
const KERNEL = 'kernel:'

/** Senders read last, with what was read: a few write nearly all lines of a log. */
const known: { readonly text: string; readonly at: number; readonly sender: Sender }[] = []
const KNOWN_SENDERS = 4
let oldest = 0

/** Reads from the first character after the stamp; null where no blank is there. */
export function readSender(text: string, at: number): Sender | null {
  for (let i = 0; i < known.length; i++) {
    const one = known[i]!
    if (one.at === at && text.startsWith(one.text, at)) return one.sender
  }
  const read = readAnySender(text, at)
  // what follows the tag and its blank has no part in it
  if (read !== null && read.ident !== null && read.level === null && text.charCodeAt(read.textAt - 1) === BLANK) {
    known[oldest] = { text: text.slice(at, read.textAt), at, sender: read }
    oldest = (oldest + 1) % KNOWN_SENDERS
  }
  return read
}

function readAnySender(text: string, at: number): Sender | null {
  // `Mar 15 09:22:41: text`: host and tag cut away, the colon left
  const from = text.charCodeAt(at) === COLON ? at + 1 : at
  if (text.charCodeAt(from) !== BLANK) return null
  const start = skipBlanks(text, from)
  // `[86400.340112] CPU: 3`: the kernel's own stamp, no host with a tag behind it
  if (text.charCodeAt(start) === OPEN && readPrintkPrefix(text, start) !== null) return sender(null, null, null, start)
  const lone = readTag(text, start)
  if (lone !== null)
    return lone.pid === null && WORDS.has(lone.ident) ? sender(null, null, null, start) : sender(null, lone, null)
  const end = endOfHost(text, start)
  if (end < 0 || from > at) return sender(null, null, null, start)
  const host = end === start + lastHost.length && text.startsWith(lastHost, start) ? lastHost : text.slice(start, end)
  const next = skipBlanks(text, end)
  const tag = readTag(text, next)
  if (tag !== null && (host === lastHost || !LEVEL.test(host))) return sender(hostOf(host), tag, null)
  if (tag !== null) return sender(null, tag, host)
  return readUncommonSender(text, start, host, next)
}

// Neighbouring lines mostly bear the same host: its name is one string, and looked at once. Never a word that may be a level.
let lastHost = ''

/** Index of the blank after the word at `start`; -1 where there is none. */
function endOfHost(text: string, start: number): number {
  const end = start + lastHost.length
  return lastHost !== '' && text.charCodeAt(end) === BLANK && text.startsWith(lastHost, start)
    ? end
    : text.indexOf(' ', start)
}

function readUncommonSender(text: string, start: number, host: string, next: number): Sender {
  if (monthAt(text, next) > 0 && text.charCodeAt(next + 3) === BLANK) {
    return { ...sender(hostOf(host), null, null, next), stampAt: next }
  }
  const end = text.indexOf(' ', next)
  const word = end < 0 ? text.slice(next) : text.slice(next, end)
  const after = end < 0 ? -1 : skipBlanks(text, end)
  const tag = after < 0 ? null : readTag(text, after)
  if (tag !== null && LEVEL.test(word)) return sender(hostOf(host), tag, word)
  // no form of its own: the lines of one report have several
  if (tag !== null && SEVERITY.test(word)) return sender(hostOf(host), tag, null)
  // A relay's name, then the sender's.
  if (tag !== null && (word === host || tag.ident === 'kernel') && isHost(word)) return sender(word, tag, null)
  if (LEVEL.test(host)) return sender(null, readTag(text, next), host, next)
  const named = isHost(host) && !isSentence(text, start, word)
  return sender(named ? host : null, null, null, named ? next : start)
}

function sender(host: string | null, tag: Tag | null, level: string | null, textAt = 0): Sender {
  return {
    host,
    ident: tag?.ident ?? null,
    pid: tag?.pid ?? null,
    level,
    textAt: tag?.textAt ?? textAt,
    stampAt: null,
  }
}

/** `kern.warn`, `daemon.info`, `local0.err`. */
const LEVEL = /^(?:kern|user|mail|daemon|auth|syslog|lpr|news|uucp|cron|authpriv|ftp|local[0-7])\.[a-z]{3,7}$/
/** Nearly all names and addresses: the pattern of all others takes V8 a millisecond to compile. */
const USUAL_HOST = /^[\w.:-]*[A-Za-z\d][\w.:-]*$/
/** Of SONiC's template for rsyslog; small in that of BIG-IP. */
const SEVERITY = /^(?:EMERG|ALERT|CRIT|ERR|WARNING|NOTICE|INFO|DEBUG|emerg|alert|crit|err|warning|notice|info|debug)$/
/** Names and addresses; redaction may have left anything with a letter or digit in it. */
const HOST = /^(?!-+$)[^\s"=(){}[\],;`]*[\p{L}\p{N}][^\s"=(){}[\],;`]*$/u

const LONGEST_HOST = 255

function isHost(word: string): boolean {
  return word.length <= LONGEST_HOST && (USUAL_HOST.test(word) || HOST.test(word))
}

function hostOf(word: string): string | null {
  if (word === lastHost) return word
  if (!isHost(word)) return null
  if (!LEVEL.test(word)) lastHost = word
  return word
}

/** Words with a colon by which the kernel's own text begins. */
const WORDS = new Set(['CPU', 'memory', 'memory+swap', 'swap', 'kmem', 'oom_reaper', 'Mem-Info', 'oom-kill'])

const OPENERS = [
  'Memory cgroup ',
  'Out of memory',
  'Killed process ',
  'Kill process ',
  'Task in ',
  'Tasks in ',
  'Tasks state ',
  'memory: usage ',
  'oom-kill:',
  'oom_reaper: ',
  'Call Trace:',
  'CPU: ',
  'TaskOOM ',
]

/** Whether the kernel's (or containerd's) text begins here, so that its first word is not a host. */
function isSentence(text: string, at: number, secondWord: string): boolean {
  if (secondWord === 'invoked') return true
  for (const opener of OPENERS) if (text.startsWith(opener, at)) return true
  return false
}

/**
 * `containerd[1190]: ` or `kernel: ` at `at`. The tag ends at a colon with a blank or nothing after it, and has no
 * blanks in it; for `kernel:` the text may follow at once, as some consoles print it.
 */
export function readTag(text: string, at: number): Tag | null {
  if (text.startsWith(KERNEL, at)) return { ident: 'kernel', pid: null, textAt: pastBlank(text, at + KERNEL.length) }
  const limit = Math.min(text.length, at + LONGEST_TAG)
  let open = -1
  for (let i = at; i < limit; i++) {
    const code = text.charCodeAt(i)
    if (code === BLANK || code === 34 || code === 61) return null
    if (code === OPEN && open < 0) open = i
    if (code === COLON && (i + 1 === text.length || text.charCodeAt(i + 1) === BLANK)) {
      return i === at ? null : tagOf(text, at, open, i)
    }
  }
  return null
}

function tagOf(text: string, at: number, open: number, colon: number): Tag | null {
  const textAt = pastBlank(text, colon + 1)
  if (open < 0) return { ident: text.slice(at, colon), pid: null, textAt }
  if (open === at || text.charCodeAt(colon - 1) !== 93) return null
  const pid = text.slice(open + 1, colon - 1)
  return { ident: text.slice(at, open), pid: isNumber(pid) ? Number(pid) : null, textAt }
}

function isNumber(text: string): boolean {
  if (text === '' || text.length > 10) return false
  for (let i = 0; i < text.length; i++) if (!isDigit(text.charCodeAt(i))) return false
  return true
}

function pastBlank(text: string, at: number): number {
  return text.charCodeAt(at) === BLANK ? at + 1 : at
}

/** The ident of a tag with the unit before it, as `journalctl -o with-unit` prints it: `kubelet.service/kubelet`. */
export function identOfUnit(tag: string): string {
  const slash = tag.lastIndexOf('/')
  return slash >= 0 ? tag.slice(slash + 1) : tag.replace(/\.(?:service|scope)$/, '')
}

/** `<PRI>`: where the rest begins, and the number; null where there is none. */
export function readPri(text: string): { readonly pri: number; readonly end: number } | null {
  if (text.charCodeAt(0) !== 60) return null
  const end = text.indexOf('>')
  if (end < 2 || end > 4) return null
  const digits = text.slice(1, end)
  return isNumber(digits) ? { pri: Number(digits), end: end + 1 } : null
}
