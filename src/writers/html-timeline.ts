/** When it happened, as one picture: a line for each workload or node, a mark for each incident. Inline SVG, no script. */
import { formatTime, formatTimeBeside, shortenMiddle } from './format.ts'
import type { Group } from './groups.ts'
import { escapeHtml, visible } from './neutral.ts'
import { isPanic, killedWords, panicWords, subjectOf } from './words.ts'

const width = 1000
const labelWidth = 330
const rowHeight = 24
const axisHeight = 26
const right = 30

/** Steps of the axis, in seconds: what clocks show. */
const steps = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_592_000, 31_536_000]
const maxTicks = 5

/** Empty for fewer than two incidents with a time: there is nothing to compare. */
export function timeline(groups: readonly Group[]): string {
  const stamps = groups.flatMap(group => group.incidents.map(incident => incident.time)).filter(time => time !== null)
  const instants = stamps.map(stamp => Date.parse(stamp)).filter(Number.isFinite)
  if (instants.length < 2) return ''
  const first = instants.reduce((a, b) => Math.min(a, b))
  const last = instants.reduce((a, b) => Math.max(a, b))
  const place = (instant: number) =>
    last === first
      ? (labelWidth + width) / 2
      : labelWidth + 10 + ((instant - first) / (last - first)) * (width - labelWidth - 10 - right)
  const told = groups.filter(group => group.incidents.some(({ time }) => time !== null))
  const height = axisHeight + told.length * rowHeight + 8
  const rows = told.map((group, i) => rowOf(group, axisHeight + i * rowHeight + rowHeight / 2, place))
  const ticks = ticksOf(first, last).map(instant => tickOf(instant, place(instant), height, stamps[0] ?? null))
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Incidents over time">${ticks.join('')}${rows.join('')}</svg>\n`
}

function rowOf(group: Group, y: number, place: (instant: number) => number): string {
  const panic = isPanic(group.shown)
  const subject = visible(panic ? panicWords(group.shown) : subjectOf(group.shown))
  const marks = group.incidents.map(incident => {
    const instant = incident.time === null ? Number.NaN : Date.parse(incident.time)
    if (Number.isNaN(instant)) return ''
    const x = Math.round(place(instant) * 10) / 10
    const title = `<title>${escapeHtml(`${formatTime(incident.time)}: ${killedWords(incident)}`)}</title>`
    const shape = panic
      ? `<path class="panic" d="M${x} ${y - 8}l8 8l-8 8l-8 -8z">${title}</path>`
      : `<circle class="${incident.scope === 'node' ? 'node' : 'kill'}" cx="${x}" cy="${y}" r="5">${title}</circle>`
    return shape
  })
  const label = `<text x="0" y="${y + 4}">${escapeHtml(shortenMiddle(subject, 48))}<title>${escapeHtml(subject)}</title></text>`
  return `${label}<line x1="${labelWidth}" y1="${y}" x2="${width}" y2="${y}"/>${marks.join('')}`
}

function tickOf(instant: number, x: number, height: number, zone: string | null): string {
  const beside = formatTimeBeside(new Date(instant).toISOString(), zone)
  const text = beside.replace(/\.\d+/, '').replace(/ [+-]\d\d:?\d\d$| UTC$/, '')
  const at = Math.round(x * 10) / 10
  return `<line x1="${at}" y1="${axisHeight - 6}" x2="${at}" y2="${height}"/><text class="tick" text-anchor="middle" x="${at}" y="12">${escapeHtml(text)}</text>`
}

function ticksOf(first: number, last: number): number[] {
  const span = (last - first) / 1000
  const step = (steps.find(seconds => span / seconds <= maxTicks) ?? span / maxTicks) * 1000
  if (!(step > 0)) return [first]
  const ticks: number[] = []
  for (let tick = Math.ceil(first / step) * step; tick <= last; tick += step) ticks.push(tick)
  return ticks.length === 0 ? [first] : ticks
}
