/** Sizes as the tools print them: `13.01MB`, `3.5GiB`, `512Mi`, `15G`, `0B`. */

const SIZE = /^(\d{1,15}(?:\.\d{1,6})?)(?:([kKMGTP]?)(i?)B?)$/
const POWERS = ['', 'k', 'm', 'g', 't', 'p']

/**
 * Bytes of a size.
 *
 * @param base what a bare letter stands for: 1000 where docker and crictl write `MB`, 1024 where `free -h` writes `M`; an
 * `i` is always 1024
 * @returns null where it is no size
 */
export function sizeBytes(text: string, base: 1000 | 1024): number | null {
  const match = SIZE.exec(text)
  if (match === null) return null
  const power = POWERS.indexOf((match[2] ?? '').toLowerCase())
  return Math.round(Number(match[1]) * (match[3] === 'i' ? 1024 : base) ** power)
}

const AGE_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_536_000 }

/** Seconds of an age as kubectl prints it: `14d`, `2d3h`, `5m10s`; null where it is none. */
export function ageSeconds(text: string): number | null {
  if (!/^(?:\d{1,6}[smhdwy]){1,4}$/.test(text)) return null
  let seconds = 0
  for (const [, count, unit] of text.matchAll(/(\d+)([smhdwy])/g)) seconds += Number(count) * AGE_SECONDS[unit!]!
  return seconds
}
