/** Offsets from UTC as ISO 8601 stamps bear them: `Z`, `+09:00`, `-0500`. */

/** What a stamp ends in; null where it has no offset. */
export function offsetIn(iso: string): string | null {
  return /(?:Z|[+-]\d\d:?\d\d)$/.exec(iso)?.[0] ?? null
}

/** Minutes east of UTC. */
export function offsetMinutes(offset: string): number {
  if (offset === 'Z') return 0
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2))
  return offset[0] === '-' ? -minutes : minutes
}

/** `+09:00` of minutes east of UTC. */
export function offsetText(minutes: number): string {
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value)
}
