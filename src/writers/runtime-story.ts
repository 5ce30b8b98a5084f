/** What the runtime said, in the order in which it happened. */
import type { RuntimeEvent } from '../model/report.ts'

/** What an exit status means, in a few words. */
export function exitMeaning(code: number): string {
  if (code === 0) return 'ended normally'
  if (code === 137) return 'SIGKILL, as the OOM killer sends'
  const signals: Readonly<Record<number, string>> = {
    129: 'SIGHUP',
    130: 'SIGINT',
    134: 'SIGABRT',
    139: 'SIGSEGV',
    143: 'SIGTERM',
  }
  if (signals[code] !== undefined) return `${signals[code]}, not a kill`
  return code > 128 && code <= 192 ? `signal ${code - 128}` : 'its own error'
}

/** Runtime events in time order, those without a time last, the same one repeated counted. */
export function runtimeStory(
  events: readonly RuntimeEvent[],
): { readonly event: RuntimeEvent; readonly times: number }[] {
  const instant = (event: RuntimeEvent) => (event.time === null ? Number.POSITIVE_INFINITY : Date.parse(event.time))
  const sorted = [...events].sort((a, b) => {
    const [x, y] = [instant(a), instant(b)]
    return x === y ? 0 : x - y || 0
  })
  const story: { event: RuntimeEvent; times: number }[] = []
  for (const event of sorted) {
    const same = story.find(({ event: known }) => isRepeat(known, event))
    if (same === undefined) story.push({ event, times: 1 })
    else same.times++
  }
  return story
}

function isRepeat(a: RuntimeEvent, b: RuntimeEvent): boolean {
  return a.type === b.type && a.source === b.source && a.containerId === b.containerId && a.exitCode === b.exitCode
}
