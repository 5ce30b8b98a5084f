/** What the tests of the documents look for in a page. Plain reading of lines: our pages use one form of each thing. */

/** `$ command` of a fenced block `console`, and the lines shown under it. */
export interface Example {
  readonly command: string
  readonly shown: readonly string[]
}

/**
 * The page with each example's output replaced by what `run` gives; `null` leaves it as it is. What stands between two
 * `$ ` lines, or between one and the fence, is output.
 */
export function withOutputs(page: string, run: (example: Example) => readonly string[] | null): string {
  const written: string[] = []
  let example: { command: string; shown: string[] } | null = null
  let inConsole = false
  const close = () => {
    if (example) written.push(...(run(example) ?? example.shown))
    example = null
  }
  for (const line of page.split('\n')) {
    if (inConsole && (line === '```' || line.startsWith('$ '))) close()
    if (line.startsWith('```')) inConsole = line === '```console'
    if (inConsole && line.startsWith('$ ')) example = { command: line.slice(2), shown: [] }
    else if (example) {
      example.shown.push(line)
      continue
    }
    written.push(line)
  }
  return written.join('\n')
}

/** Targets of the page's links that lead to files or headings: `file`, `file#heading`, `#heading`. */
export function relativeLinks(page: string): string[] {
  const targets = [...withoutFences(page).matchAll(/\]\((?<target>[^)\s]+)\)/g)].map(
    match => match.groups?.['target'] ?? '',
  )
  return targets.filter(target => !/^[a-z]+:/.test(target))
}

/** Anchors as GitHub makes them of headings. */
export function anchors(page: string): string[] {
  const headings = [...withoutFences(page).matchAll(/^#+ (?<text>.+)$/gm)].map(match => match.groups?.['text'] ?? '')
  return headings.map(text =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

/** First cells of the rows of the first table under a heading, without their code marks. */
export function firstColumn(page: string, heading: string): string[] {
  return rows(page, heading).map(row => (row[0] ?? '').replaceAll('`', ''))
}

/** Cells of the first table under a heading, without its head. `\|` does not end a cell. */
export function rows(page: string, heading: string): string[][] {
  const lines = page.split('\n')
  const from = lines.findIndex(line => line.replace(/^#+ /, '') === heading && line.startsWith('#'))
  if (from < 0) throw new Error(`no heading '${heading}'`)
  const start = lines.findIndex((line, at) => at > from && line.startsWith('|'))
  const end = lines.findIndex((line, at) => at > start && !line.startsWith('|'))
  return lines.slice(start + 2, end).map(line =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map(cell => cell.trim()),
  )
}

function withoutFences(page: string): string {
  return page.replace(/^```[\s\S]*?^```$/gm, '')
}
