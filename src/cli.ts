/** The process edge: arguments, streams, signals, exit status. The only file that touches `process`. */
import { readlinkSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { EXIT, type Io } from './commands/io.ts'
import { createOutput, isTerminalAt, type Output } from './descriptors.ts'
import { describeErrno } from './sources/errno.ts'
import { openPipe, type Pipe } from './sources/pipe.ts'

/** Put in by the build. */
declare const OOMLENS_VERSION: string

/** Standard input, once it was asked for. */
let input: Pipe | typeof process.stdin | null = null

main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<void> {
  // asked for in loops by scripts: answered before anything is loaded
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    process.stdout.write(`${OOMLENS_VERSION}\n`)
    return
  }
  // should the work ever be dropped unfinished, that is no success
  process.exitCode = EXIT.error
  const interrupted = new AbortController()
  process.on('SIGINT', () => {
    // the second one does not wait
    if (interrupted.signal.aborted) process.exit(EXIT.interrupted)
    interrupted.abort()
  })
  const output = createOutput(1, () => process.stdout)
  const io = createIo(interrupted.signal, output)
  try {
    const { run } = await import('./commands/index.ts')
    process.exitCode = await run(args, io)
  } catch (error) {
    io.complain(error instanceof Error ? error.message : String(error))
    if (process.env['OOMLENS_DEBUG'] && error instanceof Error) io.complain(String(error.stack))
    process.exitCode = EXIT.error
    await closeInput()
  }
  const failure = output.failure()
  if (failure !== null) {
    io.complain(`cannot write: ${describeErrno(failure)}`)
    process.exitCode = EXIT.error
  }
  // a pipe that nobody closes must not keep an interrupted run alive, nor one that failed
  if (interrupted.signal.aborted) await closeInput()
}

function openInput(): Pipe | typeof process.stdin {
  input ??= openPipe(0) ?? process.stdin
  return input
}

async function closeInput(): Promise<void> {
  if (input === null) return
  if ('fill' in input) await input.close()
  else input.destroy()
}

function createIo(interrupted: AbortSignal, output: Output): Io {
  const isTerminal = isTerminalAt(1)
  return {
    cwd: process.cwd(),
    // the streams are made when first asked for, each in 2 ms
    get stdin() {
      return isTerminalAt(0) ? null : openInput()
    },
    write: output.write,
    complain: message => {
      // stderr may be closed before stdout; that is nobody's business
      if (process.stderr.listenerCount('error') === 0) process.stderr.on('error', () => {})
      process.stderr.write(`oomlens: ${message}\n`)
    },
    writeErr: text => {
      process.stderr.write(text)
    },
    isTerminal,
    isErrTerminal: isTerminalAt(2),
    columns: Number(process.env['COLUMNS']) || (isTerminal && process.stdout.columns) || 80,
    env: process.env,
    tmpDir: process.env['TMPDIR'] || '/tmp',
    // seen from dist/chunks/
    sieveWorker: new URL('../sieve-worker.js', import.meta.url),
    readWorker: new URL('../read-worker.js', import.meta.url),
    parallelism: availableParallelism(),
    nowMs: () => Date.now(),
    steadyMs: () => performance.now(),
    localZone: localZone(),
    version: OOMLENS_VERSION,
    interrupted,
  }
}

/** As `Intl` says it, which takes 12 ms: asked only where neither TZ nor the usual link tells. */
function localZone(): string {
  const { TZ } = process.env
  try {
    const path = TZ ?? readlinkSync('/etc/localtime')
    const name = /^(?:.*\/zoneinfo\/)?(?:Etc\/)?(UTC|[A-Z][A-Za-z]+(?:\/[A-Za-z_-]+){1,2})$/.exec(path)?.[1]
    if (name !== undefined) return name
  } catch {
    // no link
  }
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}
