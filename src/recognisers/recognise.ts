/** Finds the recogniser that understands a message: by first character, then `starts` or `has`, then the wordings. */
import type { LogEvent } from '../model/event.ts'
import type { LogRecord } from '../model/record.ts'
import type { Program, Recogniser } from './recogniser.ts'

/** Idents whose table is remembered; a log with more of them (pid or path inside the tag) starts afresh. */
const REMEMBERED_IDENTS = 2000

/** Messages by their first character: one list for each ASCII code, one for the rest. */
const OTHER_CODE = 128

/** What may be said by one set of programs. Its lists are made when they are first wanted: at start that is a millisecond. */
interface Speech {
  readonly recognisers: readonly Recogniser[]
  readonly byFirstCode: (readonly Recogniser[] | undefined)[]
  /** Needles whose presence in a message that nothing understands is news. */
  tellTales: readonly string[] | null
  readonly programs: readonly Program[]
}

export interface Recognise {
  /** The event that the record tells; null where no wording fits. Never throws on odd text. */
  readonly recognise: (record: LogRecord) => LogEvent | null
  /**
   * For a record that {@link recognise} made nothing of: the needle about OOM that its message holds, so that it may be
   * a wording not known yet. null for a message that holds none, or is known to be harmless.
   */
  readonly nearMiss: (record: LogRecord) => string | null
}

/** Builds the tables once; the two functions share them and allocate nothing but the event. */
export function createRecogniser(programs: readonly Program[]): Recognise {
  const speeches = new Map<string, Speech>()
  const byIdent = new Map<string | null, Speech>()

  const speechOf = (ident: string | null): Speech => {
    const known = byIdent.get(ident)
    if (known !== undefined) return known
    const speaking = programs.filter(program => program.speaks(ident))
    const names = speaking.map(program => program.name).join()
    const speech = speeches.get(names) ?? buildSpeech(speaking)
    speeches.set(names, speech)
    if (byIdent.size >= REMEMBERED_IDENTS) byIdent.clear()
    byIdent.set(ident, speech)
    return speech
  }

  return {
    recognise: ({ ident, message }) => {
      const speech = speechOf(ident)
      const from = firstNonBlank(message)
      if (from === message.length) return null
      const code = Math.min(message.charCodeAt(from), OTHER_CODE)
      const candidates = speech.byFirstCode[code] ?? addCandidates(speech, code)
      if (candidates.length === 0) return null
      const text = from === 0 ? message : message.slice(from)
      for (let i = 0; i < candidates.length; i++) {
        const event = understand(candidates[i]!, text)
        if (event !== null) return event
      }
      return null
    },
    nearMiss: ({ ident, message }) => {
      if (!ABOUT_OOM.test(message)) return null
      const speech = speechOf(ident)
      const needle = tellTalesOf(speech).find(text => message.includes(text))
      if (needle === undefined || isHarmless(speech, message)) return null
      return needle
    },
  }
}

/**
 * What one recogniser makes of a message without leading blanks; null: not its sentence.
 */
export function understand(recogniser: Recogniser, text: string): LogEvent | null {
  if (!mayUnderstand(recogniser, text) || !holdsNeedle(recogniser, text)) return null
  const event = recogniser.scan?.(text)
  return event === undefined ? readByPattern(recogniser, text) : event
}

/** As {@link understand}, by the wordings alone: the reference that a hand-written `scan` is held against. */
export function readByPattern(recogniser: Recogniser, text: string): LogEvent | null {
  const { wordings } = recogniser
  for (let i = 0; i < wordings.length; i++) {
    const match = wordings[i]!.pattern.exec(text)
    if (match === null) continue
    const fields = recogniser.read(match.groups ?? {}, text)
    // Set, not spread into a new object: that takes several times as long as the pattern. What `read` returns is ours,
    // and its type ties its fields to this kind, which the table of all recognisers cannot say.
    if (fields !== null) return Object.assign(fields, { kind: recogniser.kind }) as LogEvent
  }
  return null
}

/** The needles of all programs, each once; it opens a section if one of its recognisers says so. */
export function needlesOf(programs: readonly Program[]): { text: string; opens: boolean }[] {
  const opensByText = new Map<string, boolean>()
  for (const { recognisers } of programs) {
    for (const { needles, opens } of recognisers) {
      for (const text of needles) opensByText.set(text, (opens ?? false) || (opensByText.get(text) ?? false))
    }
  }
  return [...opensByText].map(([text, opens]) => ({ text, opens }))
}

/** The index of the first character that is neither a blank nor a tab; the length if there is none. */
function firstNonBlank(message: string): number {
  let at = 0
  while (at < message.length) {
    const code = message.charCodeAt(at)
    if (code !== 0x20 && code !== 0x09) break
    at++
  }
  return at
}

function mayUnderstand({ starts, has }: Recogniser, text: string): boolean {
  if (starts !== undefined) {
    for (let i = 0; i < starts.length; i++) if (text.startsWith(starts[i]!)) return true
  }
  return has !== undefined && text.includes(has)
}

/** Half of the patterns are for lines that begin alike: the needle tells them apart before any is tried. */
function holdsNeedle({ needles }: Recogniser, text: string): boolean {
  for (let i = 0; i < needles.length; i++) if (text.includes(needles[i]!)) return true
  return needles.length === 0
}

function buildSpeech(programs: readonly Program[]): Speech {
  const recognisers = programs.flatMap(program => program.recognisers)
  return { recognisers, byFirstCode: Array(OTHER_CODE + 1), tellTales: null, programs }
}

/** Recognisers of messages that may begin with this character. */
function addCandidates({ recognisers, byFirstCode }: Speech, code: number): readonly Recogniser[] {
  const begins = (start: string) => Math.min(start.charCodeAt(0), OTHER_CODE) === code
  const candidates = recognisers.filter(({ starts, has }) => has !== undefined || starts?.some(begins))
  byFirstCode[code] = candidates
  return candidates
}

function tellTalesOf(speech: Speech): readonly string[] {
  speech.tellTales ??= needlesOf(speech.programs)
    .map(({ text }) => text)
    .filter(isAboutOom)
  return speech.tellTales
}

function isHarmless({ programs }: Speech, message: string): boolean {
  return programs.some(({ harmless }) => harmless?.some(pattern => pattern.test(message)))
}

/** Stands in every tell-tale: most lines of a section are ruled out by it. */
const ABOUT_OOM = /oom|memory|kill/i

/** Needles that serve other sentences too (a boot, an exit, a sandbox) are no news when nothing fits. */
function isAboutOom(needle: string): boolean {
  return /oom|ut of memory|Kill(?:ed)? process|killed as/i.test(needle)
}
