/**
 * A compression that single files come in.
 *
 * To add one: write `codecs/<name>.ts` that exports a {@link Decoder}, and its row in `codecs/index.ts`. Rules:
 * - streaming: memory does not grow with the input, and no more is decoded than is asked for;
 * - several members, frames or streams in one file are one text;
 * - what could be decoded is yielded first, then one SourceError that names the byte of the compressed input;
 * - checksums are checked;
 * - leaving the iteration early lets the source go.
 */
export interface Codec {
  /** As reported in `Source.compression`. */
  readonly name: string
  /** Of file names, without the dot; only for grouping rotated files, never to decide what a file is. */
  readonly suffixes: readonly string[]
  /** Whether the first bytes (at most {@link MAGIC_BYTES}) are this compression's. */
  readonly matches: (head: Buffer) => boolean
  /** Loads the decoder; libraries stay unloaded until a file needs them. */
  readonly load: () => Promise<Decoder>
}

/** @param reopen the source from its beginning, where it can be had: for a second look at what is damaged */
export type Decoder = (
  source: AsyncIterable<Buffer>,
  path: string,
  reopen?: (() => AsyncIterable<Buffer>) | null,
) => AsyncGenerator<Buffer>

/** So many first bytes tell every codec. */
export const MAGIC_BYTES = 18
