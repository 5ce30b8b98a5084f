import { createUnwrapper } from '../../src/envelopes/index.ts'
import type { Line } from '../../src/model/line.ts'
import type { LogRecord } from '../../src/model/record.ts'

/** Lines of a log of their own, numbered from 1. */
export function linesOf(texts: readonly string[]): readonly Line[] {
  return texts.map((text, i) => ({ text, lineNumber: i + 1, byteOffset: 0, source: 0 }))
}

/** Every record of a whole log. */
export function unwrap(texts: readonly string[]): readonly LogRecord[] {
  const unwrapper = createUnwrapper()
  return [...linesOf(texts).flatMap(line => unwrapper.feed(line)), ...unwrapper.end()]
}

export function messagesOf(texts: readonly string[]): readonly string[] {
  return unwrap(texts).map(record => record.message)
}
