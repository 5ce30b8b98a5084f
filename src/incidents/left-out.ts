/** What the kernel's rate limit left out of an incident: a notice that stands in several logs is credited once. */
import type { SuppressedItem } from './items.ts'

/** How often each count was told. */
export type Notices = ReadonlyMap<number, number>

/** The kernel gives such a notice no oftener. */
const RATE_LIMIT_MS = 5_000

/** By the clock: the same count at the same time in another log is the same notice. */
export function noticesOf(items: readonly SuppressedItem[]): Notices {
  const notices = new Map<number, number>()
  const byLog = new Map<number, number>()
  let first: SuppressedItem | null = null
  let most = 0
  for (const item of [...items].sort((a, b) => a.count - b.count || a.position.at - b.position.at)) {
    if (first?.count !== item.count || item.position.at - first.position.at >= RATE_LIMIT_MS) {
      first = item
      byLog.clear()
      most = 0
    }
    const told = (byLog.get(item.log) ?? 0) + 1
    byLog.set(item.log, told)
    if (told <= most) continue
    most = told
    notices.set(item.count, (notices.get(item.count) ?? 0) + 1)
  }
  return notices
}

/** Of two views of one incident, whose clocks may disagree. */
export function joinNotices(a: Notices, b: Notices): Notices {
  const joined = new Map(a)
  for (const [count, times] of b) joined.set(count, Math.max(joined.get(count) ?? 0, times))
  return joined
}

/** All reports that were left out; null where the kernel says nothing of it. */
export function leftOutBy(notices: Notices): number | null {
  return notices.size === 0 ? null : [...notices].reduce((sum, [count, times]) => sum + count * times, 0)
}

/** What the logs of an incident say more than once. */
export function leftOutAgain(items: readonly SuppressedItem[], notices: Notices): number {
  return items.reduce((sum, { count }) => sum + count, 0) - (leftOutBy(notices) ?? 0)
}
