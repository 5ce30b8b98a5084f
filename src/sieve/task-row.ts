const [BLANK, CLOSING, ZERO, NINE] = [32, 93, 48, 57]

/**
 * Whether a line may be a row of a report's process table (`[  48213]  1000 48213  1182345 …`): it has a `]`, blanks and a
 * digit. Cheap and coarse; ordinary lines of the kernel have letters there.
 */
export const isTaskRow = (block: Buffer, from: number, to: number): boolean => {
  for (let at = from; at < to; at++) {
    if (block[at] !== CLOSING) continue
    let after = at + 1
    while (after < to && block[after] === BLANK) after++
    if (after > at + 1 && after < to && block[after]! >= ZERO && block[after]! <= NINE) return true
  }
  return false
}
