/** A length of time as a person says it: `less than 1 s`, `45 s`, `12 min`, `3 h 20 min`, `2 days`. */
export function span(seconds: number): string {
  const rounded = Math.round(seconds)
  if (rounded < 1) return 'less than 1 s'
  if (rounded < 120) return `${rounded} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 120) return `${minutes} min`
  if (minutes < 48 * 60) {
    const rest = minutes % 60
    return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${rest} min`
  }
  return `${Math.round(minutes / 1440)} days`
}
