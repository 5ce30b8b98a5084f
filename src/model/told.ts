/** What is remembered of an incident once it was handed on. All of a long log stay, a kilobyte each: every field counts. */
import type { Cgroup, Incident, Victim } from './report.ts'

/** What a workload is told by. */
export interface Member {
  readonly time: string | null
  /** Epoch ms, with a fraction where the stamp has one; null where the log has no wall time. */
  readonly timeMs: number | null
  readonly host: string | null
  readonly podName: string | null
  readonly namespace: string | null
  readonly podUid: string | null
  readonly containerId: string | null
  /** Its name. */
  readonly container: string | null
  readonly limitBytes: number | null
  /** Highest anon + file + shmem of a victim. */
  readonly peakRssBytes: number | null
}

/** What rules compare later incidents with. */
export interface Told extends Member {
  readonly id: string
  readonly kind: Incident['kind']
  readonly scope: Incident['scope']
  /** Epoch ms, whole; null where there is no time that can be read. */
  readonly ms: number | null
  /** The Deployment that the pod's name points to. */
  readonly deployment: string | null
  readonly hasVictims: boolean
  /** Null once so many have followed that no rule asks. */
  figures: Figures | null
}

export interface Figures {
  /** The limited cgroup's, of a kernel's incident with a limit: the parts that can grow from kill to kill. */
  readonly memory: (Pick<Cgroup, 'usageBytes' | 'stats'> & { readonly at: string }) | null
  /** Whom the kernel chose when the node ran short. */
  readonly victim: Pick<Victim, 'comm' | 'anonRssBytes'> | null
  /** Processes of each name in the table of a limit's report; null where there is none. */
  readonly commands: ReadonlyMap<string, number> | null
}
