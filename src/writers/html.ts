/** The report as one HTML file that stands alone: no script, nothing loaded, to be mailed, kept and printed. */
import type { Incident, Summary } from '../model/report.ts'
import { assumedWords, warningPlace } from './assumed.ts'
import { type Conclusion, conclusionsOf } from './conclusions.ts'
import { evidenceRanges } from './evidence.ts'
import { formatTime } from './format.ts'
import { type Group, groupIncidents, medianInterval } from './groups.ts'
import { style } from './html-style.ts'
import { timeline } from './html-timeline.ts'
import { escapeHtml } from './neutral.ts'
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

export const html: Writer = {
  name: 'html',
  sorted: true,
  open: ({ raw }) => {
    const incidents: Incident[] = []
    return {
      begin: () => '',
      incident: incident => {
        incidents.push(incident)
        return ''
      },
      end: summary => pageOf(incidents, summary, raw),
    }
  },
}

// Should an escape ever be missed, the page still may not run or load anything.
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

function pageOf(incidents: readonly Incident[], summary: Summary, raw: boolean): string {
  const groups = groupIncidents(incidents, summary.workloads)
  const title = escapeHtml(incidents.length === 0 ? 'No OOM kill found' : titleOf(incidents).join(', '))
  const assumed = assumedWords(summary.sources).map(
    sentence => `<p class="caution">Assumed: ${escapeHtml(sentence)}</p>\n`,
  )
  const nothing = nothingWords(summary.stats)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<h1>${title}</h1>
${assumed.join('')}${groups.length === 0 ? '' : overview(groups)}${timeline(groups)}${groups.map((group, i) => sectionOf(group, i + 1, raw)).join('')}<footer>
<p>${escapeHtml(readWords(summary).join(', '))}${nothing === null ? '' : `. ${escapeHtml(nothing)}`}</p>
${warningsOf(summary)}<p>${summary.tool.name} ${escapeHtml(summary.tool.version)}, ${escapeHtml(formatTime(summary.generatedAt))}</p>
</footer>
</body>
</html>
`
}

function titleHtml(incident: Incident): string {
  if (!isPanic(incident)) return escapeHtml(subjectOf(incident))
  return `<span class="alarm">${escapeHtml(panicWords(incident))}</span>`
}

function overview(groups: readonly Group[]): string {
  const rows = groups.map(({ shown, incidents }, i) => {
    const cells = [limitWords(shown), killedWords(shown)].map(cell => `<td>${escapeHtml(cell)}</td>`).join('')
    const what = `<td><a href="#incident-${i + 1}">${titleHtml(shown)}</a></td>`
    return `<tr><td class="when">${escapeHtml(whenWords(shown, formatTime))}</td>${what}${cells}<td class="number">${incidents.length}</td></tr>\n`
  })
  const head = '<tr><th>when</th><th>what</th><th>limit</th><th>killed</th><th class="number">times</th></tr>'
  return `<div class="scroll"><table>\n<thead>${head}</thead>\n<tbody>\n${rows.join('')}</tbody>\n</table></div>\n`
}

function sectionOf(group: Group, number: number, raw: boolean): string {
  const { shown, incidents } = group
  const times = incidents.map(({ time }) => time)
  const repeats = [repeatWords(times, medianInterval(group)), whereWords(incidents)].filter(Boolean).join(', ')
  const rows = rowsOf(shown).map(({ label, lines, code }) => {
    const told = lines.map(line => (code === true ? `<code>${escapeHtml(line)}</code>` : escapeHtml(line)))
    return `<dt>${label}</dt><dd${label === 'Missing' ? ' class="caution"' : ''}>${told.join('<br>')}</dd>\n`
  })
  const evidence = evidenceRanges(shown.evidence).map(range => `<code>${escapeHtml(range)}</code>`)
  const others = incidents.filter(incident => incident !== shown)
  return `<section id="incident-${number}">
<h2>${number}. ${titleHtml(shown)}</h2>
${repeats === '' ? '' : `<p>${escapeHtml(repeats)}.</p>\n`}<dl>
${rows.join('')}<dt>Evidence</dt><dd>${evidence.join('<br>')}</dd>
</dl>
${conclusionsOf(shown.diagnosis).map(findingOf).join('')}${processesOf(shown)}${raw ? rawOf(shown) : ''}${othersOf(others, shown, raw)}</section>
`
}

function findingOf({ finding, steps: advised }: Conclusion): string {
  const { severity, title, confidence, explanation } = finding
  const steps = advised.map(({ told, command }) => {
    return `<li>${escapeHtml(told)}${command === null ? '' : `<pre>${escapeHtml(command)}</pre>`}</li>`
  })
  return `<div class="finding ${severity}"><p><strong>${escapeHtml(title)}</strong> <span class="faint">${confidence}</span></p>
<p>${escapeHtml(explanation)}</p>${steps.length === 0 ? '' : `<ul>${steps.join('')}</ul>`}</div>
`
}

function processesOf(incident: Incident): string {
  const table = processTable(incident)
  if (table === null) return ''
  const last = table.heads.length - 1
  const kind = (i: number) => (i === last ? '' : ' class="number"')
  const heads = table.heads.map((head, i) => `<th${kind(i)}>${head}</th>`).join('')
  const rows = table.rows.map(({ cells, killed }) => {
    const row = cells
      .map((cell, i) => `<td${kind(i)}>${escapeHtml(cell)}${killed && i === last ? ' (killed)' : ''}</td>`)
      .join('')
    return `<tr${killed ? ' class="killed"' : ''}>${row}</tr>\n`
  })
  // A short table is the evidence one wants to see; a long one is there to be opened.
  return `<details${rows.length <= 12 ? ' open' : ''}><summary>Processes (${rows.length})</summary>
<div class="scroll"><table><thead><tr>${heads}</tr></thead><tbody>
${rows.join('')}</tbody></table></div></details>
`
}

function othersOf(others: readonly Incident[], shown: Incident, raw: boolean): string {
  if (others.length === 0) return ''
  const items = others.map(other => {
    const facts = otherWords(other, shown)
    const evidence = evidenceRanges(other.evidence).map(range => `<code>${escapeHtml(range)}</code>`)
    const when = `<td class="when">${escapeHtml(whenWords(other, formatTime))}</td>`
    return `<tr>${when}<td>${escapeHtml(facts.join('; '))}<br>${evidence.join(' ')} <code>${escapeHtml(other.id)}</code>${raw ? rawOf(other) : ''}</td></tr>\n`
  })
  return `<details open><summary>The others (${others.length})</summary><table><tbody>\n${items.join('')}</tbody></table></details>\n`
}

function rawOf(incident: Incident): string {
  const lines = incident.evidence.filter(({ text }) => text !== null)
  if (lines.length === 0) return ''
  const told = lines.map(({ line, text }) => escapeHtml(`${line}: ${text}`))
  return `<details><summary>Log lines (${lines.length})</summary><pre>${told.join('\n')}</pre></details>\n`
}

function warningsOf({ warnings }: Summary): string {
  if (warnings.length === 0) return ''
  const items = warnings.slice(0, 100).map(warning => {
    const place = warningPlace(warning)
    return `<li>${place === null ? '' : `<code>${escapeHtml(place)}</code> `}${escapeHtml(warning.message)}</li>`
  })
  const more = warnings.length > items.length ? `<li>and ${warnings.length - items.length} more</li>` : ''
  return `<details open><summary>Warnings (${warnings.length})</summary><ul>${items.join('')}${more}</ul></details>\n`
}
