import { formatBytes } from '../writers/format.ts'
import { visible } from '../writers/neutral.ts'
import type { Io } from './io.ts'

export interface Progress {
  /** So many bytes were read from disk. */
  readonly read: (bytes: number) => void
  readonly source: (path: string) => void
  readonly incident: () => void
  /** Takes the line away: something else is to be written. */
  readonly clear: () => void
}

/** Work that is shorter shows nothing. */
const PATIENCE_MS = 1_000
/** Between two drawings: enough for the eye, and no flicker. */
const REDRAW_MS = 150
const CLEAR_LINE = '\r\u001b[K'

/**
 * One line on stderr: bytes done of bytes known, the file, incidents so far. Nothing where stderr is no terminal, unless
 * `always`.
 *
 * @param totalBytes on disk; 0 where unknown (a pipe)
 */
export function createProgress(when: 'auto' | 'always' | 'never', totalBytes: number, io: Io): Progress {
  const isShown = when === 'always' || (when === 'auto' && io.isErrTerminal)
  const startedMs = io.nowMs()
  let doneBytes = 0
  let path = ''
  let incidents = 0
  let drawnMs = startedMs + PATIENCE_MS - REDRAW_MS
  let isDrawn = false

  function draw(): void {
    const nowMs = io.nowMs()
    if (nowMs - drawnMs < REDRAW_MS) return
    drawnMs = nowMs
    isDrawn = true
    const share = totalBytes > 0 ? `${Math.min(100, Math.floor((doneBytes / totalBytes) * 100))} % of ` : ''
    const size = formatBytes(totalBytes > 0 ? totalBytes : doneBytes)
    const found = `${incidents} ${incidents === 1 ? 'incident' : 'incidents'}`
    const line = `oomlens: ${share}${size}, ${found}, ${visible(path)}`
    io.writeErr(`${CLEAR_LINE}${line.slice(0, io.columns - 1)}`)
  }

  function clear(): void {
    if (!isDrawn) return
    isDrawn = false
    io.writeErr(CLEAR_LINE)
  }

  if (!isShown) return { read: () => {}, source: () => {}, incident: () => {}, clear: () => {} }
  return {
    read: bytes => {
      doneBytes += bytes
      draw()
    },
    source: next => {
      path = next
    },
    incident: () => {
      incidents++
    },
    clear,
  }
}
