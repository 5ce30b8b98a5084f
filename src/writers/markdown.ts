/** A report to paste into a ticket: GitHub's Markdown, with every name of the log kept from being markup. */
import type { Incident, Summary } from '../model/report.ts'
import { assumedWords, warningPlace } from './assumed.ts'
import { type Conclusion, conclusionsOf } from './conclusions.ts'
import { evidenceRanges } from './evidence.ts'
import { formatTime } from './format.ts'
import { type Group, groupIncidents, medianInterval } from './groups.ts'
import { escapeMarkdown, markdownCode, visible } from './neutral.ts'
import { processTable, rowsOf } from './rows.ts'
import { nothingWords, readWords } from './text-read.ts'
import { titleOf } from './text-summary.ts'
import {
  isPanic,
  killedWords,
  limitWords,
  otherWords,
  panicWords,
  repeatWords,
  subjectOf,
  whenWords,
  whereWords,
} from './words.ts'
import type { Writer } from './writer.ts'

const shownProcesses = 10

export const markdown: Writer = {
  name: 'markdown',
  sorted: true,
  open: ({ raw }) => {
    const incidents: Incident[] = []
    return {
      begin: () => '',
      incident: incident => {
        incidents.push(incident)
        return ''
      },
      end: summary => `${pageOf(incidents, summary, raw).join('\n')}\n`,
    }
  },
}

function pageOf(incidents: readonly Incident[], summary: Summary, raw: boolean): string[] {
  const groups = groupIncidents(incidents, summary.workloads)
  const assumed = assumedWords(summary.sources).flatMap(sentence => [`> Assumed: ${escapeMarkdown(sentence)}`, ''])
  const warnings = summary.warnings.slice(0, 20).map(warning => {
    const place = warningPlace(warning)
    return `- ${place === null ? '' : `${markdownCode(place)} `}${escapeMarkdown(warning.message)}`
  })
  if (summary.warnings.length > warnings.length)
    warnings.push(`- and ${summary.warnings.length - warnings.length} more`)
  const nothing = nothingWords(summary.stats)
  return [
    `# ${escapeMarkdown(incidents.length === 0 ? 'No OOM kill found' : titleOf(incidents).join(', '))}`,
    '',
    ...assumed,
    ...(groups.length === 0 ? [] : [...overview(groups), '']),
    ...groups.flatMap((group, i) => sectionOf(group, i + 1, raw)),
    escapeMarkdown(readWords(summary).join(', ')),
    ...(nothing === null ? [] : ['', escapeMarkdown(nothing)]),
    ...(warnings.length === 0 ? [] : ['', '## Warnings', '', ...warnings]),
  ]
}

function overview(groups: readonly Group[]): string[] {
  const rows = groups.map(({ shown, incidents }, i) => {
    const who = isPanic(shown) ? `**${escapeMarkdown(panicWords(shown))}**` : escapeMarkdown(subjectOf(shown))
    const cells = [whenWords(shown, formatTime), null, limitWords(shown), killedWords(shown), String(incidents.length)]
    return `| ${i + 1} | ${cells.map(cell => (cell === null ? who : escapeMarkdown(cell))).join(' | ')} |`
  })
  return ['| # | when | what | limit | killed | times |', '| --: | --- | --- | --- | --- | --: |', ...rows]
}

function sectionOf(group: Group, number: number, raw: boolean): string[] {
  const { shown, incidents } = group
  const subject = isPanic(shown) ? panicWords(shown) : subjectOf(shown)
  const times = incidents.map(({ time }) => time)
  const repeats = [repeatWords(times, medianInterval(group)), whereWords(incidents)].filter(Boolean).join(', ')
  const rows = rowsOf(shown).flatMap(({ label, lines, code }) =>
    lines.map(line => `- **${label}:** ${code === true ? markdownCode(line) : escapeMarkdown(line)}`),
  )
  const others = incidents.filter(incident => incident !== shown)
  return [
    `## ${number}. ${escapeMarkdown(subject)}`,
    '',
    ...(repeats === '' ? [] : [`${escapeMarkdown(repeats)}.`, '']),
    ...rows,
    `- **Evidence:** ${evidenceRanges(shown.evidence).map(markdownCode).join(', ')}`,
    '',
    ...conclusionsOf(shown.diagnosis).flatMap(findingOf),
    ...processesOf(shown),
    ...(raw ? rawOf(shown) : []),
    ...(others.length === 0
      ? []
      : [
          'The others:',
          '',
          ...others.flatMap(other => [otherOf(other, shown), ...(raw ? ['', ...rawOf(other)] : [])]),
          '',
        ]),
  ]
}

function findingOf({ finding, steps }: Conclusion): string[] {
  const { title, confidence, explanation } = finding
  const told = steps.map(step => {
    const command = step.command === null ? '' : markdownCode(step.command)
    return `- ${[escapeMarkdown(step.told), command].filter(part => part !== '').join(' ')}`
  })
  return [
    `**${escapeMarkdown(title)}** (${confidence}). ${escapeMarkdown(explanation)}`,
    '',
    ...(told.length === 0 ? [] : [...told, '']),
  ]
}

function processesOf(incident: Incident): string[] {
  const table = processTable(incident)
  if (table === null) return []
  const shown = table.rows.filter((row, i) => i < shownProcesses || row.killed)
  const rows = shown.map(({ cells, killed }) => {
    const name = `${markdownCode(cells.at(-1) ?? '')}${killed ? ' **killed**' : ''}`
    return `| ${[...cells.slice(0, -1), name].join(' | ')} |`
  })
  const left = table.rows.length - shown.length
  return [
    `| ${table.heads.join(' | ')} |`,
    `| ${table.heads.map((_, i) => (i === table.heads.length - 1 ? '---' : '--:')).join(' | ')} |`,
    ...rows,
    '',
    ...(left > 0 ? [`and ${left} more processes`, ''] : []),
  ]
}

function otherOf(other: Incident, shown: Incident): string {
  const facts = [whenWords(other, formatTime), ...otherWords(other, shown)]
  return `- ${escapeMarkdown(facts.join('; '))}; ${markdownCode(other.id)}; ${evidenceRanges(other.evidence).map(markdownCode).join(', ')}`
}

/** Log lines in a fence that they cannot close. */
function rawOf(incident: Incident): string[] {
  const lines = incident.evidence.filter(({ text }) => text !== null).map(({ text }) => visible(text ?? ''))
  if (lines.length === 0) return []
  const longest = lines.reduce((most, line) => Math.max(most, /^\s*(`*)/.exec(line)?.[1]?.length ?? 0), 0)
  const fence = '`'.repeat(Math.max(3, longest + 1))
  return [`${fence}text`, ...lines, fence, '']
}
