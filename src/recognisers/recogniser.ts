/**
 * What a recogniser is: it understands one sentence of one program, in every historical wording.
 *
 * How to add one:
 * 1. Make a file in the folder of the program that writes the sentence, named after what prints it, exporting one
 *    {@link Recogniser}. A new wording of a known sentence is one more entry in `wordings` of its file, newest first.
 * 2. Give each wording at least one sample: a real message and the fields that must be read from it.
 * 3. Add it to the program's `index.ts`. The guard test says what is missing.
 *
 * Match by shape, never by version: vendors backport sentences. `since` and `source` are notes to the reader.
 */
import type { LogEvent } from '../model/event.ts'

/** A message and what must be read from it. Documentation, unit test and fuzz seed at once. */
export interface Sample<E extends LogEvent> {
  readonly message: string
  readonly expect: Omit<E, 'kind'>
}

export type Groups = Readonly<Record<string, string | undefined>>

/** One historical form of the sentence. */
export interface Wording<E extends LogEvent> {
  /** First release known to print it: `5.4`, `3.10.0-1127.el7`, `containerd 1.7`. Never a condition. */
  readonly since: string
  /**
   * Sees the message without leading blanks (rsyslog loses them, journalctl adds some).
   * Anchored at the start, groups named, each group stopping at its own delimiter: no `.*` before something it could
   * swallow, nothing that backtracks more than linearly. A process name goes up to the last fixed text after it; it may
   * hold any character, a line feed too, so its group is `[\s\S]`, never `.`.
   */
  readonly pattern: RegExp
  readonly samples: readonly Sample<E>[]
}

export interface Recogniser<E extends LogEvent = LogEvent> {
  readonly kind: E['kind']
  /** Program, file, function and version that print it: `torvalds/linux mm/oom_kill.c dump_header(), v5.1`. */
  readonly source: string
  /**
   * Texts of which one stands in every line that this recogniser understands: ASCII, 3 bytes or more, rare. Empty for
   * lines that only count inside a report (process table, Mem-Info, call trace): the sieve keeps those in a section.
   */
  readonly needles: readonly string[]
  /** True where the line opens a section: the kernel's lines after it are kept for a while. */
  readonly opens?: true
  /**
   * Cheap test before the patterns: every message understood here begins with one of these (`starts`, after leading
   * blanks) or holds `has`.
   * One of both must be given; they keep 30 patterns off every line.
   */
  readonly starts?: readonly string[]
  readonly has?: string
  readonly wordings: readonly Wording<E>[]
  /** Named groups to fields, a new object each time; `null` where the numbers turn out to make no sense. Never throws. */
  readonly read: (groups: Groups, message: string) => Omit<E, 'kind'> | null
  /**
   * A quicker reader before the patterns, for sentences of which a log has thousands (rows, frames, containers that start):
   * `undefined` leaves the message to the patterns, as it is not spelled in the usual way. All else must be what the
   * patterns say, which stay as its documentation; the guard test compares the two.
   */
  readonly scan?: (message: string) => E | null | undefined
}

/** The sentences of one program. */
export interface Program {
  readonly name: string
  /** Whether a record may be this program's, by its tag; `null` is a line without any tag (a paste, a bare dmesg). */
  readonly speaks: (ident: string | null) => boolean
  readonly recognisers: readonly Recogniser[]
  /** Messages that hold a needle about OOM and are known to say nothing: no near misses. */
  readonly harmless?: readonly RegExp[]
}
