/** The arguments, read by yargs: only loaded where there is an option or a command among them. */
import yargs from 'yargs'
import { EXIT, type Io } from './io.ts'
import { optionTable, type Typed } from './options.ts'
import { oneLine, UsageError } from './usage-error.ts'

const USAGE = `oomlens [options] [path...]

Which container was OOM-killed, when, and whose limit was hit: from a node's
logs alone. A path is a log file, a directory, a glob, or - for standard input.`

/** What was typed; or the exit status, where that was all: `--help`, a completion, a mistake. */
export async function parseArguments(args: readonly string[], io: Io): Promise<Typed | number> {
  let help: string | null = null
  const parser = yargs([])
    .scriptName('oomlens')
    .usage(USAGE)
    .locale('en')
    .parserConfiguration({
      'parse-positional-numbers': false,
      'duplicate-arguments-array': false,
      'strip-aliased': true,
      'camel-case-expansion': false,
      'boolean-negation': false,
      'populate--': false,
    })
    .options(optionTable)
    .command('$0', false)
    .command('schema', 'print the JSON Schema of -o json (--ndjson: of a line of -o ndjson)', command =>
      command.option('ndjson', { type: 'boolean', describe: 'of a line of ndjson' }),
    )
    .command('merge', 'join reports (json or ndjson) of several nodes or shards: oomlens merge FILE...')
    .completion('completion', 'print the shell completion (bash, zsh)')
    .example('oomlens /var/log/messages*', 'every OOM kill in the log and its rotations')
    .example('oomlens -o json messages | jq .incidents', 'for other programs')
    .example('journalctl -k | oomlens -S "2 hours ago"', 'from a pipe, the last two hours')
    .epilogue('Exit status: 0 read (with -e: incidents found), 1 none found (-e, -q), 2 an error.')
    .help('help')
    .alias('help', 'h')
    .version(io.version)
    .alias('version', 'V')
    .wrap(Math.min(io.columns, 100))
    .strictOptions()
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message, error) => {
      throw new UsageError(inOurWords(error?.message ?? message))
    })
  const parse = async () => {
    const typed = (await parser.parseAsync(normalized(args), {}, (_error, _argv, output) => {
      help = output
    })) as Typed
    if (typed._[0] === 'completion') parser.showCompletionScript()
    return typed
  }
  try {
    const { value: typed, printed } = await withLog(parse)
    // with one of these nothing else was asked for
    const text = help ? `${help}\n` : printed
    if (text === '') return typed
    await io.write(text)
    return EXIT.ok
  } catch (error) {
    io.complain(`${oneLine(error)}; see oomlens --help`)
    return EXIT.error
  }
}

/** What yargs prints past the process edge, as it does completions and their script: it gives them in no other way. */
async function withLog<T>(work: () => Promise<T>): Promise<{ value: T; printed: string }> {
  const { log } = console
  let printed = ''
  console.log = (line: string) => {
    printed += `${line}\n`
  }
  try {
    const value = await work()
    return { value, printed }
  } finally {
    console.log = log
  }
}

/** What yargs complains of, as all else is said. */
function inOurWords(message: string): string {
  const choices = [...message.matchAll(/Argument: (\S+), Given: "(.*)", Choices: (.*)/g)].map(
    ([, name = '', given = '', all = '']) => `--${name}: not one of ${all.replaceAll('"', '')}: '${given}'`,
  )
  if (choices.length > 0) return choices.join('; ')
  const unknown = /^Unknown arguments?: (.+)$/.exec(message)?.[1]
  if (unknown !== undefined) return `unknown option: ${unknown.split(', ').map(asTyped).join(', ')}`
  const lone = /^Not enough arguments following: (.+)$/.exec(message)?.[1]
  return lone === undefined ? message : `${asTyped(lone)} needs a value`
}

const asTyped = (name: string): string => (name.length === 1 ? `-${name}` : `--${name}`)

/** Short options that take a value, which may stand in the same word: `-ojson`, as with kubectl. */
const SHORT_WITH_VALUE = /^-([oSUn])(?=[^=])/

/** What people type and yargs reads otherwise: `--no-color` as `color: false`, `-ojson` as five flags. */
function normalized(args: readonly string[]): string[] {
  const end = args.indexOf('--')
  return args.map((arg, at) => {
    if (end >= 0 && at >= end) return arg
    return arg === '--no-color' ? '--color=never' : arg.replace(SHORT_WITH_VALUE, '-$1=')
  })
}
