/**
 * A line that rotation cut in its middle: copytruncate and collectors that take the last megabytes do not look for a line's
 * end. Its second half stands at the start of the next piece, and is read with the first.
 */
import { createUnwrapper } from './envelopes/index.ts'
import type { LogRecord } from './model/record.ts'

/** Longest second half that is looked for. */
const HALF_BYTES = 64 * 1024
const LINE_FEED = 10

/**
 * The chunks of a piece, and the second half of its last line where the next piece begins with it.
 *
 * @param next the bytes of the next piece; opened only where the last line has no end
 * @param borrowed told how many bytes of the next piece were added
 */
export async function* withSecondHalf(
  chunks: AsyncIterable<Buffer>,
  next: () => AsyncIterable<Buffer>,
  borrowed: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  let tail: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    tail = lastLines(tail, chunk)
    yield chunk
  }
  const start = tail.lastIndexOf(LINE_FEED) + 1
  if (start === tail.length) return
  const half = await firstLine(next())
  const [before, first] = [tail.subarray(0, Math.max(0, start - 1)), tail.subarray(start)]
  if (half === null || !completes(before.toString('utf8'), first.toString('utf8'), half.toString('utf8'))) return
  borrowed(half.length)
  yield half
}

/** The last whole line and what stands behind it, of what was kept so far and a chunk, which is only lent. */
function lastLines(tail: Buffer, chunk: Buffer): Buffer {
  const end = chunk.lastIndexOf(LINE_FEED)
  const before = end <= 0 ? -1 : chunk.lastIndexOf(LINE_FEED, end - 1)
  const kept = before >= 0 ? Buffer.from(chunk.subarray(before + 1)) : Buffer.concat([tail, chunk])
  const whole = kept.lastIndexOf(LINE_FEED)
  const from = whole <= 0 ? 0 : kept.lastIndexOf(LINE_FEED, whole - 1) + 1
  // copied: a chunk's memory may be used again
  return Buffer.from(kept.subarray(Math.max(from, kept.length - HALF_BYTES)))
}

/** Up to and with the first line feed; null where there is none within reach. */
async function firstLine(chunks: AsyncIterable<Buffer>): Promise<Buffer | null> {
  const parts: Buffer[] = []
  let length = 0
  for await (const chunk of chunks) {
    const end = chunk.indexOf(LINE_FEED)
    parts.push(Buffer.from(end < 0 ? chunk : chunk.subarray(0, end + 1)))
    length += chunk.length
    if (end >= 0) return Buffer.concat(parts)
    if (length > HALF_BYTES) return null
  }
  return null
}

/**
 * Whether two halves make a line of the form that the line before has. The second one alone has not; or it seems to, as a
 * dmesg stamp does that has lost its bracket, and the whole then says the same with its stamp complete.
 */
function completes(before: string, first: string, second: string): boolean {
  const half = recordOf(second)
  // a continuation line has no form of its own
  if (/^\s/.test(first)) return (half?.envelope ?? 'bare') === 'bare'
  const whole = recordOf(first + second)
  if (whole === null || whole.envelope === 'bare') return false
  const form = before === '' ? whole.envelope : recordOf(before)?.envelope
  return whole.envelope === form && (half?.envelope !== form || half.message === whole.message)
}

function recordOf(text: string): LogRecord | null {
  const unwrapper = createUnwrapper()
  const line = { text: text.replace(/\r?\n$/, ''), lineNumber: 1, byteOffset: 0, source: 0 }
  const [record] = [...unwrapper.feed(line), ...unwrapper.end()]
  return record ?? null
}
