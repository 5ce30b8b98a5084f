/** The zone that an ISO 8601 stamp ends in: `Z` or `+09:00`; `Z` where there is none. */
export function zoneOf(iso: string): string {
  return /(Z|[+-]\d\d:\d\d)$/.exec(iso)?.[1] ?? 'Z'
}

/** The same figures, in a zone so many minutes east of the one printed. */
export function isoInZone(iso: string, minutes: number): string {
  const zone = zoneOf(iso)
  const offset = zoneMinutes(zone) + minutes
  const size = Math.abs(offset)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${iso.slice(0, -zone.length)}${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

/** Minutes east of UTC. */
export function zoneMinutes(zone: string): number {
  if (zone === 'Z') return 0
  return (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4))) * (zone[0] === '-' ? -1 : 1)
}
