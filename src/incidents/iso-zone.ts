import { offsetIn, offsetMinutes, offsetText } from '../basics/iso-offset.ts'

/** The same figures, in a zone so many minutes east of the one printed; UTC where none is. */
export function isoInZone(iso: string, minutes: number): string {
  const offset = offsetIn(iso) ?? ''
  const printed = offset === '' ? 0 : offsetMinutes(offset)
  return `${iso.slice(0, iso.length - offset.length)}${offsetText(printed + minutes)}`
}
