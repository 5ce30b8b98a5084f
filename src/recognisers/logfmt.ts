/**
 * Lines of logrus, which containerd, CRI-O and dockerd log with:
 *
 * ```
 * time="2022-03-15T09:22:41.553168162+09:00" level=info msg="TaskOOM event container_id:\"4f0e…\"" key=value
 * INFO[2022-03-15T09:22:41.553168162+09:00] TaskOOM event container_id:"4f0e…"   key=value
 * {"level":"info","msg":"TaskOOM event container_id:\"4f0e…\"","time":"2022-03-15T09:22:41.553168162+09:00"}
 * ```
 *
 * The first is the usual one, the second is what a terminal gets, the third needs `format = "json"`. Cut ones are
 * understood as well (`level=info msg="…`, `msg="…`, the bare sentence): grep, cut and chats leave them behind.
 *
 * @see sirupsen/logrus text_formatter.go, json_formatter.go
 */
import type { OwnStamp } from '../model/event.ts'

/** A quote inside a message: escaped by logfmt or JSON (or both), or by HTML where the line was pasted from a page. */
export const QUOTE = String.raw`(?:\\{0,4}"|&quot;|&#34;)`
/** `&` of a Go struct; logrus' JSON writes it as `\u0026`. */
export const AMPERSAND = String.raw`(?:&(?:amp;)?|\\{1,2}u0026)`
/** containerd takes any such name for an id; CRI and docker make 64 hexadecimal digits. */
export const ID = '[A-Za-z0-9]+(?:[._-]+[A-Za-z0-9]+)*'
/** Digits of the ids that CRI and docker make. */
export const ID_LENGTH = 64

const STAMP = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)`
const COLOUR = String.raw`(?:\x1b\[\d{0,3}m)?`
const HEADS = [
  '(?:time="?[^"]{0,40}" {1,2})?(?:level=[a-z]{4,8} {1,2})?(?:msg=)?"?',
  String.raw`${COLOUR}[A-Z]{4}${COLOUR}\[[^\]]{0,40}\] {1,2}`,
  String.raw`\{(?:"[\w.-]{1,64}":(?:"[^"\\]*(?:\\.[^"\\]*)*"|[^",{}]{1,64}),)*?"msg":"`,
]

/** What a logrus line can begin with, for {@link Recogniser.starts}; the sentence's own first word is to be added. */
export const LOGFMT_STARTS = [
  'time=',
  'level=',
  'msg=',
  '"',
  '{"',
  'INFO[',
  'WARN[',
  'ERRO[',
  'DEBU[',
  '\x1b[',
] as const

/**
 * The pattern of a line whose message begins with a sentence.
 *
 * A sentence quoted inside another message does not fit: only the head of a line may stand before it.
 *
 * @param sentence source of a regular expression without anchors
 */
export const logfmtLine = (sentence: string): RegExp => new RegExp(`^(?:${HEADS.join('|')})${sentence}`)

const TIME_IN_LOGFMT = new RegExp(`^time="?(${STAMP})"`)
const TIME_ON_TERMINAL = new RegExp(`^${COLOUR}[A-Z]{4}${COLOUR}\\[(${STAMP})\\]`)
const TIME_IN_JSON = new RegExp(`"time":"(${STAMP})"`)

/** The line's own time; nulls where it is cut or a terminal shows seconds since the start (`INFO[0012]`). */
export function readOwnStamp(message: string): OwnStamp {
  const pattern = message.startsWith('{')
    ? TIME_IN_JSON
    : message.startsWith('time=')
      ? TIME_IN_LOGFMT
      : TIME_ON_TERMINAL
  return ownStamp(pattern.exec(message)?.[1])
}

/** A stamp of RFC 3339 as printed; a blank in the place of its T (CRI-O) is corrected. */
export function ownStamp(printed: string | undefined): OwnStamp {
  if (printed === undefined) return { ownMs: null, ownIso: null }
  const ownIso = printed.replace(' ', 'T')
  // Date.parse takes three digits of the fraction; containerd prints nine.
  const fraction = /\.(\d{1,9})/.exec(ownIso)
  const ms = Date.parse(fraction === null ? ownIso : ownIso.replace(fraction[0], ''))
  if (Number.isNaN(ms)) return { ownMs: null, ownIso: null }
  return { ownMs: ms + (fraction === null ? 0 : Number(`0.${fraction[1]}`) * 1000), ownIso }
}

/** What stands before the sentence in nearly every line of containerd; the first group is for {@link usualStamp}. */
export const USUAL_HEAD = 'time="([^"]+)" level=info msg="'

const IN_PARTS = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)$/

/** The last stamp's second, which neighbouring lines share, and its offset. */
let last = { second: '', zone: '', ms: 0 }

/** What {@link ownStamp} says of a stamp, and sooner; undefined where it is not spelled as containerd does. */
export function usualStamp(printed: string): OwnStamp | undefined {
  const [, second, fraction = '0', zone] = IN_PARTS.exec(printed) ?? []
  if (second === undefined || zone === undefined) return undefined
  if (second !== last.second || zone !== last.zone) {
    const ms = Date.parse(second + zone)
    if (Number.isNaN(ms)) return undefined
    last = { second, zone, ms }
  }
  // the same sum as there, to the last bit
  return { ownMs: last.ms + Number(fraction) * 1000, ownIso: printed }
}

const FIELD = /(\w{1,40}):\s?(?:(?:\\{0,4}"|&quot;|&#34;)([^"\\&\s]{0,256})|([\w.-]{1,256}))/g

/**
 * The fields of a protobuf message in text form, or of a Go struct: `name:\"web-0\"  uid:\"8a6f…\"  attempt:1`,
 * `{Name:web-0,Uid:8a6f…,Attempt:1,}`. Their order, and one blank or two between them, differ from build to build.
 */
export function readProto(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (const [, key, quoted, bare] of text.matchAll(FIELD)) {
    const name = key!.toLowerCase()
    if (!fields.has(name)) fields.set(name, quoted ?? bare ?? '')
  }
  return fields
}

/** A whole number in decimal digits; null where it is none, or too big to be exact. */
export function whole(text: string | undefined): number | null {
  if (text === undefined || !/^\d{1,16}$/.test(text)) return null
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : null
}
