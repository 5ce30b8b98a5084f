const KERNEL = Buffer.from('kernel')
const [COLON, QUOTE, BLANK, BRACKET, CLOSING, SEMICOLON, DASH] = [58, 34, 32, 91, 93, 59, 45]

/**
 * Whether the log names the kernel as the sender of this line, before the place of a needle in it: then it names it in
 * all of the kernel's lines, and those are the ones to keep.
 *
 * The name counts with what stands around a sender (`host kernel: `, `kernel[0]: `, `"kernel"`, ` kernel - `), not inside
 * another word: a process called `kernel-agent` may be what invoked the killer. Right after a stamp (`[12.3] kernel: x`,
 * `4,1,2,-;kernel: x`) it is the process's name as well. In doubt no: that keeps too much, never too little.
 */
export const namesKernel = (block: Buffer, from: number, needle: number): boolean => {
  const text = block.subarray(from, needle)
  for (let at = text.indexOf(KERNEL); at >= 0; at = text.indexOf(KERNEL, at + 1)) {
    const after = text[at + KERNEL.length]
    if (after !== COLON && after !== QUOTE && after !== BLANK && after !== BRACKET) continue
    if (after === BLANK && text[at + KERNEL.length + 1] !== DASH) continue
    if (at === 0) return true
    const before = text[at - 1]!
    if (before === CLOSING || before === SEMICOLON) continue
    if (before === BLANK && text[at - 2] === CLOSING) continue
    if (isWordByte(before)) continue
    return true
  }
  return false
}

const isWordByte = (byte: number): boolean =>
  (byte >= 48 && byte <= 57) ||
  (byte >= 65 && byte <= 90) ||
  (byte >= 97 && byte <= 122) ||
  byte === DASH ||
  byte === 95
