import xz from 'xz-decompress'
import { byteReader } from '../byte-reader.ts'
import { SourceError } from '../source.ts'
import { damaged, trailing, truncated, unsupported } from './trouble.ts'

/** Much smaller than the decoder's buffer: what was decoded in the call that meets the damage is lost. */
const SLICE_BYTES = 512
/** Output is handed on by this much, or what there is before a trouble. */
const OUTPUT_BYTES = 64 * 1024
/** Input is taken by this much, so that a source that gives little is not held up for long. */
const READ_BYTES = 8 * 1024

/** The functions of the WebAssembly module inside xz-decompress 0.2.3 (xz-embedded). */
interface XzExports {
  readonly memory: { readonly buffer: ArrayBuffer }
  readonly create_context: () => number
  readonly destroy_context: (context: number) => void
  /** Length 0 says that the input has ended. */
  readonly supply_input: (context: number, length: number) => void
  readonly get_next_output: (context: number) => number
}

/** A context begins with eight words; these are the ones needed. */
const BUFFER_BYTES = 0
const IN_START = 1
const IN_POSITION = 2
const IN_LENGTH = 3
const OUT_START = 4
const OUT_LENGTH = 5

/** Of a stream; read whole before it is judged. */
const HEADER_BYTES = 12

/** enum xz_ret of xz-embedded. */
const OK = 0
const STREAM_END = 1
const FORMAT_ERROR = 5
const DATA_ERROR = 7
const BUF_ERROR = 8
/** Sound data that cannot be read, by the other results. */
const unreadable: Readonly<Record<number, string>> = {
  3: 'not enough memory for its dictionary',
  4: 'its dictionary is larger than 64 MiB',
  [FORMAT_ERROR]: 'not xz data',
  6: 'it uses a filter or a checksum that this reader does not know',
}

/**
 * xz: any number of streams and blocks, stream padding, CRC32 and CRC64.
 *
 * The stream class of the library is not used: all its streams share one WebAssembly instance and wait for one another,
 * so an `.xz` inside an open `.tar.xz` would wait for ever. Here each stream has an instance to itself.
 */
export async function* decodeXz(source: AsyncIterable<Buffer>, path: string): AsyncGenerator<Buffer> {
  const reader = byteReader(source)
  const exports = await takeInstance(path).catch(async error => {
    await reader.close()
    throw error
  })
  const context = exports.create_context()
  let sound = false
  let words = new Uint32Array(exports.memory.buffer, context, 8)
  const refresh = (): void => {
    if (words.buffer !== exports.memory.buffer) words = new Uint32Array(exports.memory.buffer, context, 8)
  }
  const limit = Math.min(SLICE_BYTES, words[BUFFER_BYTES] ?? 0)
  const pending: Buffer[] = []
  let pendingBytes = 0
  const flush = (): Buffer => {
    const chunk = pending.length === 1 ? (pending[0] as Buffer) : Buffer.concat(pending)
    pending.length = 0
    pendingBytes = 0
    return chunk
  }
  let slice: Buffer | null = Buffer.alloc(0)
  try {
    let wholeStreams = false
    for (let idle = 0; ; ) {
      refresh()
      if (words[IN_POSITION] === words[IN_LENGTH]) {
        if (slice !== null && slice.length === 0) {
          slice = await reader.some(READ_BYTES)
          refresh()
        }
        const part: Buffer | undefined = slice?.subarray(0, limit)
        if (part !== undefined) new Uint8Array(exports.memory.buffer, words[IN_START], limit).set(part)
        if (slice !== null) slice = slice.subarray(limit)
        exports.supply_input(context, part?.length ?? 0)
        idle = part === undefined ? idle + 1 : 0
      }
      const result = exports.get_next_output(context)
      refresh()
      const length = words[OUT_LENGTH] ?? 0
      if (length > 0) {
        idle = 0
        pending.push(Buffer.from(new Uint8Array(exports.memory.buffer, words[OUT_START], length)))
        pendingBytes += length
        words[OUT_LENGTH] = 0
        wholeStreams = true
      }
      const byte: number =
        reader.position() - (slice?.length ?? 0) - ((words[IN_LENGTH] ?? 0) - (words[IN_POSITION] ?? 0))
      const isOver = result !== OK || idle > 2
      if (pendingBytes >= OUTPUT_BYTES || (isOver && pendingBytes > 0)) yield flush()
      if (result === STREAM_END) {
        sound = true
        return
      }
      if (result === BUF_ERROR || idle > 2) throw truncated(path, 'xz', byte)
      if (result === FORMAT_ERROR && wholeStreams) throw trailing(path, 'xz', byte - HEADER_BYTES)
      if (result === DATA_ERROR) throw damaged(path, 'xz', byte, 'the data or its checksum is wrong')
      if (result !== OK) {
        throw unsupported(path, 'xz', byte, unreadable[result] ?? `error ${result}`, 'xz -dc FILE | oomlens -')
      }
    }
  } finally {
    exports.destroy_context(context)
    if (sound && spare.length < MAX_SPARE) spare.push(exports)
    await reader.close()
  }
}

/** Instances whose last stream came to its end; a journal has thousands of small ones. */
const spare: XzExports[] = []
/** Each keeps the memory of its largest dictionary. */
const MAX_SPARE = 2
let queue: Promise<unknown> = Promise.resolve()

/** The library makes an instance and leaves it in a static field, so one asks at a time. */
async function takeInstance(path: string): Promise<XzExports> {
  const kept = spare.pop()
  if (kept !== undefined) return kept
  // Not declared in its types; the version is pinned, and a missing member is said in plain words below.
  const library = xz.XzReadableStream as unknown as {
    _getModuleInstance?: () => Promise<void>
    _moduleInstance?: { exports: XzExports }
  }
  const made = queue.then(async () => {
    await library._getModuleInstance?.()
    return library._moduleInstance?.exports
  })
  queue = made.catch(() => {})
  const exports = await made
  if (exports === undefined) throw new SourceError(path, 'xz: the decoder of xz-decompress has changed its shape')
  return exports
}
