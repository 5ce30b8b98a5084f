import type { LogEvent } from '../model/event.ts'
import type { LogRecord } from '../model/record.ts'

interface BootCounter {
  /** The boot that a record of a log is of, counted from 0 for each host. */
  readonly of: (record: LogRecord, event: LogEvent | null) => number
}

/** A record whose uptime falls by more than this, to less than half, is of another boot. */
const UPTIME_SLACK_SECONDS = 30
interface HostState {
  boot: number
  uptime: number | null
  bootId: string | null
}

const newState = (): HostState => ({ boot: 0, uptime: null, bootId: null })

/** Hosts whose boots are told apart. */
const HOSTS = 10_000

/** Counts boots of each host: a fall of the uptime, a new boot id, the kernel's first line. */
export function createBootCounter(): BootCounter {
  const hosts = new Map<string, HostState>()
  /** Neighbouring lines mostly are of the same host. */
  let lastHost: string | null = null
  let last: HostState = newState()

  function stateOf(host: string): HostState {
    if (host === lastHost) return last
    last = hosts.get(host) ?? newState()
    lastHost = host
    if (hosts.size < HOSTS) hosts.set(host, last)
    return last
  }

  return {
    of: ({ host, uptimeSeconds, bootId }, event) => {
      const state = stateOf(host ?? '')
      const fell =
        uptimeSeconds !== null &&
        state.uptime !== null &&
        uptimeSeconds < state.uptime - UPTIME_SLACK_SECONDS &&
        uptimeSeconds < state.uptime / 2
      const other = bootId !== null && state.bootId !== null && bootId !== state.bootId
      const began = event?.kind === 'linux-version' && uptimeSeconds === null
      if (fell || other || began) state.boot++
      if (uptimeSeconds !== null) state.uptime = uptimeSeconds
      if (bootId !== null) state.bootId = bootId
      return state.boot
    },
  }
}
