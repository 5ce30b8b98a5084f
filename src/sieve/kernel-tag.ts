const KERNEL = Buffer.from('kernel')
const code = (character: string): number => character.charCodeAt(0)
const [COLON, QUOTE, BLANK, BRACKET, CLOSING, SEMICOLON] = [...':" [];'].map(code) as [
  number,
  number,
  number,
  number,
  number,
  number,
]

/**
 * Whether the log names the kernel as the sender of this line, before the place of a needle in it: then it names it in
 * all of the kernel's lines, and those are the ones to keep.
 *
 * The name counts with what stands around a sender (`host kernel: `, `kernel[0]: `, `"kernel"`, ` kernel - `), not inside
 * another word: a process called `kernel-agent` may be what invoked the killer. Right after a stamp (`[12.3] kernel: x`,
 * `4,1,2,-;kernel: x`) it is the process's name as well. In doubt no: that keeps too much, never too little.
 */
export const namesKernel = (block: Buffer, from: number, needle: number): boolean => {
  for (let at = block.indexOf(KERNEL, from); at >= 0 && at < needle; at = block.indexOf(KERNEL, at + 1)) {
    const after = block[at + KERNEL.length]
    if (after !== COLON && after !== QUOTE && after !== BLANK && after !== BRACKET) continue
    if (after === BLANK && block[at + KERNEL.length + 1] !== code('-')) continue
    if (at === from) return true
    const before = block[at - 1]!
    if (before === CLOSING || before === SEMICOLON) continue
    if (before === BLANK && at - from > 1 && block[at - 2] === CLOSING) continue
    if (isWordByte(before)) continue
    return true
  }
  return false
}

const isWordByte = (byte: number): boolean =>
  (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) || byte === 45 || byte === 95
