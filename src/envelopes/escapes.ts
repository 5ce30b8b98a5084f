/** Escapes that the kernel, dmesg and rsyslog put into text, and how to undo them. */

const RUN = /(?:\\x[0-9a-fA-F]{2})+/g

/**
 * `/dev/kmsg`: bytes below 0x20, from 0x7f on, and the backslash stand as `\xNN`.
 *
 * @see torvalds/linux kernel/printk/printk.c, append_char(), msg_add_ext_text()
 */
export function decodeKmsg(text: string): string {
  return decodeRuns(text, () => true)
}

/**
 * dmesg: control characters and broken UTF-8 stand as `\xNN`. It leaves a backslash alone and prints a line feed, so
 * `\x5c`, `\x0a` and `\x41` are a process's own spelling.
 *
 * @see util-linux sys-utils/dmesg.c safe_fwrite(), lib/carefulputc.c
 */
export function decodeDmesg(text: string): string {
  return decodeRuns(text, byte => (byte < 0x20 && byte !== 0x0a) || byte >= 0x7f)
}

/** The kernel's text as rsyslog's imkmsg hands it on, escaped as in `/dev/kmsg`. */
export function decodeImkmsg(text: string): string {
  return decodeRuns(text, byte => byte < 0x20 || byte >= 0x7f || byte === 0x5c)
}

function decodeRuns(text: string, isEscape: (byte: number) => boolean): string {
  return text.replace(RUN, run => {
    let decoded = ''
    let bytes: number[] = []
    for (let i = 0; i < run.length; i += 4) {
      const byte = Number.parseInt(run.slice(i + 2, i + 4), 16)
      if (isEscape(byte)) {
        bytes.push(byte)
        continue
      }
      decoded += bytesToText(bytes) + run.slice(i, i + 4)
      bytes = []
    }
    return decoded + bytesToText(bytes)
  })
}

const OCTAL = /#(0[0-3][0-7]|177)/g

/** rsyslog: control characters stand as `#NNN`, octal. Other numbers after a `#` are not its own. */
export function decodeOctal(text: string): string {
  return text.replace(OCTAL, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))
}

/** UTF-8, with bytes that are not as `\xNN`, as in `Line.text`. */
export function bytesToText(bytes: readonly number[]): string {
  const whole = Buffer.from(bytes).toString('utf8')
  if (!whole.includes('\ufffd')) return whole
  let text = ''
  for (let i = 0; i < bytes.length; ) {
    const length = lengthOfCharacter(bytes, i)
    if (length === 0) {
      text += `\\x${bytes[i]!.toString(16).padStart(2, '0')}`
      i++
      continue
    }
    text += Buffer.from(bytes.slice(i, i + length)).toString('utf8')
    i += length
  }
  return text
}

/** Bytes of the UTF-8 character at `i`; 0 where there is none. */
function lengthOfCharacter(bytes: readonly number[], i: number): number {
  const first = bytes[i]!
  if (first < 0x80) return 1
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  if (first < 0xc2 || first > 0xf4 || i + length > bytes.length) return 0
  for (let k = 1; k < length; k++) if ((bytes[i + k]! & 0xc0) !== 0x80) return 0
  const second = bytes[i + 1]!
  if (first === 0xe0 && second < 0xa0) return 0
  if (first === 0xed && second > 0x9f) return 0
  if (first === 0xf0 && second < 0x90) return 0
  if (first === 0xf4 && second > 0x8f) return 0
  return length
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&quot;': '"',
  '&lt;': '<',
  '&gt;': '>',
  '&#39;': "'",
  '&#34;': '"',
}

/** Text from a web page. Only where one of the entities that log lines need is in it. */
export function decodeHtml(text: string): string {
  if (!text.includes('&amp;') && !text.includes('&quot;') && !text.includes('&lt;')) return text
  return text.replace(/&(?:amp|quot|lt|gt|#39|#34);/g, entity => ENTITIES[entity] ?? entity)
}
