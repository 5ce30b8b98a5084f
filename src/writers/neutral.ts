/**
 * Log text is data of a stranger: a process may be called `\x1b[2J`, `<script>` or `=cmd()`. Here it is made harmless for
 * the medium it goes to. Every writer passes every string of the log through one of these.
 */

/**
 * What a terminal or a reader must not get as it is: C0, DEL and C1 controls (escape sequences begin with one), soft hyphen,
 * zero-width and bidirectional marks, line and paragraph separators, the byte order mark, interlinear marks, tag characters,
 * and halves of surrogate pairs.
 */
const unsafe =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\p{Cs}\u{e0000}-\u{e007f}]/gu

const shortEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** Makes control and invisible characters visible: ESC becomes `\x1b`, a line break `\n`, U+202E `\u202e`. Never throws. */
export function visible(text: string): string {
  return text.replace(unsafe, escapeCharacter)
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code > 0xffff) return `\\u{${code.toString(16)}}`
  if (code > 0xff) return `\\u${code.toString(16).padStart(4, '0')}`
  return shortEscapes[character] ?? `\\x${code.toString(16).padStart(2, '0')}`
}

/** JSON text that is also harmless in a terminal: the same data, with what {@link visible} escapes written as `\uXXXX`. */
export function safeJson(value: unknown, indent?: number): string {
  // Line breaks stand only between tokens here, never inside strings: JSON.stringify has escaped those.
  return JSON.stringify(value, null, indent).replace(unsafe, character =>
    character === '\n' ? character : [...utf16(character)].join(''),
  )
}

function* utf16(character: string): Generator<string> {
  for (let i = 0; i < character.length; i++) yield `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`
}

const htmlEscapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** For text and for quoted attribute values of HTML. */
export function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"']/g, character => htmlEscapes[character] ?? '')
}

/** For running text of Markdown, also inside a table: no markup, link, mention, issue number or HTML is left in it. */
export function escapeMarkdown(text: string): string {
  return visible(text)
    .replace(/[\\`*_[\]#|~$]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@/g, '&#64;')
    .replace(/^(\s*)([-=+])/, '$1\\$2')
    .replace(/^(\s*\d+)\./, '$1\\.')
    .replace(/:\/\//g, ':&#47;/')
    .replace(/\bwww\./gi, 'www&#46;')
}

/** A code span of Markdown that the text cannot leave; `|` is escaped too, so that it may stand in a table. */
export function markdownCode(text: string): string {
  const safe = visible(text).replace(/\|/g, '\\|')
  let longest = 0
  for (const run of safe.match(/`+/g) ?? []) longest = Math.max(longest, run.length)
  const fence = '`'.repeat(longest + 1)
  const pad = safe === '' || safe.startsWith('`') || safe.endsWith('`') || /^ .* $/.test(safe) ? ' ' : ''
  return `${fence}${pad}${safe}${pad}${fence}`
}

/**
 * One field of RFC 4180. Text that a spreadsheet would take for a formula gets an apostrophe before it; numbers are passed as
 * numbers and keep their sign.
 */
export function csvField(value: string | number | boolean | null): string {
  if (value === null) return ''
  if (typeof value !== 'string') return String(value)
  const safe = visible(value)
  const guarded = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(safe) ? `'${safe}` : safe
  return /[",\r\n]|^\s|\s$/.test(guarded) ? `"${guarded.replace(/"/g, '""')}"` : guarded
}
