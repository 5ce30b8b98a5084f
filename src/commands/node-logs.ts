import { stat } from 'node:fs/promises'
import fastGlob from 'fast-glob'

/** Where a node keeps its logs, best first; all patterns of a place that match are read. */
const PLACES = [
  ['/var/log/messages*'],
  ['/var/log/syslog*', '/var/log/kern.log*'],
  ['/var/log/journal', '/run/log/journal'],
]

/** This node's own logs as arguments, or null when there are none. */
export async function nodeLogs(): Promise<string[] | null> {
  for (const patterns of PLACES) {
    const found: string[] = []
    for (const pattern of patterns) if (await exists(pattern)) found.push(pattern)
    if (found.length > 0) return found
  }
  return null
}

async function exists(pattern: string): Promise<boolean> {
  if (pattern.includes('*')) return (await fastGlob(pattern, { suppressErrors: true })).length > 0
  return stat(pattern).then(
    stats => stats.isDirectory(),
    () => false,
  )
}
