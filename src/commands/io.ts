/** What a command may do to the outside; `cli.ts` makes it of the process. */
export interface Io {
  readonly cwd: string
  /** null where standard input is a terminal. */
  readonly stdin: AsyncIterable<Buffer> | null
  /** Resolves once the text is taken; false when nobody reads any more. */
  readonly write: (text: string) => Promise<boolean>
  /** One line on stderr, `oomlens: ` put before it. */
  readonly complain: (message: string) => void
  /** Text on stderr as it is: for progress. */
  readonly writeErr: (text: string) => void
  readonly isTerminal: boolean
  readonly isErrTerminal: boolean
  /** Of the terminal; 80 where there is none. */
  readonly columns: number
  readonly env: Readonly<Record<string, string | undefined>>
  /** For what must be put on disk to be read: zip archives and bundles from a pipe. */
  readonly tmpDir: string
  /** What a worker thread of the sieve runs. */
  readonly sieveWorker: URL
  /** What a thread runs that reads packed files and pipes. */
  readonly readWorker: URL
  /** Threads that the machine runs at a time. */
  readonly parallelism: number
  readonly nowMs: () => number
  /** A clock that nobody sets, ms since whenever: for how long something took. */
  readonly steadyMs: () => number
  readonly localZone: string
  readonly version: string
  /** Aborted by SIGINT. */
  readonly interrupted: AbortSignal
}

/** Exit statuses as grep has them, see the contract. */
export const EXIT = { ok: 0, none: 1, error: 2, interrupted: 130 } as const

/** `--color`, NO_COLOR, FORCE_COLOR and the terminal, in that order. */
export function wantsColor(color: 'auto' | 'always' | 'never', io: Io): boolean {
  if (color !== 'auto') return color === 'always'
  const { NO_COLOR, FORCE_COLOR, TERM } = io.env
  if (NO_COLOR) return false
  if (FORCE_COLOR) return FORCE_COLOR !== '0'
  return io.isTerminal && TERM !== 'dumb'
}

/** A writer's text, piece by piece; a string is one piece, not its characters. */
export function partsOf(text: string | Iterable<string>): Iterable<string> {
  return typeof text === 'string' ? [text] : text
}
