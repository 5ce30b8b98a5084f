/**
 * Lines of the kernel that stand in one, as in a page or a mail that has lost its line feeds: the head of the first, a stamp
 * or a stamp and a host, comes again in the text, glued to what is before it or behind a blank.
 */

const DMESG = /\[ *(?:(\d{1,12}\.\d{6})|[A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d \d{4})\] /g
const SYSLOG = /[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d ([\w.-]+) (?=[\w./-]+(?:\[\d+\])?: )/g
const OF_KERNEL = /^[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d ([\w.-]+ )kernel: /
/** What the end of a cut text has left of the next stamp. */
const CUT_HEAD = /\[ *\d{0,12}(?:\.\d{0,6})?$/
/** A process may be called like a stamp. */
const IN_NAME = /(?:process \d{1,10} \(|,task=)[^)]{0,15}$/
/** A report is printed at one go: a stamp that is further off is part of a text. */
const LONGEST_SECONDS = 60

/** What a mail or an indented quotation puts before a line. */
const QUOTED = /^[ \t>|]{1,12}/

/** Whether a first character is a blank, a tab or a mark of a quotation. */
function isQuoted(code: number): boolean {
  return code === 32 || code === 9 || code === 62 || code === 124
}

/** The lines of one in which several were run together; null where it is one line, as nearly all are. */
export function apart(line: string): readonly string[] | null {
  const text = isQuoted(line.charCodeAt(0)) ? line.replace(QUOTED, '') : line
  const first = text.charCodeAt(0)
  if (first === 91) return text.indexOf('] ', text.indexOf('] ') + 1) < 0 ? null : cutAt(text, DMESG, isOfReport)
  if (first < 65 || first > 90) return null
  const head = OF_KERNEL.exec(text)
  // most lines do not name their host again
  if (head === null || !text.includes(` ${head[1]!}`, head[0].length)) return null
  return cutAt(text, SYSLOG, (one, other) => one[1] === other[1])
}

/** A stamp in seconds, of the first one's minute or the one after; a date is one whatever it says. */
function isOfReport(first: RegExpExecArray, other: RegExpExecArray): boolean {
  if (first[1] === undefined || other[1] === undefined) return first[1] === other[1]
  const passed = Number(other[1]) - Number(first[1])
  return passed >= 0 && passed < LONGEST_SECONDS
}

function cutAt(
  text: string,
  head: RegExp,
  belongs: (first: RegExpExecArray, other: RegExpExecArray) => boolean,
): readonly string[] | null {
  head.lastIndex = 0
  const first = head.exec(text)
  if (first?.index !== 0) return null
  let end = head.lastIndex
  const starts = [0]
  for (let other = head.exec(text); other !== null; other = head.exec(text)) {
    // a stamp right behind a stamp is another clock's
    const between = text.slice(end, other.index)
    const isText = between.trim() !== '' && !IN_NAME.test(between)
    end = head.lastIndex
    if (isText && belongs(first, other)) starts.push(other.index)
  }
  if (starts.length === 1) return null
  return starts.map((start, i) =>
    text
      .slice(start, starts[i + 1])
      .replace(CUT_HEAD, '')
      .trimEnd(),
  )
}
