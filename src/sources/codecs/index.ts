import type { Codec } from './codec.ts'

const startsWith =
  (...magic: readonly number[]) =>
  (head: Buffer): boolean =>
    magic.every((byte, index) => head[index] === byte)

/** Most frequent first; no two match the same bytes. */
export const codecs: readonly Codec[] = [
  {
    name: 'gzip',
    suffixes: ['gz'],
    matches: startsWith(0x1f, 0x8b, 8),
    load: async () => (await import('./gzip.ts')).decodeGzip,
  },
  {
    name: 'xz',
    suffixes: ['xz'],
    matches: startsWith(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00),
    load: async () => (await import('./xz.ts')).decodeXz,
  },
  {
    name: 'zstd',
    suffixes: ['zst', 'zstd'],
    // A skippable frame may stand first; lz4 shares them, but nothing writes an lz4 log with one in front.
    matches: head =>
      startsWith(0x28, 0xb5, 0x2f, 0xfd)(head) ||
      (((head[0] ?? 0) & 0xf0) === 0x50 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18),
    load: async () => (await import('./zstd.ts')).decodeZstd,
  },
  {
    name: 'bzip2',
    suffixes: ['bz2'],
    // After `BZh9` comes a block (pi) or, in an empty file, the end mark (square root of pi).
    matches: head =>
      /^BZh[1-9]/.test(head.toString('latin1', 0, 4)) && (head.length < 10 || [0x31, 0x17].includes(head[4] ?? 0)),
    load: async () => (await import('./bzip2.ts')).decodeBzip2,
  },
]
