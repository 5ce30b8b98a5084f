import type { Line } from '../model/line.ts'
import type { Stamp } from '../model/record.ts'
import { type Envelope, type EnvelopeReader, type Found, type Parsed, parsed } from './envelope.ts'
import { stampOf } from './json-text.ts'
import { writtenDate } from './written-date.ts'

/** Names of columns, in lower case, likelier first. */
const MESSAGES =
  'jsonpayload.message _raw syslogmessage event.original message @message full_message msg log line content body textpayload logline'
const TIMES = '@timestamp timestamp eventtime timegenerated _time time datetime date'
const HOSTS =
  'host.name host.hostname hostname computer host source node jsonpayload._hostname _hostname agent.hostname'
const IDENTS =
  'facility processname program ident syslog_identifier jsonpayload.syslog_identifier process.name process appname'

/** The first line of a table. Its names have no marks of a log line in them. */
const CELL = String.raw`(?:"[\w@. ()[\]/-]{1,80}"|[\w@. ()[\]/-]{1,80})`
const HEADER = new RegExp(`^\\ufeff?${CELL}(?:,${CELL}){1,100},?\\r?$`)
const LONGEST_HEADER = 4096
/** Lines that one row may span: a message with line feeds in it. */
const MOST_LINES = 200
const LONGEST_ROW = 65_536
/** Of a time in a cell, written out: `Wednesday, March 15, 2022 at 9:22:41.553 AM UTC+09:00`. */
const LONGEST_TIME = 56

interface Columns {
  readonly count: number
  readonly message: number
  readonly times: readonly { readonly at: number; readonly isUtc: boolean }[]
  readonly hosts: readonly number[]
  readonly idents: readonly number[]
}

interface Row {
  readonly line: Line
  text: string
  lines: number
}

/**
 * A table of comma-separated values, as consoles of log services export it: its first line names the columns, one of which
 * holds the log line.
 */
export const csv: Envelope = {
  name: 'csv',
  source:
    'Kibana, Azure Log Analytics, Datadog, Splunk, Graylog, CloudWatch Logs Insights, Cloud Logging: export as CSV',
  samples: [
    {
      line: '"@timestamp","host.name",message\n"Mar 15, 2022 @ 09:22:41.553","node1","kernel: Mem-Info:"',
      expect: {
        stamp: { kind: 'local', year: 2022, month: 3, day: 15, hour: 9, minute: 22, second: 41, fraction: '553' },
        stampFrom: 'syslog',
        host: 'node1',
        nested: true,
        message: 'kernel: Mem-Info:',
      },
    },
    {
      line: 'TimeGenerated [UTC],Computer,Facility,SyslogMessage,Type\n"3/15/2022, 12:22:41.553 AM",node1,kern,"say ""x"", y",Syslog',
      expect: {
        stamp: { kind: 'full', ms: 1647303761553, iso: '2022-03-15T00:22:41.553Z' },
        host: 'node1',
        ident: 'kernel',
        nested: false,
        message: 'say "x", y',
      },
    },
    {
      line: 'Date,Host,Content\n"2022-03-15T00:22:41.553Z","""node1""","anon 4096\nfile 0"',
      expect: { host: 'node1', message: 'anon 4096\nfile 0' },
    },
  ],
  open: openCsv,
}

/** Whether a line names the columns of a table with log lines in it. */
export function isCsvHeader(text: string): boolean {
  return columnsOf(text) !== null
}

function openCsv(): EnvelopeReader {
  let columns: Columns | null = null
  let row: Row | null = null

  function feed(text: string, line: Line): readonly Found[] | null {
    const header = columnsOf(text)
    if (header !== null) {
      const left = end()
      columns = header
      return left
    }
    if (columns === null) return null
    const cells = cellsOf(text)
    if (cells !== null && cells.length === columns.count) {
      const found = foundIn(cells, columns, line)
      // a line of another log may have as many commas
      if (text.startsWith('"') || columns.times.length === 0 || found.some(isTimed)) return [...end(), ...found]
    }
    if (row === null) {
      if (cells !== null) return null
      row = { line, text, lines: 1 }
      return []
    }
    row.text += `\n${text}`
    row.lines++
    const whole = cellsOf(row.text)
    return whole?.length === columns.count || row.lines >= MOST_LINES || row.text.length > LONGEST_ROW ? end() : []
  }

  function end(): readonly Found[] {
    if (row === null || columns === null) return []
    const { text, line } = row
    row = null
    const whole = cellsOf(text)
    if (whole?.length === columns.count) return foundIn(whole, columns, line)
    // cut, or no row at all: nothing in it may be lost
    const [first, ...others] = text.split('\n')
    const [found] = foundIn(cellsOf(`${first}"`) ?? [], columns, line)
    const begun = found ?? { parsed: parsed({ message: first!, nested: true }), line }
    return [begun, ...others.map(message => ({ parsed: { ...begun.parsed, message, nested: true }, line }))]
  }

  return { feed, end }
}

const isTimed = ({ parsed: { stamp } }: Found): boolean => stamp !== null

function columnsOf(text: string): Columns | null {
  if (text.length > LONGEST_HEADER || !text.includes(',') || !HEADER.test(text)) return null
  const cells = (cellsOf(text.replace(/^\ufeff/, '')) ?? []).map(cell => cell.toLowerCase().trim())
  const names = cells.map(cell => cell.replace(/ [[(].*/, ''))
  const placesOf = (known: string) =>
    known.split(' ').flatMap(name => (names.includes(name) ? [names.indexOf(name)] : []))
  const [message] = placesOf(MESSAGES)
  const times = placesOf(TIMES).map(at => ({ at, isUtc: /[[(]utc[\])]$/.test(cells[at]!) }))
  const hosts = placesOf(HOSTS)
  if (message === undefined || times.length + hosts.length === 0) return null
  return { count: names.length, message, times, hosts, idents: placesOf(IDENTS) }
}

/** The values of a row; null where a quotation mark is open at its end. */
function cellsOf(text: string): readonly string[] | null {
  const cells: string[] = []
  let at = 0
  for (;;) {
    let end = at
    if (text.charCodeAt(at) === 34) {
      end = text.indexOf('"', at + 1)
      while (end >= 0 && text.charCodeAt(end + 1) === 34) end = text.indexOf('"', end + 2)
      if (end < 0) return null
      cells.push(text.slice(at + 1, end).replaceAll('""', '"'))
      end++
    } else {
      end = text.indexOf(',', at)
      if (end < 0) end = text.endsWith('\r') ? text.length - 1 : text.length
      cells.push(text.slice(at, end))
    }
    if (text.charCodeAt(end) !== 44) return cells
    at = end + 1
  }
}

function foundIn(cells: readonly string[], columns: Columns, line: Line): readonly Found[] {
  const message = cells[columns.message] ?? ''
  if (message === '') return []
  const textAt = (at: number) => (cells[at] ?? '').replace(/^"(.*)"$/, '$1')
  const firstOf = (places: readonly number[]) => places.map(textAt).find(text => text !== '' && text !== '-') ?? null
  const ident = firstOf(columns.idents)
  const one: Partial<Parsed> = {
    stamp: timeOf(columns, textAt),
    host: firstOf(columns.hosts),
    ident: ident === 'kern' ? 'kernel' : ident,
    message: message.replace(/\r?\n$/, ''),
    nested: ident === null,
  }
  return [{ parsed: parsed(one), line }]
}

function timeOf({ times }: Columns, textAt: (at: number) => string): Stamp | null {
  for (const { at, isUtc } of times) {
    const text = textAt(at)
    const stamp = text.length > LONGEST_TIME ? null : (stampOf(text) ?? writtenDate(text, isUtc))
    if (stamp !== null) return stamp
  }
  return null
}
