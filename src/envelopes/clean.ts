/** What terminals, pagers and web pages add to a line; none of it was in the log. */

/**
 * What dmesg, grep and journalctl paint with on a terminal, and `script` or a file kept. They end every colour; where none
 * is ended, it is of a process's name.
 */
export function withoutColours(text: string): string {
  return !/\x1b\[0?m/.test(text) ? text : text.replace(/\x1b\[[\d;]{0,20}[mK]/g, '')
}

const CLOSING_TAG = /^<\/?(?:br|p|li|div|span|code|pre|td|tr) {0,2}\/?>$/
const LONGEST_TAG = '</span  />'.length

/**
 * A text that ends in `>`, without the tags of a web page there. Else a pager may have put it (`less -S`, as journalctl
 * starts it, ends lines that are wider than the terminal so); a number before it may have lost digits. Not in a row of the
 * process table, where it may be of the name.
 */
export function withoutEndMark(text: string): string {
  let end = text.length
  // one by one: a pattern for all of them would begin anew at each
  for (
    let open = text.lastIndexOf('<');
    open >= 0 && end - open <= LONGEST_TAG;
    open = text.lastIndexOf('<', open - 1)
  ) {
    if (!CLOSING_TAG.test(text.slice(open, end))) break
    end = open
    if (open === 0) break
  }
  if (end < text.length) return text.slice(0, end)
  return /<[^<>]*>$|=>$|->$|\](?: +-?\d+){6,} \S/.test(text) ? text : text.replace(/(?:(?<=[ :=])-?\d+)?>$/, '')
}
