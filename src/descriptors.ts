/** What the descriptors of the standard streams are, found out and used without node's streams for them. */
import { fstatSync, type Stats, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Writable } from 'node:stream'

export interface Output {
  /** Resolves once the text is taken; to false when nothing is taken any more. */
  readonly write: (text: string) => Promise<boolean>
  /** Why nothing is taken any more, where it is not that nobody reads: a disk is full. */
  readonly failure: () => Error | null
}

/**
 * Writes to standard output. A file or a pipe is written to directly: node's stream for it takes as long to load as it takes
 * to read a small log. All else, and a pipe that its sender must not be kept waiting at, goes through the stream.
 *
 * @param openStream node's own stream for the descriptor
 */
export function createOutput(descriptor: number, openStream: () => Writable): Output {
  let closed = false
  let failure: Error | null = null
  let stream: Writable | null = null

  function close(error: Error): void {
    closed = true
    // its reader has left, as `head` does
    if (!('code' in error) || error.code !== 'EPIPE') failure ??= error
  }

  function changeToStream(): Writable {
    const opened = openStream()
    opened.on('error', close)
    return opened
  }
  if (!isFileOrPipe(descriptor)) stream = changeToStream()

  /** What could not be written without waiting. */
  function writeNow(bytes: Buffer): Buffer {
    let rest = bytes
    try {
      while (rest.length > 0) rest = rest.subarray(writeSync(descriptor, rest))
    } catch (error) {
      if (!(error instanceof Error)) throw error
      if ('code' in error && error.code === 'EAGAIN') stream = changeToStream()
      else close(error)
    }
    return rest
  }

  return {
    write: async text => {
      if (closed) return false
      const rest = stream === null ? writeNow(Buffer.from(text)) : Buffer.from(text)
      const to = stream
      if (to === null || closed) return !closed
      return new Promise(resolve => to.write(rest, error => resolve(!error && !closed)))
    },
    failure: () => failure,
  }
}

/** Whether a write to it ends by itself, or when its reader has read. */
function isFileOrPipe(descriptor: number): boolean {
  const stats = statsOf(descriptor)
  return stats !== null && (stats.isFile() || stats.isFIFO() || isMemoryDevice(stats))
}

/** As `isatty` says it, which takes 2 ms to load: asked only of what may be one. */
export function isTerminalAt(descriptor: number): boolean {
  const stats = statsOf(descriptor)
  if (!stats?.isCharacterDevice() || isMemoryDevice(stats)) return false
  const { isatty }: typeof import('node:tty') = createRequire(import.meta.url)('node:tty')
  return isatty(descriptor)
}

function statsOf(descriptor: number): Stats | null {
  try {
    return fstatSync(descriptor)
  } catch {
    return null
  }
}

/** `/dev/null` and its neighbours. */
function isMemoryDevice({ rdev }: Stats): boolean {
  return process.platform === 'linux' && rdev >> 8 === MEMORY_DEVICES
}

/** @see torvalds/linux Documentation/admin-guide/devices.txt, major 1 */
const MEMORY_DEVICES = 1
