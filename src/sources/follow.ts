import { type BigIntStats, type FSWatcher, promises, watch } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { asSourceError, errnoOf } from './errno.ts'

export interface FollowOptions {
  /** What a relative name is relative to. */
  readonly cwd: string
  /** Ends it, after what is there was read. */
  readonly signal: AbortSignal
  /** How long to wait at most before looking again; changes in the directory are seen at once where the system tells. */
  readonly pollMs: number
}

const CHUNK_BYTES = 256 * 1024

/**
 * Follows a name as `tail -F` does: through renaming and replacement (logrotate), truncation (`copytruncate`), and the
 * file's absence, now or for a while.
 *
 * `rotated` stands between the bytes of two files, and where a file was cut to begin anew: a report may straddle it.
 */
export async function* followFile(name: string, options: FollowOptions): AsyncGenerator<Buffer | 'rotated'> {
  const path = resolve(options.cwd, name)
  const alarm = createAlarm(path, options)
  let handle: promises.FileHandle | null = null
  let offset = 0
  let hasHadOne = false
  try {
    handle = await openIfThere(path, name)
    for (;;) {
      // Taken before reading: what is written later wakes again.
      const isOver = options.signal.aborted
      if (handle !== null) {
        hasHadOne = true
        for (
          let chunk = await readAt(handle, offset, name);
          chunk !== null;
          chunk = await readAt(handle, offset, name)
        ) {
          offset += chunk.length
          yield chunk
        }
      }
      if (isOver) return
      const change = await whatChanged(path, handle, offset)
      if (change === 'truncated') {
        offset = 0
        yield 'rotated'
        continue
      }
      if (change === 'replaced') {
        const next = await openIfThere(path, name)
        if (next !== null) {
          if (handle !== null) {
            // The writer may have added to the old file until it was told to change over.
            for (
              let chunk = await readAt(handle, offset, name);
              chunk !== null;
              chunk = await readAt(handle, offset, name)
            ) {
              offset += chunk.length
              yield chunk
            }
            await handle.close()
          }
          if (hasHadOne) yield 'rotated'
          handle = next
          offset = 0
          continue
        }
      }
      await alarm.wait()
    }
  } finally {
    alarm.close()
    await handle?.close()
  }
}

const isSameFile = (a: BigIntStats, b: BigIntStats): boolean => a.ino === b.ino && a.dev === b.dev

async function openIfThere(path: string, name: string): Promise<promises.FileHandle | null> {
  try {
    return await promises.open(path, 'r')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '')) return null
    throw asSourceError(name, 'cannot open', error)
  }
}

async function readAt(handle: promises.FileHandle, offset: number, name: string): Promise<Buffer | null> {
  const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES)
  try {
    const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, offset)
    return bytesRead === 0
      ? null
      : bytesRead * 4 < CHUNK_BYTES
        ? Buffer.from(buffer.subarray(0, bytesRead))
        : buffer.subarray(0, bytesRead)
  } catch (error) {
    throw asSourceError(name, 'cannot read', error)
  }
}

/**
 * A new file is taken up once there is something in it: until then, the writer still has the old one open. While the name
 * is missing, the old one is read on.
 */
async function whatChanged(
  path: string,
  handle: promises.FileHandle | null,
  offset: number,
): Promise<'nothing' | 'truncated' | 'replaced'> {
  const there = await promises.stat(path, { bigint: true }).catch(() => null)
  if (there === null || there.isDirectory()) return 'nothing'
  if (handle === null) return 'replaced'
  const ours = await handle.stat({ bigint: true })
  if (isSameFile(there, ours)) return Number(ours.size) < offset ? 'truncated' : 'nothing'
  return there.size > 0n ? 'replaced' : 'nothing'
}

/** Wakes at a change in the directory, after the time given, and when it is all over. */
function createAlarm(path: string, { signal, pollMs }: FollowOptions) {
  let ring: () => void = () => {}
  /** A change between two waits is not missed. */
  let hasRung = false
  const wake = (): void => {
    hasRung = true
    ring()
  }
  let watcher: FSWatcher | null = null
  const startWatching = (): void => {
    try {
      // The directory, since a watch on the file goes with it when it is renamed.
      watcher = watch(dirname(path), (_event, name) => {
        if (name === null || name === basename(path)) wake()
      })
      watcher.on('error', () => {
        watcher?.close()
        watcher = null
      })
    } catch {
      watcher = null // no such directory yet, or the system's watches are used up: the clock alone does it
    }
  }
  startWatching()
  signal.addEventListener('abort', wake)
  return {
    async wait(): Promise<void> {
      if (watcher === null) startWatching()
      if (!hasRung) {
        await new Promise<void>(resolve => {
          const timer = setTimeout(resolve, pollMs)
          ring = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      ring = () => {}
      hasRung = signal.aborted
    },
    close(): void {
      watcher?.close()
      signal.removeEventListener('abort', wake)
    },
  }
}
