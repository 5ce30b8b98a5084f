/** Standard input: a pipe, a socket or a file that another program opened. */
import { fstatSync, readSync } from 'node:fs'
import type { OnReadOpts, Socket, SocketConstructorOpts } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import type { PlainText } from './plain-file.ts'

/**
 * Bytes that come once. Either way of reading takes what the other has left.
 *
 * As chunks each is a buffer of its own; `fill` puts them where the taker wants them, so that nothing is allocated for a
 * gigabyte that passes through: node's own streams take half as long again, and the collector its share.
 */
export interface Pipe extends AsyncIterable<Buffer>, PipeText {}

export interface PipeText extends PlainText {
  /**
   * By which another thread may open what is left, after which nothing must be asked of this one any more. null for a file,
   * which is at hand anyway.
   */
  readonly pipeDescriptor: number | null
}

/** What a pipe holds at most, mostly; more at a time is asked of nobody. */
const CHUNK_BYTES = 64 * 1024
/** After so many reads of a file the event loop has a turn, for signals. */
const READS_A_TURN = 64

/** null for what is none of these (a terminal, a device): node's own stream knows how to read it. */
export function openPipe(descriptor: number): Pipe | null {
  const stats = fstatSync(descriptor)
  // of a directory node's stream says nothing
  if (stats.isFile() || stats.isDirectory()) return withChunks(fileFill(descriptor))
  return stats.isFIFO() || stats.isSocket() ? withChunks(socketFill(descriptor)) : null
}

function withChunks(plain: PipeText): Pipe {
  return {
    ...plain,
    async *[Symbol.asyncIterator]() {
      const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES)
      try {
        for (;;) {
          const length = await plain.fill(chunk)
          if (length === 0) return
          yield Buffer.from(chunk.subarray(0, length))
        }
      } finally {
        await plain.close()
      }
    },
  }
}

function fileFill(descriptor: number): PipeText {
  let reads = 0
  let closed = false
  return {
    fill: async room => {
      reads++
      if (reads % READS_A_TURN === 0) await turn()
      return closed ? 0 : readSync(descriptor, room, 0, room.length, null)
    },
    close: async () => {
      closed = true
    },
    pipeDescriptor: null,
  }
}

/**
 * The socket reads into the room itself. It is held up while nobody asks: what was read stays in the kernel, and the
 * sender waits.
 */
function socketFill(descriptor: number): PipeText {
  let socket: Socket | null = null
  let room: Buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES)
  let filled = 0
  let ended = false
  let failure: Error | null = null
  let answer: (() => void) | null = null

  /** Answers who asked with what is there. */
  const hand = (): void => {
    if (answer === null || (filled === 0 && !ended)) return
    const waiting = answer
    answer = null
    socket?.pause()
    waiting()
  }
  /** Where the next bytes go; once the room is full, where the next ones will. */
  const place = (): Buffer => (filled < room.length ? room.subarray(filled) : room)

  const take = (length: number, buffer: Uint8Array): boolean => {
    // a room that was asked for since this read began is another one
    if (buffer.buffer !== room.buffer || buffer.byteOffset !== room.byteOffset + filled) {
      room.set(buffer.subarray(0, length), filled)
    }
    const isFirst = filled === 0
    filled += length
    if (filled < room.length) {
      // what else is there is taken along, but not waited for
      if (isFirst) setImmediate(hand)
      return true
    }
    hand()
    return false
  }

  const open = async (): Promise<Socket> => {
    const net = await import('node:net')
    // `onread` is in the documentation of this constructor, but not in its types
    const socketOptions: SocketConstructorOpts & { onread: OnReadOpts } = {
      fd: descriptor,
      readable: true,
      writable: false,
      onread: { buffer: place, callback: take },
    }
    const opened = new net.Socket(socketOptions)
    const end = (): void => {
      ended = true
      hand()
    }
    opened.on('end', end)
    opened.on('close', end)
    opened.on('error', error => {
      failure = error
      end()
    })
    return opened
  }

  return {
    fill: async next => {
      if (failure !== null) throw failure
      if (ended) return 0
      room = next
      filled = 0
      socket ??= await open()
      if (!ended) {
        await new Promise<void>(resolve => {
          answer = resolve
          socket?.resume()
        })
      }
      if (filled === 0 && failure !== null) throw failure
      return filled
    },
    close: async () => {
      ended = true
      // the descriptors of the standard streams stay open
      socket?.destroy()
      hand()
    },
    pipeDescriptor: descriptor,
  }
}
