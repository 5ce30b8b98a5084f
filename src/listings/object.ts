/** Steps into parsed JSON or YAML, of which nothing is known. */

/** The value at a path of keys; undefined where any of them is missing. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  let here = value
  for (const key of keys) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined
    // Checked just above: an object that has the key.
    here = (here as Record<string, unknown>)[key]
  }
  return here
}

export function textAt(value: unknown, ...keys: readonly string[]): string | null {
  const found = at(value, ...keys)
  return typeof found === 'string' && found !== '' ? found : null
}

export function wholeAt(value: unknown, ...keys: readonly string[]): number | null {
  const found = at(value, ...keys)
  return typeof found === 'number' && Number.isSafeInteger(found) ? found : whole(found)
}

export function listAt(value: unknown, ...keys: readonly string[]): readonly unknown[] {
  const found = at(value, ...keys)
  return Array.isArray(found) ? found : []
}

/** A whole number in digits. */
export function whole(text: unknown): number | null {
  if (typeof text !== 'string' || !/^\d{1,15}$/.test(text)) return null
  return Number(text)
}
