/** The process edge: arguments, streams, signals, exit status. The only file that touches `process`. */
import { availableParallelism } from 'node:os'
import { EXIT, type Io } from './commands/io.ts'

/** Put in by the build. */
declare const OOMLENS_VERSION: string

await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<void> {
  // asked for in loops by scripts: answered before anything is loaded
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    process.stdout.write(`${OOMLENS_VERSION}\n`)
    return
  }
  const interrupted = new AbortController()
  process.on('SIGINT', () => {
    // the second one does not wait
    if (interrupted.signal.aborted) process.exit(EXIT.interrupted)
    interrupted.abort()
  })
  // stderr may be closed before stdout; that is nobody's business
  process.stderr.on('error', () => {})
  const io = createIo(interrupted.signal)
  try {
    const { run } = await import('./commands/index.ts')
    process.exitCode = await run(args, io)
  } catch (error) {
    io.complain(error instanceof Error ? error.message : String(error))
    if (process.env['OOMLENS_DEBUG'] && error instanceof Error) io.complain(String(error.stack))
    process.exitCode = EXIT.error
  }
  // a pipe that nobody closes must not keep an interrupted run alive
  if (interrupted.signal.aborted) process.stdin.destroy()
}

function createIo(interrupted: AbortSignal): Io {
  let closed = false
  const { stdout } = process
  stdout.on('error', () => {
    closed = true
  })
  return {
    cwd: process.cwd(),
    stdin: process.stdin.isTTY ? null : process.stdin,
    write: text =>
      new Promise(resolve => {
        if (closed) resolve(false)
        else stdout.write(text, error => resolve(!error && !closed))
      }),
    complain: message => {
      process.stderr.write(`oomlens: ${message}\n`)
    },
    isTerminal: stdout.isTTY === true,
    columns: Number(process.env['COLUMNS']) || stdout.columns || 80,
    env: process.env,
    tmpDir: process.env['TMPDIR'] || '/tmp',
    sieveWorker: new URL('./sieve-worker.js', import.meta.url),
    parallelism: availableParallelism(),
    nowMs: () => Date.now(),
    localZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    version: OOMLENS_VERSION,
    interrupted,
  }
}
