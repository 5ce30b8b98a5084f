/** The command line: one table, from which parsing, `--help` and completion come; and what was typed, checked. */
import { fixedOffsetMinutes, zoneOffset } from '../envelopes/zone-offset.ts'
import { writers } from '../writers/index.ts'
import type { Writer } from '../writers/writer.ts'
import { parseTime, type TimeSpec } from './time.ts'
import { UsageError } from './usage-error.ts'

const SCOPES = ['container', 'pod', 'cgroup', 'node', 'unknown'] as const
type Scope = (typeof SCOPES)[number]
const WHEN = ['auto', 'always', 'never'] as const
type When = (typeof WHEN)[number]

/** What the arguments mean. */
export interface Settings {
  readonly paths: readonly string[]
  readonly writer: Writer
  readonly since: TimeSpec | null
  readonly until: TimeSpec | null
  readonly now: TimeSpec | null
  readonly container: string | null
  readonly pod: string | null
  readonly namespace: string | null
  readonly host: string | null
  readonly scope: Scope | null
  readonly year: number | null
  readonly zone: string | null
  readonly windowSeconds: number
  /** null: as many as the machine has. */
  readonly threads: number | null
  /** `--max-unpacked`, bytes; null: the default. */
  readonly maxUnpackedBytes: number | null
  readonly follow: boolean
  readonly raw: boolean
  readonly color: When
  readonly progress: When
  readonly verbose: boolean
  readonly quiet: boolean
  readonly exitStatus: boolean
}

const HOUR_OF_2020 = Date.UTC(2020, 0, 1)

/** Groups and order are those of `--help`. `nargs: 1`, so that `--since -2h` is a value and not two flags. */
export const optionTable = {
  output: {
    alias: 'o',
    nargs: 1,
    group: 'Output:',
    choices: writers.map(({ name }) => name),
    default: 'text',
    describe: 'form of the report',
  },
  raw: {
    type: 'boolean',
    group: 'Output:',
    describe: "print each incident's own log lines; in json fill evidence[].text",
  },
  color: {
    nargs: 1,
    group: 'Output:',
    choices: WHEN,
    default: 'auto',
    describe: 'colour (NO_COLOR and FORCE_COLOR count)',
  },
  progress: {
    nargs: 1,
    group: 'Output:',
    choices: WHEN,
    default: 'auto',
    describe: 'show on stderr how far it is, on a terminal',
  },
  quiet: {
    alias: 'q',
    type: 'boolean',
    group: 'Output:',
    describe: 'print nothing, only the exit status (implies -e)',
  },
  verbose: { alias: 'v', type: 'boolean', group: 'Output:', describe: 'say on stderr what was read, skipped, assumed' },
  'exit-status': { alias: 'e', type: 'boolean', group: 'Output:', describe: 'exit 1 when there is no incident' },
  since: { alias: 'S', type: 'string', nargs: 1, group: 'Which incidents:', describe: 'from this time on' },
  until: { alias: 'U', type: 'string', nargs: 1, group: 'Which incidents:', describe: 'up to this time' },
  now: {
    type: 'string',
    nargs: 1,
    group: 'Which incidents:',
    describe: "relative times count from this; default the logs' newest line",
  },
  container: {
    type: 'string',
    nargs: 1,
    group: 'Which incidents:',
    describe: 'container id, or 6 or more of its first characters',
  },
  pod: { type: 'string', nargs: 1, group: 'Which incidents:', describe: 'pod name; * matches any text' },
  namespace: {
    alias: 'n',
    type: 'string',
    nargs: 1,
    group: 'Which incidents:',
    describe: 'namespace; * matches any text',
  },
  host: { type: 'string', nargs: 1, group: 'Which incidents:', describe: 'host name; * matches any text' },
  scope: { nargs: 1, choices: SCOPES, group: 'Which incidents:', describe: 'whose limit was hit' },
  follow: {
    alias: 'f',
    type: 'boolean',
    group: 'Reading:',
    describe: 'keep reading as files grow and are rotated; print each incident once it is complete',
  },
  year: { type: 'string', nargs: 1, group: 'Reading:', describe: 'year of stamps that have none' },
  timezone: {
    type: 'string',
    nargs: 1,
    group: 'Reading:',
    describe: 'zone of stamps that have none: Asia/Seoul or +09:00',
  },
  threads: {
    type: 'string',
    nargs: 1,
    group: 'Reading:',
    describe: 'threads for big files, 1 to 8; default what the machine has',
  },
  window: {
    type: 'string',
    nargs: 1,
    default: '5',
    group: 'Reading:',
    describe: 'seconds within which events of a container are one incident',
  },
  'max-unpacked': {
    type: 'string',
    nargs: 1,
    group: 'Reading:',
    describe: 'most that a bundle may unpack to; default 256G',
  },
} as const

/** Values as yargs gives them. */
export type Typed = Readonly<Record<string, unknown>> & { readonly _: readonly (string | number)[] }

/** @throws UsageError */
export function readSettings(typed: Typed): Settings {
  const text = (name: string): string | null => {
    const value = typed[name]
    if (value === undefined || value === null) return null
    if (value === '') throw new UsageError(`--${name} needs a value`)
    return String(value)
  }
  const time = (name: string): TimeSpec | null => {
    const value = text(name)
    return value === null ? null : parseTime(value, `--${name}`)
  }
  const container = text('container')
  if (container !== null && container.length < 6) {
    throw new UsageError(`--container: '${container}' is too short; give 6 or more characters of the id`)
  }
  const writer = writers.find(({ name }) => name === typed['output'])
  if (!writer) throw new UsageError(`--output: unknown form '${typed['output']}'`)
  const quiet = typed['quiet'] === true
  return {
    paths: typed._.map(String),
    writer,
    since: time('since'),
    until: time('until'),
    now: time('now'),
    container,
    pod: text('pod'),
    namespace: text('namespace'),
    host: text('host'),
    scope: (typed['scope'] as Scope | undefined) ?? null,
    year: readYear(text('year')),
    zone: readZone(text('timezone')),
    maxUnpackedBytes: readSize(text('max-unpacked')),
    windowSeconds: readWindow(text('window') ?? '5'),
    threads: readThreads(text('threads')),
    follow: typed['follow'] === true,
    raw: typed['raw'] === true,
    color: typed['color'] as When,
    progress: typed['progress'] as When,
    verbose: typed['verbose'] === true,
    quiet,
    exitStatus: quiet || typed['exit-status'] === true,
  }
}

function readYear(text: string | null): number | null {
  if (text === null) return null
  if (!/^(19|20|21)\d\d$/.test(text)) throw new UsageError(`--year: not a year: '${text}'`)
  return Number(text)
}

function readZone(text: string | null): string | null {
  if (text === null) return null
  if (fixedOffsetMinutes(text) !== null) return text
  try {
    // Intl knows the names; an abbreviation (KST, CST) is ambiguous and is refused by it or comes out as no number
    new Intl.DateTimeFormat('en', { timeZone: text })
    zoneOffset(text, HOUR_OF_2020)
    return text
  } catch {
    throw new UsageError(`--timezone: unknown zone '${text}'; give a name such as Asia/Seoul, or +09:00`)
  }
}

function readThreads(text: string | null): number | null {
  if (text === null) return null
  if (!/^[1-8]$/.test(text)) throw new UsageError(`--threads: not a number from 1 to 8: '${text}'`)
  return Number(text)
}

function readWindow(text: string): number {
  if (!/^\d{1,6}(\.\d{1,3})?$/.test(text)) throw new UsageError(`--window: not a number of seconds: '${text}'`)
  return Number(text)
}

/** `300G`, `64M`: powers of 1024, as `du` and `ls` have them. */
function readSize(text: string | null): number | null {
  if (text === null) return null
  const match = /^(\d{1,9})([KMGT]?)(?:i?B)?$/i.exec(text)
  if (!match) throw new UsageError(`--max-unpacked: not a size: '${text}'; try 500G`)
  return Number(match[1]) * 1024 ** ' KMGT'.indexOf((match[2] || ' ').toUpperCase())
}
