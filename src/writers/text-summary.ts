/** The top of the text report: how many, and for each what a tired person needs to act. */
import type { Finding, Incident, Summary } from '../model/report.ts'
import { assumedWords } from './assumed.ts'
import { formatTime, formatTimeRange, plural } from './format.ts'
import { type Group, medianInterval } from './groups.ts'
import { flow, indent, type Page, paint, wrap } from './layout.ts'
import { visible } from './neutral.ts'
import {
  containerOf,
  isPanic,
  killedWords,
  limitWords,
  panicWords,
  repeatWords,
  subjectOf,
  suppressedWords,
  victimTally,
  whenWords,
  whereWords,
} from './words.ts'

/** `7 OOM incidents on worker-3, 2026-05-04 02:11:07 to 03:02:19 +02:00`, and what its times rest on. */
export function headLines(incidents: readonly Incident[], summary: Summary, page: Page): string[] {
  const lines = flow(incidents.length === 0 ? ['No OOM kill found.'] : titleOf(incidents), page.columns, ', ')
  const assumed = assumedWords(summary.sources).flatMap(sentence => wrap(`Assumed: ${sentence}`, page.columns))
  const left = summary.stats.suppressedReports
  const suppressed =
    left > 0 ? wrap(`Left out by the kernel (rate limit): ${plural(left, 'report')}`, page.columns) : []
  return [
    ...lines.map(line => paint(page, 'strong', line)),
    ...[...assumed, ...suppressed].map(line => paint(page, 'caution', line)),
  ]
}

/** How many, where, when: the parts of the title. */
export function titleOf(incidents: readonly Incident[]): string[] {
  const times = incidents.map(incident => incident.time).filter(time => time !== null)
  const hosts = [...new Set(incidents.map(incident => incident.host).filter(host => host !== null))]
  const panics = incidents.filter(isPanic).length
  const where = hosts.length === 0 ? '' : hosts.length === 1 ? ` on ${hosts[0]}` : ` on ${hosts.length} hosts`
  const count = plural(incidents.length, 'OOM incident') + (panics > 0 ? ` (${plural(panics, 'KERNEL PANIC')})` : '')
  return [count + where, ...(times.length === 0 ? [] : [formatTimeRange(times[0] ?? null, times.at(-1) ?? null)])]
}

/** One line where it fits, else the facts under it: `[1] when  who` and whose limit, who died, how often. */
export function summaryLines(group: Group, number: number, page: Page, nameHost: boolean): string[] {
  const { shown } = group
  const mark = `[${number}]`
  const margin = mark.length + 1
  const when = visible(whenWords(shown, formatTime))
  const panic = isPanic(shown)
  const subject = visible(panic ? panicWords(shown) : subjectOf(shown))
  const tone = panic ? 'alarm' : 'strong'
  const facts = factsOf(group, nameHost)
  const first = `${paint(page, 'faint', mark)} ${when}  ${paint(page, tone, subject)}`
  const used = margin + when.length + 2 + subject.length
  const rest = flow(facts, page.columns - margin)
  if (rest.length === 1 && used + 2 + (rest[0]?.length ?? 0) <= page.columns) return [`${first}  ${rest[0]}`]
  if (used <= page.columns) return [first, ...indent(rest, margin)]
  const named = wrap(subject, page.columns - margin).map(line => paint(page, tone, line))
  return [`${paint(page, 'faint', mark)} ${when}`, ...indent([...named, ...rest], margin)]
}

function factsOf(group: Group, nameHost: boolean): string[] {
  const { shown, incidents } = group
  const times = incidents.map(incident => incident.time)
  const suppressed = shown.suppressedReports ?? 0
  const facts: (string | null)[] = [
    limitWords(shown),
    killedWords(shown),
    shown.scope === 'node' ? ranIn(shown) : null,
    repeatWords(times, medianInterval(group)),
    whereWords(incidents),
    victimTally(incidents.length > 1 ? incidents : []),
    suppressed > 0 ? suppressedWords(suppressed) : null,
    tellingFinding(shown.diagnosis),
    nameHost && shown.host !== null && shown.scope !== 'node' && !isPanic(shown) ? `on ${shown.host}` : null,
  ]
  return facts.filter(fact => fact !== null)
}

/** Findings that say in a sentence what the line has already said: whose limit, that it panicked, how often. */
const said: ReadonlySet<string> = new Set([
  'allocatable-limit',
  'container-limit',
  'crash-loop',
  'evicted',
  'kernel-panic',
  'manual-kill',
  'no-killable',
  'node-out-of-memory',
  'pod-limit',
  'qos-limit',
  'system-daemon-killed',
  'unit-limit',
  'userspace-kill',
  'victim-exiting',
])

/** The title of the worst finding that adds something. */
function tellingFinding(findings: readonly Finding[]): string | null {
  const telling = findings.filter(({ code, severity }) => severity !== 'info' && !said.has(code))
  return (telling.find(({ severity }) => severity === 'critical') ?? telling[0])?.title ?? null
}

/** For a node's kill the subject is the node, so the container or unit that paid is named after the victim. */
function ranIn(incident: Incident): string | null {
  const container = containerOf(incident) ?? incident.cgroup?.unit ?? null
  return container === null || incident.victims.length === 0 ? null : `it ran in ${container}`
}
