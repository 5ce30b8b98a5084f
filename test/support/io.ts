import type { Io } from '../../src/commands/io.ts'
import { NOW_MS } from './report-of.ts'

/** An outside that keeps what was written. */
export function ioOf(more: Partial<Io> = {}): { io: Io; out: () => string; complaints: string[] } {
  const written: string[] = []
  const complaints: string[] = []
  const io: Io = {
    cwd: process.cwd(),
    stdin: null,
    write: async text => {
      written.push(text)
      return true
    },
    complain: message => {
      complaints.push(message)
    },
    writeErr: () => {},
    isTerminal: false,
    isErrTerminal: false,
    columns: 80,
    env: {},
    tmpDir: '/tmp',
    sieveWorker: new URL('file:///none'),
    readWorker: new URL('file:///none'),
    parallelism: 1,
    nowMs: () => NOW_MS,
    steadyMs: () => 0,
    localZone: 'UTC',
    version: '0.0.0',
    interrupted: new AbortController().signal,
    ...more,
  }
  return { io, out: () => written.join(''), complaints }
}
