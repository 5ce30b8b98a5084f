/** The commands. */
import { runAnalyze } from './analyze.ts'
import { EXIT, type Io } from './io.ts'
import { runMerge } from './merge.ts'
import { optionTable, readSettings, type Typed } from './options.ts'
import { runSchema } from './schema.ts'
import { oneLine, UsageError } from './usage-error.ts'

/** Runs what the arguments ask for. @returns the exit status */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const typed = needsParser(args) ? await (await import('./parse.ts')).parseArguments(args, io) : nothingBut(args)
  if (typeof typed === 'number') return typed
  if (typed._[0] === 'schema') return runSchema(typed['ndjson'] === true, io)
  try {
    const settings = readSettings(typed)
    if (typed._[0] === 'merge') {
      return await runMerge(settings.paths.slice(1), settings, io)
    }
    return await runAnalyze(settings, io)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    io.complain(oneLine(error))
    return EXIT.error
  }
}

const COMMANDS = ['schema', 'merge', 'completion']

/** Paths alone mean themselves; all else is yargs' work, which takes as long to load as the rest. */
const needsParser = (args: readonly string[]): boolean =>
  args.some(arg => arg.startsWith('-') && arg !== '-') || COMMANDS.includes(args[0] ?? '')

const nothingBut = (paths: readonly string[]): Typed => ({ ...defaults, _: paths })

const defaults: Readonly<Record<string, unknown>> = Object.fromEntries(
  Object.entries(optionTable).flatMap(([name, option]) => ('default' in option ? [[name, option.default]] : [])),
)
