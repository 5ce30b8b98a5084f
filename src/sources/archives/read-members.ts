import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import { type Piece, SourceError } from '../source.ts'
import { type BundleOptions, type Member, openBundle } from './bundle.ts'
import type { MemberInfo } from './list.ts'

const pack = promisify(deflateRaw)
const unpack = promisify(inflateRaw)
const STEP_BYTES = 1024 * 1024

/** A member in its turn. `read` gives its text, once, before the next is asked for. */
export interface MemberText {
  readonly info: MemberInfo
  readonly found: Found
  readonly read: () => AsyncGenerator<Buffer>
}

/** What a member was found to be; null until it is read. */
interface Found {
  compression: string | null
  content: Piece['content']
}

/**
 * Reads members in the order wanted, whatever order they stand in.
 *
 * One that comes before its turn is kept compressed in memory; when that is full, the bundle is passed over once more, also
 * a cut one. A pass gives at least one member, so there are at most as many passes as members. A member that a cut bundle
 * has no more is left out, and the cut rejects at the end unless the reader of a member has met it.
 *
 * @param wanted as listed, each at most once
 */
export async function* readMembers(
  piece: Piece,
  wanted: readonly MemberInfo[],
  options: BundleOptions,
  raw?: () => AsyncIterable<Buffer>,
): AsyncGenerator<MemberText> {
  const place = new Map(wanted.map(({ index }, order) => [index, order]))
  const kept = new Map<number, Kept>()
  const told = new Set<unknown>()
  let keptBytes = 0
  let turn = 0

  function* giveKept(): Generator<MemberText> {
    for (let info = wanted[turn]; info !== undefined; info = wanted[turn]) {
      const early = kept.get(info.index)
      if (early === undefined) return
      kept.delete(info.index)
      keptBytes -= early.bytes
      turn++
      yield { info, found: early.found, read: () => unpackAll(early, told) }
    }
  }

  let failure: SourceError | null = null
  for (let isFirst = true; turn < wanted.length; isFirst = false) {
    const before = turn
    let passed = -1
    failure = null
    const onTrouble = isFirst ? options.onTrouble : () => {}
    try {
      for await (const member of openBundle(piece, { ...options, onTrouble }, raw)) {
        passed = member.index
        const order = place.get(member.index)
        if (order === undefined || order < turn || kept.has(member.index)) continue
        if (order === turn) {
          turn++
          yield textInTurn(wanted[order] as MemberInfo, member, told) // `place` holds indices of `wanted`
          yield* giveKept()
        } else {
          const room = piece.content === 'zip' ? 0 : options.limits.maxSpoolBytes - keptBytes
          const early = room > 0 ? await keep(member, room) : null
          if (early === null) continue
          kept.set(member.index, early)
          keptBytes += early.bytes
        }
        if (turn === wanted.length) return
      }
    } catch (error) {
      if (!(error instanceof SourceError)) throw error
      failure = error
    }
    if (turn === before) turn++
    if (failure === null) continue
    // nothing more comes: what was kept is given, what is missing left out
    yield* giveKept()
    for (let info = wanted[turn]; info !== undefined && info.index > passed; info = wanted[turn]) {
      turn++
      yield* giveKept()
    }
  }
  if (failure !== null && !told.has(failure)) throw failure
}

/** The text of a member that came before its turn. */
interface Kept {
  readonly found: Found
  readonly chunks: readonly Buffer[]
  readonly bytes: number
  readonly failure: unknown
}

/** Null when it does not fit. */
async function keep(member: Member, room: number): Promise<Kept | null> {
  const opened = await member.open()
  const found = { compression: opened.compression, content: opened.content }
  const chunks: Buffer[] = []
  let bytes = 0
  let pending: Buffer[] = []
  let pendingBytes = 0
  const flush = async (): Promise<void> => {
    const packed = await pack(Buffer.concat(pending), { level: 1 })
    chunks.push(packed)
    bytes += packed.length
    pending = []
    pendingBytes = 0
  }
  let failure: unknown = null
  try {
    for await (const chunk of opened.text()) {
      pending.push(chunk)
      pendingBytes += chunk.length
      if (pendingBytes >= STEP_BYTES) await flush()
      if (bytes > room) return null
    }
  } catch (error) {
    failure = error
  } finally {
    await opened.close()
  }
  if (pendingBytes > 0) await flush()
  return bytes > room ? null : { found, chunks, bytes, failure }
}

async function* unpackAll({ chunks, failure }: Kept, told: Set<unknown>): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield await unpack(chunk)
  if (failure === null) return
  told.add(failure)
  throw failure
}

function textInTurn(info: MemberInfo, member: Member, told: Set<unknown>): MemberText {
  const found: Found = { compression: null, content: null }
  return {
    info,
    found,
    async *read() {
      try {
        const opened = await member.open()
        found.compression = opened.compression
        found.content = opened.content
        try {
          yield* opened.text()
        } finally {
          await opened.close()
        }
      } catch (error) {
        told.add(error)
        throw error
      }
    },
  }
}
