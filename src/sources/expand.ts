import { lstatSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'

/**
 * Paths that match a pattern, as the shell would have given them, sorted; links are matched and not followed.
 *
 * The part of the pattern that exists as it stands is not a pattern, even with `(`, `[` or `*` in it.
 *
 * @returns null when the argument is no pattern at all
 */
export async function expandPattern(pattern: string, cwd: string): Promise<string[] | null> {
  const parts = pattern.split('/')
  let literal = isAbsolute(pattern) ? '/' : ''
  let used = isAbsolute(pattern) ? 1 : 0
  for (; used < parts.length - 1; used++) {
    const next = join(literal, parts[used] ?? '')
    if (!isThere(join(isAbsolute(pattern) ? '/' : cwd, next))) break
    literal = next
  }
  const rest = parts.slice(used).join('/')
  // none of these, no pattern: nearly always, and the library takes its time to load
  if (!/[*?[\](){}!@+|\\]/.test(rest)) return null
  const { default: fastGlob } = await import('fast-glob')
  if (!fastGlob.isDynamicPattern(rest)) return null
  const found = await fastGlob.glob(rest, {
    cwd: isAbsolute(pattern) ? literal : join(cwd, literal),
    followSymbolicLinks: false,
    suppressErrors: true,
    onlyFiles: false,
    dot: false,
  })
  return found.sort().map(path => join(literal, path))
}

function isThere(path: string): boolean {
  try {
    lstatSync(path)
    return true
  } catch {
    return false
  }
}
