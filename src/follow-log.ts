/** A log that grows: as `read-log.ts`, but for its end. */
import { createListener, type ListenerOptions, type LogCounts } from './hear-log.ts'
import { createSplitter } from './sieve/lines.ts'
import type { KeptLines, Sieve } from './sieve/sieve.ts'
import { type Piece, SourceError } from './sources/source.ts'

export interface FollowLogOptions extends ListenerOptions {
  readonly createSieve: () => Sieve
  readonly fail: (error: SourceError) => void
  /** Called when a chunk was heard. */
  readonly heard: () => void
}

/** What a followed file gives: bytes, and a mark between those of two files (rotation, truncation). */
export type Growing = AsyncIterable<Buffer | 'rotated'>

export interface FollowedLog {
  /** Resolves when the source has ended (a pipe was closed, the following was stopped). */
  readonly done: Promise<LogCounts>
  /** Nothing has come for a while. */
  readonly quiet: () => void
  /** Reports that got no line since are closed as they are. */
  readonly closeReports: () => void
}

export function followLog(piece: Piece, growing: Growing, logIndex: number, options: FollowLogOptions): FollowedLog {
  const listener = createListener(logIndex, options)
  const sieve = options.createSieve()
  let splitter = createSplitter(0)

  function begin(): void {
    listener.begin(piece)
    splitter = createSplitter(listener.source())
  }

  function hear(kept: KeptLines | null): void {
    if (kept !== null) listener.hear(splitter.split(kept))
  }

  function finish(): void {
    hear(sieve.end())
    splitter.end()
    listener.finish(sieve)
    sieve.nextPiece()
  }

  async function run(): Promise<LogCounts> {
    begin()
    try {
      for await (const chunk of growing) {
        if (chunk === 'rotated') {
          // a report may straddle the cut: only the source is another
          finish()
          begin()
        } else hear(sieve.feed(chunk))
        options.heard()
      }
    } catch (error) {
      options.fail(error instanceof SourceError ? error : new SourceError(piece.path, String(error), { cause: error }))
    }
    finish()
    return listener.end()
  }

  return {
    done: run(),
    quiet: listener.quiet,
    closeReports: () => listener.closeReports(Number.POSITIVE_INFINITY),
  }
}
