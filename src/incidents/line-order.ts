/**
 * Whether a log begins with its newest line, as `journalctl -r` and what log services export do. The lines of one kill are
 * then read from its end, which tells less of it.
 */
import type { KernelEvent } from '../model/event.ts'
import type { Seen } from './seen.ts'

export interface LineOrder {
  /** A line of the kernel. */
  readonly note: (seen: Seen<KernelEvent>) => void
  readonly isReversed: () => boolean
}

/** Lines that are older than the one before, at least, … */
const FEWEST_OLDER = 3
/** … and for each that is newer: a boot or the next of joined logs goes back once. */
const OLDER_PER_NEWER = 4

/** What the kernel prints first, and what right behind it. */
const PAIRS: ReadonlyMap<string, string> = new Map([
  ['task-header', 'task-row'],
  ['oom-kill', 'killed-process'],
  ['kill-process', 'killed-process'],
])

export function createLineOrder(): LineOrder {
  let before: { readonly clock: string; readonly at: number } | null = null
  let kindBefore = ''
  let older = 0
  let newer = 0
  let inOrder = false
  let rowsFirst = false

  return {
    note: ({ event: { kind }, moment, record: { uptimeSeconds } }) => {
      inOrder ||= PAIRS.get(kindBefore) === kind
      rowsFirst ||= kindBefore === 'task-row' && kind === 'task-header'
      kindBefore = kind
      // finer than most stamps
      const at = uptimeSeconds ?? moment?.ms ?? null
      if (at === null) return
      const clock = uptimeSeconds === null ? (moment?.from ?? '') : 'uptime'
      if (before?.clock === clock) {
        if (at < before.at) older++
        else if (at > before.at) newer++
      }
      before = { clock, at }
    },
    isReversed: () => !inOrder && (rowsFirst || (older >= FEWEST_OLDER && older >= newer * OLDER_PER_NEWER)),
  }
}
