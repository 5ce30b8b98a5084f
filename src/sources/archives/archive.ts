import type { Content } from '../source.ts'

/**
 * A format that holds many files.
 *
 * To add one: a generator of {@link ArchiveEntry} in a file of its own, its row in `archives/index.ts`, and its magic in
 * `content.ts`. Rules: entries in the order of the file; what cannot be read is an entry with `trouble` or, when it concerns
 * the archive, a SourceError after everything that could be given.
 */
export interface Archive {
  readonly content: Content
  readonly load: () => Promise<ArchiveReader>
}

export type ArchiveReader = (source: AsyncIterable<Buffer>, context: ArchiveContext) => AsyncGenerator<ArchiveEntry>

export interface ArchiveContext {
  /** Only for messages. */
  readonly path: string
  /** Where a format that needs to seek may put a file, removed at once. */
  readonly tmpDir: string
  /** Counts what is unpacked only to find where it ends; throws a SourceError when it is too much. */
  readonly guard: (source: AsyncIterable<Buffer>) => AsyncGenerator<Buffer>
}

export interface ArchiveEntry {
  /** As written in the archive: may be absolute, lead out of it, or hold anything. */
  readonly name: string
  readonly kind: 'file' | 'hardlink' | 'symlink' | 'directory' | 'other'
  /** Of links, as written. */
  readonly linkName: string
  readonly sizeBytes: number
  /** Bytes it takes in the archive, where that compresses each of its members; else null. */
  readonly packedBytes: number | null
  readonly mtimeMs: number | null
  /** Why it cannot be read, else null. */
  readonly trouble: string | null
  /** The stored file, once, and only until the next entry is asked for. */
  readonly bytes: () => AsyncGenerator<Buffer>
}
