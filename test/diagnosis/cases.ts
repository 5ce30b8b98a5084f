/** Small builders: each gives a whole value of its type, in which a test changes what it is about. */
import type { Case } from '../../src/diagnosis/rule.ts'
import { toldOf } from '../../src/diagnosis/told.ts'
import { memberOf } from '../../src/incidents/workloads.ts'
import type {
  Cgroup,
  Container,
  Incident,
  KernelReport,
  NodeMemory,
  Pod,
  Process,
  RuntimeEvent,
  Trigger,
  Victim,
  Workload,
  Zone,
} from '../../src/model/report.ts'
import type { Told } from '../../src/model/told.ts'

export const mebibyte = 1024 * 1024
export const gibibyte = 1024 * mebibyte
export const uid = '54dfd0ce-8a37-4bba-86e5-42c9b5b51ffd'
export const id = 'c0ffee'.padEnd(64, '0')
export const podPath = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${uid.replaceAll('-', '_')}.slice`
export const containerPath = `${podPath}/cri-containerd-${id}.scope`

export const process = (over: Partial<Process> = {}): Process => ({
  pid: 100,
  tgid: 100,
  uid: 0,
  comm: 'app',
  totalVmBytes: gibibyte,
  rssBytes: 250 * mebibyte,
  rssAnonBytes: null,
  rssFileBytes: null,
  rssShmemBytes: null,
  pageTableBytes: mebibyte,
  swapBytes: 0,
  oomScoreAdj: 900,
  ...over,
})
export const victim = (over: Partial<Victim> = {}): Victim => ({
  pid: 100,
  comm: 'app',
  uid: 0,
  totalVmBytes: gibibyte,
  anonRssBytes: 250 * mebibyte,
  fileRssBytes: mebibyte,
  shmemRssBytes: 0,
  pageTableBytes: mebibyte,
  oomScoreAdj: 900,
  score: null,
  containerId: id,
  time: '2024-05-01T10:00:00.000+00:00',
  reapedAt: null,
  ...over,
})
export const cgroup = (over: Partial<Cgroup> = {}): Cgroup => ({
  taskPath: containerPath,
  limitPath: containerPath,
  unit: null,
  usageBytes: 256 * mebibyte,
  limitBytes: 256 * mebibyte,
  failcnt: 20,
  swapUsageBytes: 0,
  swapLimitBytes: 0,
  kmemUsageBytes: null,
  kmemLimitBytes: null,
  stats: {
    anon: 250 * mebibyte,
    file: mebibyte,
    kernel: 4 * mebibyte,
    kernel_stack: 100 * 1024,
    pagetables: mebibyte,
    sock: 0,
    shmem: 0,
    slab_reclaimable: mebibyte,
    slab_unreclaimable: mebibyte,
    slab: 2 * mebibyte,
    pgfault: 70_000,
    pgmajfault: 10,
  },
  ...over,
})
export const zone = (over: Partial<Zone> = {}): Zone => ({
  node: 0,
  zone: 'Normal',
  freeBytes: 10 * mebibyte,
  minBytes: 10 * mebibyte,
  lowBytes: 12 * mebibyte,
  highBytes: 15 * mebibyte,
  lowmemReserveBytes: [0, 0, 0, 0, 0],
  stats: { present: 4 * gibibyte },
  buddy: [
    { sizeBytes: 4096, count: 2000, types: 'UME' },
    { sizeBytes: 8192, count: 100, types: 'UE' },
    { sizeBytes: 16384, count: 0, types: null },
    { sizeBytes: 32768, count: 4, types: 'H' },
  ],
  ...over,
})
/** 4 GiB, of which 3.4 GiB are private memory of processes; all is accounted for. */
export const nodeMemory = (over: Partial<NodeMemory> = {}): NodeMemory => ({
  ramBytes: 4 * gibibyte,
  reservedBytes: 96 * mebibyte,
  freeBytes: 10 * mebibyte,
  swapTotalBytes: 0,
  swapFreeBytes: 0,
  pageCacheBytes: null,
  stats: {
    active_anon: 100 * mebibyte,
    inactive_anon: 3500 * mebibyte,
    isolated_anon: 0,
    active_file: mebibyte,
    inactive_file: mebibyte,
    isolated_file: 0,
    unevictable: 0,
    dirty: 0,
    writeback: 0,
    slab_reclaimable: 60 * mebibyte,
    slab_unreclaimable: 180 * mebibyte,
    shmem: 100 * mebibyte,
    pagetables: 20 * mebibyte,
    sec_pagetables: 0,
    bounce: 0,
    free: 10 * mebibyte,
    free_pcp: 0,
  },
  nodes: [{ node: 0, allUnreclaimable: true, stats: { kernel_stack: 20 * mebibyte } }],
  zones: [zone()],
  hugePages: [],
  slab: [],
  ...over,
})
export const trigger = (over: Partial<Trigger> = {}): Trigger => ({
  comm: 'app',
  pid: 100,
  gfpMask: '0xcc0',
  gfpFlags: ['GFP_KERNEL'],
  order: 0,
  oomScoreAdj: 900,
  ...over,
})
export const report = (over: Partial<KernelReport> = {}): KernelReport => ({
  time: '2024-05-01T10:00:00.000+00:00',
  uptimeSeconds: 1000,
  kernelRelease: '6.1.0',
  trigger: trigger(),
  constraint: 'memcg',
  taskMemcg: containerPath,
  oomMemcg: containerPath,
  memory: cgroup(),
  node: null,
  processes: [process()],
  callTrace: [],
  victims: [victim()],
  outcome: 'killed',
  panicReason: null,
  allocatingTask: false,
  complete: true,
  ...over,
})
export const container = (over: Partial<Container> = {}): Container => ({
  id,
  name: 'api',
  attempt: 0,
  runtime: 'containerd',
  sandboxId: null,
  image: null,
  ...over,
})
export const pod = (over: Partial<Pod> = {}): Pod => ({
  name: 'billing-7d9f8c6b5-x2x4q',
  namespace: 'payments',
  uid,
  qosClass: 'Burstable',
  ...over,
})
export const event = (over: Partial<RuntimeEvent> = {}): RuntimeEvent => ({
  type: 'TaskOOM',
  time: '2024-05-01T10:00:00.100+00:00',
  containerId: id,
  sandboxId: null,
  exitCode: null,
  source: 'containerd',
  ...over,
})
/** An ordinary kill: one process of a container that reached its own limit of 256 MiB, the runtime's events not in the log. */
export const incident = (over: Partial<Incident> = {}): Incident => ({
  id: '0123456789ab',
  kind: 'kernel',
  time: '2024-05-01T10:00:00.000+00:00',
  endTime: '2024-05-01T10:00:00.000+00:00',
  timeFrom: 'syslog',
  host: 'node-1',
  scope: 'container',
  constraint: 'memcg',
  container: container(),
  pod: pod(),
  cgroup: cgroup(),
  kernelReports: [report()],
  runtimeEvents: [],
  victims: [victim()],
  suppressedReports: null,
  diagnosis: [],
  complete: true,
  missing: [],
  evidence: [],
  ...over,
})
/** The same node out of memory: a pod's process is the biggest and dies. */
export const nodeIncident = (
  over: Partial<Incident> = {},
  node: Partial<NodeMemory> = {},
  ofReport: Partial<KernelReport> = {},
): Incident => {
  const victims = [victim({ anonRssBytes: 3000 * mebibyte })]
  return incident({
    scope: 'node',
    constraint: 'none',
    cgroup: cgroup({ limitPath: null, usageBytes: null, limitBytes: null, stats: {} }),
    victims,
    kernelReports: [
      report({
        constraint: 'none',
        oomMemcg: null,
        memory: null,
        node: nodeMemory(node),
        victims,
        processes: [
          process({ rssBytes: 3000 * mebibyte }),
          process({ pid: 50, tgid: 50, comm: 'kubelet', rssBytes: 80 * mebibyte, oomScoreAdj: -999 }),
          process({ pid: 60, tgid: 60, comm: 'sshd', rssBytes: 8 * mebibyte, oomScoreAdj: -1000 }),
          process({ pid: 70, tgid: 70, comm: 'rsyslogd', rssBytes: 12 * mebibyte, oomScoreAdj: 0 }),
        ],
        ...ofReport,
      }),
    ],
    ...over,
  })
}
/** The ordinary kill with other statistics of the cgroup. */
export const withStats = (stats: Record<string, number>, over: Partial<Cgroup> = {}): Incident => {
  const memory = cgroup({ ...over, stats: { ...cgroup().stats, ...stats } })
  return incident({ cgroup: memory, kernelReports: [report({ memory })] })
}
/** The ordinary kill with another table; the first row's process is the victim. */
export const withProcesses = (processes: readonly Process[], ofReport: Partial<KernelReport> = {}): Incident => {
  const first = processes[0]
  const victims = first
    ? [victim({ pid: first.tgid, comm: first.comm, anonRssBytes: first.rssBytes, oomScoreAdj: first.oomScoreAdj })]
    : []
  return incident({ victims, kernelReports: [report({ processes: [...processes], victims, ...ofReport })] })
}
/** As it is remembered when later ones are compared with it. */
export const told = (of: Incident): Told => toldOf(of, memberOf(of, of.time === null ? null : Date.parse(of.time)))
type Others = { readonly earlier?: readonly Incident[]; readonly around?: readonly Incident[] }
export const kase = (
  of: Incident,
  { earlier = [], around = [], ...over }: Partial<Omit<Case, keyof Others>> & Others = {},
): Case => ({
  incident: of,
  earlier: earlier.map(told),
  story: [...earlier, of].map(told),
  around: around.map(told),
  containerStartedMs: null,
  ...over,
})

/** `minutes` after 10:00 of the first of May 2024, UTC. */
export const at = (minutes: number): string =>
  new Date(Date.UTC(2024, 4, 1, 10) + minutes * 60_000).toISOString().replace('Z', '+00:00')
/** The ordinary kill at another time, of another restart (another container id) of the same pod. */
export const restart = (minutes: number, over: Partial<Incident> = {}): Incident =>
  incident({
    id: `${minutes}`.padStart(12, '0'),
    time: at(minutes),
    endTime: at(minutes),
    container: container({ id: `${Math.abs(Math.round(minutes))}`.padStart(64, '0') }),
    ...over,
  })
export const workload = (over: Partial<Workload> = {}): Workload => ({
  key: 'payments/billing/api',
  namespace: 'payments',
  podName: null,
  workload: 'billing',
  container: 'api',
  hosts: ['node-1'],
  containerIds: [id],
  incidents: 1,
  firstTime: at(0),
  lastTime: at(0),
  medianIntervalSeconds: null,
  limitBytes: 256 * mebibyte,
  peakRssBytes: null,
  diagnosis: [],
  ...over,
})
