/** One incident, or one workload's incidents, in full: whose limit, who died, why, and where it stands in the log. */
import type { Finding, Incident } from '../model/report.ts'
import { sourceName } from './assumed.ts'
import { type Conclusion, conclusionsOf, type Step } from './conclusions.ts'
import { evidenceRanges } from './evidence.ts'
import { formatExactTime, formatTimeBeside, shortId } from './format.ts'
import type { Group } from './groups.ts'
import { flow, indent, labelled, type Page, paint, pathLine, rowWidth, type Tone, wrap, wrapCommand } from './layout.ts'
import { visible } from './neutral.ts'
import { exitMeaning, runtimeStory } from './runtime-story.ts'
import { limitLines, memoryLines } from './text-memory.ts'
import { processLines, triggerLines, victimLines } from './text-processes.ts'
import {
  isPanic,
  killedWords,
  limitWords,
  missingWords,
  panicWords,
  requestWords,
  subjectOf,
  suppressedWords,
  victimList,
  whenWords,
} from './words.ts'

export interface DetailOptions {
  readonly raw: boolean
  /** False where the summary's block stands right above. */
  readonly heading: boolean
}

export function detailLines(group: Group, number: number, page: Page, { raw, heading }: DetailOptions): string[] {
  const { shown, incidents } = group
  const others = incidents.filter(incident => incident !== shown)
  return [
    ...(heading ? headingLines(shown, number, page) : []),
    ...labelled(page, 'When', whenLines(group, page)),
    ...labelled(page, 'Limit', limitLines(shown, page)),
    ...labelled(page, 'Killed', victimLines(shown, page)),
    ...conclusionsOf(shown.diagnosis).flatMap(conclusion => findingLines(conclusion, page)),
    ...labelled(page, 'Trigger', triggerLines(shown, page)),
    ...labelled(page, 'Memory', memoryLines(shown, page)),
    ...labelled(page, 'Processes', processLines(shown, page)),
    ...labelled(page, 'Runtime', runtimeLines(shown, page)),
    ...labelled(page, 'Missing', missingLines(shown, page), 'caution'),
    ...labelled(page, 'Container', containerLines(shown, page)),
    ...labelled(page, 'Ids', idLines(shown, page)),
    ...labelled(
      page,
      'Evidence',
      evidenceRanges(shown.evidence).flatMap(range => wrap(range, rowWidth(page, 'page'))),
    ),
    ...(raw ? rawLines(shown, page) : []),
    ...labelled(
      page,
      'Also',
      others.flatMap(other => [...otherLines(other, shown, page), ...(raw ? rawLines(other, page) : [])]),
    ),
  ]
}

function headingLines(incident: Incident, number: number, page: Page): string[] {
  const panic = isPanic(incident)
  const tone: Tone = panic ? 'alarm' : 'strong'
  const subject = panic ? panicWords(incident) : subjectOf(incident)
  const mark = `[${number}]`
  const [first, ...more] = wrap(subject, page.columns - mark.length - 1)
  const head = `${paint(page, 'faint', mark)} ${paint(page, tone, first ?? '')}`
  return [
    head,
    ...indent(
      more.map(line => paint(page, tone, line)),
      mark.length + 1,
    ),
  ]
}

function whenLines({ shown, incidents }: Group, page: Page): string[] {
  const clock = shown.timeFrom === 'kernel' ? ", by the kernel's clock, which may be off" : ''
  const end = shown.endTime === null ? null : formatTimeBeside(shown.endTime, shown.time)
  const isSame = end === null || formatTimeBeside(shown.time, shown.time).startsWith(end)
  const until = isSame ? null : `to ${end}`
  const when = whenWords(shown, formatExactTime) + clock
  const facts = [until === null ? when : `${when} ${until}`]
  if (shown.host !== null) facts[0] += ` on ${shown.host}`
  if (incidents.length > 1) facts.push(`one of ${incidents.length}, see Also`)
  return flow(facts, rowWidth(page))
}

const certainty: Readonly<Record<Finding['confidence'], string>> = {
  stated: 'the log says so',
  computed: 'computed from the log',
  likely: 'likely',
}
const findingTones: Readonly<Record<Finding['severity'], Tone>> = {
  critical: 'alarm',
  warning: 'caution',
  info: 'faint',
}

export function findingLines({ finding, steps }: Conclusion, page: Page): string[] {
  const width = rowWidth(page)
  const title = wrap(
    `${finding.title} (${finding.severity === 'critical' ? 'critical, ' : ''}${certainty[finding.confidence]})`,
    width,
  ).map(line => paint(page, 'strong', line))
  const advice = steps.flatMap(step => stepLines(step, width))
  return labelled(
    page,
    'Finding',
    [...title, ...wrap(finding.explanation, width), ...advice],
    findingTones[finding.severity],
  )
}

/** The command stands on its own lines, so that it can be pasted. */
function stepLines({ told, command }: Step, width: number): string[] {
  const lines = [
    ...(told === '' ? [] : wrap(told, width - 3)),
    ...(command === null ? [] : wrapCommand(command, width - 3)),
  ]
  return lines.map((line, i) => (i === 0 ? `-> ${line}` : `   ${line}`))
}

function runtimeLines(incident: Incident, page: Page): string[] {
  return runtimeStory(incident.runtimeEvents).flatMap(({ event, times }) => {
    const known = event.containerId === null || event.containerId === incident.container?.id
    const which =
      event.containerId === null
        ? ''
        : event.containerId === incident.container?.sandboxId
          ? ' of the sandbox'
          : ` of ${shortId(event.containerId)}`
    const parts = [
      `${formatTimeBeside(event.time, incident.time)}  ${event.type}${known ? '' : which} (${event.source})${times > 1 ? `, ${times} times` : ''}`,
    ]
    if (event.exitCode !== null) parts.push(`exit ${event.exitCode}: ${exitMeaning(event.exitCode)}`)
    return flow(parts, rowWidth(page), ', ')
  })
}

function missingLines(incident: Incident, page: Page): string[] {
  const suppressed = incident.suppressedReports ?? 0
  const facts = [missingWords(incident), suppressed > 0 ? suppressedWords(suppressed) : null].filter(
    fact => fact !== null,
  )
  return facts.flatMap(fact => wrap(fact, rowWidth(page)))
}

function containerLines({ container, cgroup, victims }: Incident, page: Page): string[] {
  const width = rowWidth(page, 'page')
  if (container !== null) return wrap(container.id, width)
  const ids = [...new Set(victims.map(({ containerId }) => containerId).filter(id => id !== null))]
  if (ids.length > 0) return ids.flatMap(id => wrap(id, width))
  const path = cgroup?.taskPath ?? null
  return path === null || path === cgroup?.limitPath ? [] : [pathLine(`none known; cgroup ${path}`, width)]
}

function idLines(incident: Incident, page: Page): string[] {
  const { id, container, pod, kernelReports } = incident
  const release = kernelReports.find(report => report.kernelRelease !== null)?.kernelRelease
  const ids: (string | null)[] = [
    `incident ${id}`,
    pod?.uid == null ? null : `pod uid ${pod.uid}`,
    container?.sandboxId == null ? null : `sandbox ${shortId(container.sandboxId)}`,
    container?.attempt == null ? null : `attempt ${container.attempt}`,
    pod?.qosClass == null ? null : `QoS ${pod.qosClass}`,
    requestWords(incident),
    container?.image == null ? null : `image ${container.image}`,
    container?.runtime == null ? null : container.runtime,
    release == null ? null : `kernel ${release}`,
  ]
  return flow(
    ids.filter(known => known !== null),
    rowWidth(page),
    ', ',
  )
}

/** Another incident of the same workload, in short: all that differs from the one shown. */
function otherLines(incident: Incident, shown: Incident, page: Page): string[] {
  const width = rowWidth(page)
  const titles = new Set(shown.diagnosis.map(finding => finding.code))
  const limit = limitWords(incident)
  const subject = subjectOf(incident)
  const parts: (string | null)[] = [
    `${whenWords(incident, time => formatTimeBeside(time, shown.time))}  ${killedWords(incident)}`,
    victimList(incident),
    limit === limitWords(shown) ? null : limit,
    subject === subjectOf(shown) ? null : subject,
    incident.suppressedReports ? suppressedWords(incident.suppressedReports) : null,
    ...incident.diagnosis.filter(finding => !titles.has(finding.code)).map(finding => finding.title),
    missingWords(incident) === missingWords(shown) ? null : missingWords(incident),
    `incident ${incident.id}`,
    ...evidenceRanges(incident.evidence, sourceOf(shown)),
  ]
  const [first, ...more] = flow(
    parts.filter(part => part !== null),
    width - 2,
  )
  return [first ?? '', ...indent(more, 2)]
}

/** The only source of an incident, which need not be named again; else `null`. */
function sourceOf({ evidence }: Incident): string | null {
  const names = new Set(evidence.map(({ source, member }) => sourceName(source, member)))
  return names.size === 1 ? ([...names][0] ?? null) : null
}

/** Log lines are not wrapped: they must stay what they are. */
function rawLines(incident: Incident, page: Page): string[] {
  const told = incident.evidence.filter(({ text }) => text !== null)
  return told.map(({ line, text }) => `    ${paint(page, 'faint', `${line}:`)} ${visible(text ?? '')}`)
}
