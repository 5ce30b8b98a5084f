import type { Line } from '../model/line.ts'
import type { Found, Parsed } from './envelope.ts'

/** Characters of a text in parts that are kept; a runtime writes parts of 8 or 16 KiB. */
const LONGEST_TEXT = 1024 * 1024

/** Texts that are open at a time: a container has two streams. What else is said to be a part is taken as it is. */
const MOST_OPEN = 8

interface Open {
  readonly first: Found
  message: string
}

/** Joins texts that a container runtime wrote in parts, per stream. */
export interface Parts {
  /** Whether no text is open: then a text that is no part is whole. */
  readonly isIdle: () => boolean
  /** The whole text, with the line where it began; null while more is to come. */
  readonly feed: (parsed: Parsed, line: Line) => Found | null
  /** Texts whose last part is missing. */
  readonly end: () => readonly Found[]
}

export function openParts(): Parts {
  const open = new Map<string, Open>()

  function feed(parsed: Parsed, line: Line): Found | null {
    if (parsed.partOf !== null && (open.size < MOST_OPEN || open.has(parsed.partOf))) {
      add(parsed.partOf, parsed, line)
      return null
    }
    const begun = open.size === 0 || parsed.ident === null ? undefined : open.get(parsed.ident)
    if (begun === undefined) return { parsed, line }
    open.delete(parsed.ident!)
    return whole(begun, parsed.message)
  }

  function add(stream: string, parsed: Parsed, line: Line): void {
    const begun = open.get(stream)
    if (begun === undefined) open.set(stream, { first: { parsed, line }, message: parsed.message })
    else if (begun.message.length < LONGEST_TEXT) begun.message += parsed.message
  }

  function end(): readonly Found[] {
    const cut = [...open.values()].map(begun => whole(begun, ''))
    open.clear()
    return cut
  }

  return { isIdle: () => open.size === 0, feed, end }
}

function whole(begun: Open, rest: string): Found {
  const message = (begun.message + rest).slice(0, LONGEST_TEXT)
  return { parsed: { ...begun.first.parsed, message, partOf: null }, line: begun.first.line }
}
