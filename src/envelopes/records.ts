/** What is done to every text once its envelope is off: the kernel's stamp, escapes, line feeds. */
import type { Line } from '../model/line.ts'
import type { LogRecord } from '../model/record.ts'
import { skipBlanks } from './digits.ts'
import type { Escapes, Parsed } from './envelope.ts'
import { decodeDmesg, decodeImkmsg, decodeKmsg, decodeOctal } from './escapes.ts'
import { piecesOf } from './halves.ts'
import { type PrintkPrefix, readPrintkPrefix } from './printk.ts'
import { insideKata, isConsoleOfGuest } from './vm-console.ts'

/** What the lines below a record may continue, indented by the width of what stood before its text. */
export interface RecordContext {
  readonly record: LogRecord
  readonly parsed: Parsed
}

export interface Continued {
  readonly record: LogRecord
  readonly escapes: Escapes
}

export interface Unescaper {
  readonly decoded: (continued: Continued) => LogRecord
  readonly decode: (text: string, escapes: Escapes, isKernel: boolean) => string
}

/** Undoes escapes; remembers which way the kernel's lines of this log came, since two ways can be told only by example. */
export function openEscapes(): Unescaper {
  let kernelStyle: 'hex' | 'octal' | null = null

  function decode(text: string, escapes: Escapes, isKernel: boolean): string {
    if (escapes === 'none') return text
    if (escapes === 'kmsg') return text.includes('\\x') ? decodeKmsg(text) : text
    if (escapes === 'dmesg') return text.includes('\\x') ? decodeDmesg(text) : text
    return decodeSyslog(text, isKernel)
  }

  // imkmsg leaves `#012` in a name alone and imjournal `\x0a`: the first escape that the log shows decides.
  function decodeSyslog(text: string, isKernel: boolean): string {
    if (isKernel && kernelStyle !== 'octal' && text.includes('\\x')) {
      const decoded = decodeImkmsg(text)
      if (decoded !== text) {
        kernelStyle = 'hex'
        return decoded
      }
    }
    if (!text.includes('#')) return text
    if (isKernel && kernelStyle === 'hex' && !/[ :]\d+#012[a-z ]/.test(text)) return text
    const decoded = decodeOctal(text)
    if (isKernel && decoded !== text) kernelStyle ??= 'octal'
    return decoded
  }

  return {
    decode,
    decoded: ({ record, escapes }) => ({ ...record, message: decode(record.message, escapes, true) }),
  }
}

/**
 * The record of a text, which may hold line feeds still. `bootId` holds where the envelope names none.
 */
export function recordOf(
  given: Parsed,
  line: Line,
  envelope: string,
  bootId: string | null,
  escapes: Unescaper,
): LogRecord {
  const parsed = given.ident?.startsWith('kata') ? (insideKata(given) ?? given) : given
  const kernel = readKernelStamp(parsed)
  const ident = kernel === null ? parsed.ident : 'kernel'
  const text = kernel === null ? parsed.message : parsed.message.slice(kernel.width)
  // imklog, which leaves the stamp in the text, escapes nothing.
  const isRaw = kernel !== null && parsed.escapes === 'syslog'
  const message = isRaw ? text : escapes.decode(text, parsed.escapes, ident === 'kernel')
  const record: LogRecord = {
    line,
    stamp: parsed.stamp,
    stampFrom: parsed.stampFrom,
    envelope,
    host: parsed.host,
    ident,
    pid: parsed.pid,
    uptimeSeconds: kernel === null ? parsed.uptimeSeconds : kernel.seconds,
    caller: kernel === null ? parsed.caller : kernel.caller,
    bootId: parsed.bootId ?? bootId,
    message,
    continued: false,
  }
  const mayBeSystemd = ident === 'kernel' && message.charCodeAt(0) === 115 && message.startsWith('systemd')
  const spoken = mayBeSystemd ? SYSTEMD.exec(message) : null
  if (spoken === null) return record
  return { ...record, ident: spoken[1]!, pid: Number(spoken[2]), message: message.slice(spoken[0].length) }
}

/** While journald is away, as after its own kill, systemd speaks through the kernel's log. */
const SYSTEMD = /^(systemd(?:-oomd)?)\[(\d{1,10})\]: /

/** The records of one that holds line feeds. */
export function splitRecord(record: LogRecord): readonly LogRecord[] {
  const pieces = piecesOf(record.message)
  return pieces.map((message, i) => ({ ...record, message, continued: i > 0 }))
}

/** imklog and klogd leave the kernel's own stamp in the text: `kernel: [ 8523.340112] text`. */
function readKernelStamp(parsed: Parsed): PrintkPrefix | null {
  const { ident, message } = parsed
  // `kernel: : [ 8523.340112] text`, of a syslog that puts a colon behind a tag that has one
  // `kernel:  [ 8523.340112] text`, of a service that puts a blank of its own behind the tag
  const first = message.charCodeAt(0)
  // tests that cost nothing, for each line
  if (first !== 91 && first !== 58 && first !== 32) return null
  const at = first === 91 || ident !== 'kernel' ? 0 : message.startsWith(': [') ? 2 : message.startsWith(' [') ? 1 : 0
  if (message.charCodeAt(at) !== 91) return null
  if (ident !== 'kernel' && ident !== null && !isConsoleOfGuest(ident)) return null
  const prefix = readPrintkPrefix(message, at)
  return prefix === null || at === 0 ? prefix : { ...prefix, width: at + prefix.width }
}

/** Least blanks of a continuation whose indentation is not that of its record: one or two may begin any text. */
const FEWEST_BLANKS = 3

/**
 * The record of a continuation line; null where the line is none. `exact`: only a line indented as far as the text above
 * or further, which needs no look at its envelope.
 */
export function continuationOf(context: RecordContext, text: string, line: Line, exact: boolean): Continued | null {
  if (text.charCodeAt(0) !== 32) return null
  const stampWidth = readKernelStamp(context.parsed)?.width ?? 0
  const width = context.parsed.width + stampWidth
  const blanks = skipBlanks(text, 0)
  if (context.parsed.width === 0 || blanks === text.length) return null
  if (blanks < (exact ? width : FEWEST_BLANKS)) return null
  const message = text.slice(indentOf(blanks, width, context.record))
  const isRaw = stampWidth > 0 && context.parsed.escapes === 'syslog'
  return {
    record: { ...context.record, line, message, continued: true },
    escapes: isRaw ? 'none' : context.parsed.escapes,
  }
}

/**
 * How many blanks are indentation; what is more belongs to the text. dmesg counts bytes, which are more than characters
 * where a month has a name in Chinese.
 */
function indentOf(blanks: number, width: number, record: LogRecord): number {
  if (blanks < width) return blanks
  if (record.envelope !== 'dmesg-time' && record.envelope !== 'dmesg-decoded') return width
  const bytes = Buffer.byteLength(record.line.text.slice(0, width))
  return blanks >= bytes ? bytes : width
}
