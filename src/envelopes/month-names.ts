/** Months by their names in the languages that servers are set to. */

// Where two languages give one word to two months (`lis` is October in Croatian, November in Polish), the first wins.
const LANGUAGES =
  'en de fr es pt it nl pl cs sk sv da nb fi hu ro tr ru uk bg el ja zh ko vi id ca hr sl sr lt lv et'.split(' ')

/** What glibc abbreviates otherwise than by the first letters of a name. */
const IRREGULAR: Readonly<Record<string, number>> = { mrt: 3, mrz: 3, maj: 5, jun: 6, juin: 6, jul: 7, juil: 7, set: 9 }

const known = new Map<string, number | null>()
let languages: readonly (readonly (readonly string[])[])[] | null = null

/** Month from 1 of a name or its abbreviation, also `3月`; null for an unknown word. */
export function monthNamed(word: string): number | null {
  const numbered = /^(\d{1,2})(?:月|월|\.)?$/.exec(word)
  if (numbered !== null) return Number(numbered[1]) >= 1 && Number(numbered[1]) <= 12 ? Number(numbered[1]) : null
  const name = plain(word)
  let month = known.get(name)
  if (month === undefined) {
    month = IRREGULAR[name] ?? lookUp(name)
    if (known.size < 100) known.set(name, month)
  }
  return month
}

function lookUp(name: string): number | null {
  if (name.length < 2) return null
  languages ??= LANGUAGES.map(namesOf)
  for (const months of languages) {
    const fitting = months.flatMap((names, i) => (names.some(full => full.startsWith(name)) ? [i + 1] : []))
    if (fitting.length === 1) return fitting[0]!
  }
  return null
}

/** Per month the forms of its name: alone, in a date, short. */
function namesOf(language: string): readonly (readonly string[])[] {
  const formats = [{ month: 'long' }, { month: 'long', day: 'numeric' }, { month: 'short' }] as const
  const writers = formats.map(format => new Intl.DateTimeFormat(language, { ...format, timeZone: 'UTC' }))
  return Array.from({ length: 12 }, (_, month) =>
    writers.map(writer => {
      const parts = writer.formatToParts(Date.UTC(2023, month, 11))
      return plain(parts.find(part => part.type === 'month')?.value ?? '')
    }),
  )
}

function plain(word: string): string {
  return word
    .normalize('NFD')
    .replace(/[\p{M}.]/gu, '')
    .toLowerCase()
}
