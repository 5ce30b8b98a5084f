/** Numbers as a person reads them. Every rule speaks through these, so that a test can tie each number to its evidence. */
export { span } from '../basics/span.ts'

const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

const threeDigits = (value: number): string =>
  value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)))

/** `268435456` → `256 MiB`. Three digits are kept; the sign of a negative size too. */
export const bytes = (value: number): string => {
  const sign = value < 0 ? '-' : ''
  let size = Math.abs(value)
  let unit = 0
  while (size >= 1023.5 && unit < units.length - 1) {
    size /= 1024
    unit += 1
  }
  return `${sign}${threeDigits(size)} ${units[unit]}`
}

/** `part` of `whole` in per cent: `97 %`, below ten and just below all with one decimal: `3.4 %`, `99.6 %`; 100 % is all. */
export const share = (part: number, whole: number): string => {
  const percent = whole > 0 ? (100 * part) / whole : 0
  if (percent >= 99.5 && percent < 100) return `${Math.floor(percent * 10) / 10} %`
  return `${percent >= 10 || percent === 0 ? Math.round(percent) : Number(percent.toFixed(1))} %`
}

/** A stamp to the second, as people write it: `2022-03-15T09:22:41.553168162+09:00` → `2022-03-15 09:22:41 +09:00`. */
export const stamp = (iso: string): string => {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d{1,12})?(Z|[+-]\d\d:?\d\d)?$/.exec(iso)
  if (!parts) return iso
  const [, day, clock, zone] = parts
  return `${day} ${clock}${zone === undefined ? '' : zone === 'Z' ? ' UTC' : ` ${zone}`}`
}

/** `1 process`, `3 processes`. */
export const many = (count: number, one: string, several = `${one}s`): string =>
  `${count} ${count === 1 ? one : several}`

/** `a`, `a and b`, `a, b and c`. */
export const list = (items: readonly string[]): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
