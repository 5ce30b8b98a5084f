/**
 * Makes src/sieve/byte-pairs.ts from logs of healthy nodes on standard input:
 *
 *     cat messages | node scripts/count-byte-pairs.mjs
 *
 * Give it days of kubelet, containerd, systemd and kernel lines, without OOM reports: those are rare, and what is rare
 * there is what is wanted.
 */
import { readFileSync, writeFileSync } from 'node:fs'

const FIRST = 0x20
const LAST = 0x7e
/** One pair in 2^22 is the rarest that is told from never. */
const BITS = 22

const log = readFileSync(0)
const counts = new Uint32Array(65536)
for (let i = 0; i + 1 < log.length; i++) counts[(log[i] << 8) | log[i + 1]]++

const letter = count => {
  const level = Math.ceil(Math.log2((count / log.length) * 2 ** BITS)) + 1
  return count === 0 ? '.' : String.fromCharCode(97 + Math.max(0, level))
}
const rows = []
for (let first = FIRST; first <= LAST; first++) {
  let row = ''
  for (let second = FIRST; second <= LAST; second++) row += letter(counts[(first << 8) | second])
  rows.push(`  '${row}', // ${String.fromCharCode(first)}`)
}
writeFileSync(
  new URL('../src/sieve/byte-pairs.ts', import.meta.url),
  `/**
 * How common each pair of neighbouring printable bytes is in the log of a healthy node: a row for each first byte, from
 * the blank to \`~\`, in it a letter for each second byte. \`.\` was never seen, \`a\` is one in 2^${BITS + 1} bytes, each
 * further letter twice as common. Made by scripts/count-byte-pairs.mjs from lines of kubelet, containerd, systemd, kernel.
 */
const ROWS = [
${rows.join('\n')}
]

const FIRST_BYTE = ${FIRST}

const seenOfPair = (first: number, second: number): number => {
  const level = (ROWS[first - FIRST_BYTE]?.charCodeAt(second - FIRST_BYTE) ?? 0) - 97
  return level >= 0 ? 2 ** (level - ${BITS + 1}) : 0
}

const LEAST = 2 ** -${BITS + 2}
/** Summed up when first asked for: the program itself never asks. */
let shares: readonly number[] | null = null
const sumShares = (): readonly number[] =>
  ROWS.map((row, i) => {
    let share = LEAST
    for (let second = 0; second < row.length; second++) share += seenOfPair(i + FIRST_BYTE, second + FIRST_BYTE)
    return share
  })

/** Share of a byte among all bytes; 0 to 1. Those that are not printable are taken for rare. */
export const shareOfByte = (byte: number): number => {
  shares ??= sumShares()
  return shares[byte - FIRST_BYTE] ?? LEAST
}

/** How much of what two bytes' own shares promise is believed of a pair that was never seen. */
const UNSEEN = 1 / 32

/** Share of places at which the pair stands; 0 to 1. */
export const shareOfPair = (first: number, second: number): number =>
  Math.max(seenOfPair(first, second), shareOfByte(first) * shareOfByte(second) * UNSEEN, LEAST)
`,
)
