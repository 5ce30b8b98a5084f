/** Lines for a terminal: wrapping, labelled rows and tables. All text passes `visible()` here, so no caller can forget it. */
import { shortenMiddle } from './format.ts'
import { visible } from './neutral.ts'
import { widthOf } from './widths.ts'

/** What a part of the page is, as far as colour tells it. */
export type Tone = 'plain' | 'strong' | 'faint' | 'alarm' | 'caution'

const sgr: Readonly<Record<Exclude<Tone, 'plain'>, readonly [string, string]>> = {
  strong: ['\x1b[1m', '\x1b[22m'],
  faint: ['\x1b[2m', '\x1b[22m'],
  alarm: ['\x1b[1;31m', '\x1b[22;39m'],
  caution: ['\x1b[33m', '\x1b[39m'],
}

export interface Page {
  /** Lines are at most this wide, but for log lines printed as they are. */
  readonly columns: number
  readonly color: boolean
}

/** Beyond this, running text gets hard to read; paths and tables may use the whole width. */
const proseColumns = 110
const labelIndent = 2
const labelWidth = 11
const narrowest = 60

export function pageOf(columns: number, color: boolean): Page {
  return { columns: Math.max(columns, narrowest), color }
}

export function paint(page: Page, tone: Tone, text: string): string {
  if (!page.color || tone === 'plain' || text === '') return text
  const [on, off] = sgr[tone]
  return `${on}${text}${off}`
}

/** Wraps at blanks; a word that is wider than a line is broken, since nothing of it may be lost. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  let used = 0
  for (const word of visible(text).split(' ')) {
    const wide = widthOf(word)
    const gap = line === '' ? 0 : 1
    if (used + gap + wide <= width) {
      line += gap === 1 ? ` ${word}` : word
      used += gap + wide
      continue
    }
    if (line !== '') lines.push(line)
    const pieces = wide <= width ? [word] : breakWord(word, width)
    lines.push(...pieces.slice(0, -1))
    line = pieces.at(-1) ?? ''
    used = widthOf(line)
  }
  if (line !== '' || lines.length === 0) lines.push(line)
  return lines
}

/** A shell command over several lines, joined by `\\` so that it can be pasted: broken at blanks outside of quotes only. */
export function wrapCommand(command: string, width: number): string[] {
  const words = visible(command).match(/(?:'[^']*'|"[^"]*"|[^\s'"]|['"])+/g) ?? []
  const lines: string[] = []
  let line = ''
  for (const word of words) {
    if (line !== '' && widthOf(line) + widthOf(word) + 3 > width) {
      lines.push(`${line} \\`)
      line = `  ${word}`
    } else {
      line += line === '' ? word : ` ${word}`
    }
  }
  return [...lines, line]
}

function breakWord(word: string, width: number): string[] {
  const pieces: string[] = []
  let piece = ''
  let used = 0
  for (const character of word) {
    const wide = widthOf(character)
    if (used + wide > width && piece !== '') {
      pieces.push(piece)
      piece = ''
      used = 0
    }
    piece += character
    used += wide
  }
  return [...pieces, piece]
}

/** Parts that belong together stay on one line where they fit: broken between parts first, inside a part only if it is too wide. */
export function flow(parts: readonly string[], width: number, separator = '; '): string[] {
  const lines: string[] = []
  let line = ''
  for (const [i, raw] of parts.entries()) {
    const part = visible(raw) + (i < parts.length - 1 ? separator.trimEnd() : '')
    const joined = line === '' ? part : `${line} ${part}`
    if (widthOf(joined) <= width) {
      line = joined
      continue
    }
    if (line !== '') lines.push(line)
    const wrapped = wrap(part, width)
    lines.push(...wrapped.slice(0, -1))
    line = wrapped.at(-1) ?? ''
  }
  return line === '' ? lines : [...lines, line]
}

export function indent(lines: readonly string[], by: number): string[] {
  return lines.map(line => (line === '' ? '' : ' '.repeat(by) + line))
}

/** Room for the text of a labelled row. */
export function rowWidth(page: Page, of: 'prose' | 'page' = 'prose'): number {
  return (of === 'prose' ? Math.min(page.columns, proseColumns) : page.columns) - labelIndent - labelWidth
}

/** `  Label      text`, its further lines under the text. */
export function labelled(page: Page, label: string, lines: readonly string[], tone: Tone = 'faint'): string[] {
  return lines.map((line, i) => {
    const head =
      i === 0 ? paint(page, tone, label) + ' '.repeat(Math.max(labelWidth - label.length, 1)) : ' '.repeat(labelWidth)
    return (' '.repeat(labelIndent) + head + line).trimEnd()
  })
}

/** A path whole where it has room, else with its middle cut out. */
export function pathLine(path: string, width: number): string {
  const safe = visible(path)
  if (widthOf(safe) <= width) return safe
  // Wide characters take two columns: room for as many characters as surely fit.
  return shortenMiddle(safe, /^[\x20-\x7e]*$/.test(safe) ? width : width >> 1)
}

export interface Column {
  readonly title: string
  readonly align: 'left' | 'right'
  /** Left out where the table would be wider than the page. */
  readonly optional?: boolean
}

/** Columns as wide as their widest cell, two blanks between them. Too wide: the optional ones go, then the last one is cut. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): string[] {
  const cells = [columns.map(column => column.title), ...rows.map(row => row.map(visible))]
  const widths = columns.map((_, i) => Math.max(...cells.map(row => widthOf(row[i] ?? ''))))
  const all = columns.map((_, i) => i)
  const needed = (kept: readonly number[]) => kept.reduce((sum, i) => sum + (widths[i] ?? 0) + 2, -2)
  const kept = needed(all) <= width ? all : all.filter(i => columns[i]?.optional !== true)
  return cells.map(row => {
    const padded = kept.map(i => {
      const cell = row[i] ?? ''
      const fill = ' '.repeat((widths[i] ?? 0) - widthOf(cell))
      return columns[i]?.align === 'right' ? fill + cell : cell + fill
    })
    const last = padded.pop() ?? ''
    const before = padded.map(cell => `${cell}  `).join('')
    return (before + pathLine(last.trimEnd(), Math.max(width - widthOf(before), 8))).trimEnd()
  })
}
