/** What was not in the log and had to be taken from elsewhere: it belongs beside the times that rest on it. */
import type { InferredFrom, Source, Warning } from '../model/report.ts'

const assumptions: Partial<Readonly<Record<InferredFrom, string>>> = {
  mtime: "the file's modification time",
  local: 'this machine',
  'file-name': "the file's name",
}

/** `year taken from the file's modification time, zone from this machine (messages)`: a sentence for each kind of source. */
export function assumedWords(sources: readonly Source[]): string[] {
  const paths = new Map<string, string[]>()
  for (const source of sources) {
    if (source.firstTime === null) continue
    const parts = [part('year', source.yearFrom), part('zone', source.offsetFrom)].filter(text => text !== null)
    if (parts.length === 0) continue
    const sentence = parts.join(', ')
    paths.set(sentence, [...(paths.get(sentence) ?? []), sourceName(source.path, source.member)])
  }
  return [...paths].map(([sentence, names]) => `${sentence} (${listSome(names)})`)
}

function part(what: string, from: InferredFrom | null): string | null {
  const where = from === null ? undefined : assumptions[from]
  return where === undefined ? null : `${what} taken from ${where}`
}

/** `messages`, or `bundle.tgz!var/log/messages` for a member of a bundle. */
export function sourceName(path: string, member: string | null): string {
  const name = path === '-' ? 'standard input' : path
  return member === null ? name : `${name}!${member}`
}

/** `messages:12` or `bundle.tgz!var/log/messages:12` of a warning; `null` where it is about no place. */
export function warningPlace({ source, member, line }: Warning): string | null {
  if (source === null) return null
  const name = sourceName(source, member)
  return line === null ? name : `${name}:${line}`
}

function listSome(names: readonly string[]): string {
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more files`
}
