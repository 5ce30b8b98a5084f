/** Incidents written by hand, one a situation that the outputs must tell well. */
import type {
  Cgroup,
  Evidence,
  Finding,
  Incident,
  KernelReport,
  Process,
  Source,
  Summary,
  Victim,
  Warning,
  Workload,
} from '../../src/model/report.ts'

export const kib = 1024
export const mib = 1024 * kib
export const gib = 1024 * mib

const apiId = '3f0c6a7be19d4c52a8e7106b9d2f4c8813a5e0b7d6f94c21ab8e3d5072c6f149'
const apiSandbox = 'a1b2c3d4e5f60718293a4b5c6d7e8f90112233445566778899aabbccddeeff00'
const apiUid = '8d2f61a4-5b7c-4e09-9a13-6c0de2b4f7a8'
const apiPodPath = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${apiUid.replaceAll('-', '_')}.slice`
const apiPath = `${apiPodPath}/cri-containerd-${apiId}.scope`

export const victim = (given: Partial<Victim> = {}): Victim => ({
  pid: 41873,
  comm: 'python3',
  uid: 1000,
  totalVmBytes: 214 * mib,
  anonRssBytes: 63_500 * kib,
  fileRssBytes: 212 * kib,
  shmemRssBytes: 0,
  pageTableBytes: 196 * kib,
  oomScoreAdj: 984,
  score: null,
  containerId: apiId,
  time: '2026-05-04T02:11:07.482113+02:00',
  reapedAt: null,
  ...given,
})

export const process = (given: Partial<Process> = {}): Process => ({
  pid: 41873,
  tgid: 41873,
  uid: 1000,
  comm: 'python3',
  totalVmBytes: 214 * mib,
  rssBytes: 63_712 * kib,
  rssAnonBytes: null,
  rssFileBytes: null,
  rssShmemBytes: null,
  pageTableBytes: 196 * kib,
  swapBytes: 0,
  oomScoreAdj: 984,
  ...given,
})

export const cgroup = (given: Partial<Cgroup> = {}): Cgroup => ({
  taskPath: apiPath,
  limitPath: apiPath,
  unit: null,
  usageBytes: 64 * mib,
  limitBytes: 64 * mib,
  failcnt: 1213,
  swapUsageBytes: 0,
  swapLimitBytes: null,
  kmemUsageBytes: null,
  kmemLimitBytes: null,
  stats: {},
  ...given,
})

export const kernelReport = (given: Partial<KernelReport> = {}): KernelReport => ({
  time: '2026-05-04T02:11:07.481902+02:00',
  uptimeSeconds: 91_422.511,
  kernelRelease: '5.14.0-427.13.1.el9_4.x86_64',
  trigger: {
    comm: 'python3',
    pid: 41873,
    gfpMask: '0xcc0',
    gfpFlags: ['GFP_KERNEL'],
    order: 0,
    oomScoreAdj: 984,
  },
  constraint: 'memcg',
  taskMemcg: apiPath,
  oomMemcg: apiPath,
  memory: null,
  node: null,
  processes: [],
  callTrace: [],
  victims: [],
  outcome: 'killed',
  panicReason: null,
  allocatingTask: false,
  complete: true,
  ...given,
})

export const evidence = (from: number, to: number, source = '/var/log/messages'): Evidence[] =>
  Array.from({ length: to - from + 1 }, (_, i) => ({
    source,
    member: null,
    line: from + i,
    byteOffset: (from + i) * 100,
    text: null,
  }))

export const incident = (given: Partial<Incident> = {}): Incident => ({
  id: '6b1f0c9a7e42',
  kind: 'kernel',
  time: '2026-05-04T02:11:07.482113+02:00',
  endTime: '2026-05-04T02:11:07.911402+02:00',
  timeFrom: 'syslog',
  host: 'worker-3',
  scope: 'container',
  constraint: 'memcg',
  container: { id: apiId, name: 'api', attempt: 2, runtime: 'containerd', sandboxId: apiSandbox, image: null },
  pod: { name: 'api-7d9c5b6f4-x8k2p', namespace: 'shop', uid: apiUid, qosClass: 'Burstable' },
  cgroup: cgroup(),
  kernelReports: [kernelReport()],
  runtimeEvents: [],
  victims: [victim()],
  suppressedReports: null,
  diagnosis: [],
  complete: true,
  missing: [],
  evidence: evidence(1204, 1251),
  ...given,
})

export const finding = (given: Partial<Finding> = {}): Finding => ({
  code: 'one-process',
  title: 'One process held the memory: python3',
  severity: 'warning',
  confidence: 'computed',
  explanation:
    'python3 (pid 41873) held 62.2 MiB of the 64 MiB when it was killed; everything else in the container held 1.8 MiB.',
  advice: `See what is set: kubectl -n shop get pod api-7d9c5b6f4-x8k2p -o jsonpath='{.spec.containers[?(@.name=="api")].resources}'\nThe log tells only that more than the limit was wanted: take LIMIT from the highest use that monitoring has seen.`,
  evidence: [{ field: 'victims[0].anonRssBytes', value: 65_024_000 }],
  references: [],
  ...given,
})

/** What `grep -i oom` leaves: no name, no victim, no sizes. */
export const grepped = incident({
  id: '0d5c11e2a9f3',
  time: '2022-03-15T09:22:41.553168162+09:00',
  endTime: '2022-03-15T09:22:41.563701093+09:00',
  timeFrom: 'containerd',
  host: 'node-a',
  scope: 'unknown',
  container: {
    id: '5c27d6dd14e504ab8c406806e0ce182aec604a0dbeeefc4e94e1ee3550dda3db',
    name: null,
    attempt: null,
    runtime: 'containerd',
    sandboxId: null,
    image: null,
  },
  pod: null,
  cgroup: null,
  kernelReports: [1, 2].map(() =>
    kernelReport({
      time: '2022-03-15T09:22:41+09:00',
      uptimeSeconds: null,
      kernelRelease: null,
      trigger: { comm: 'VM Thread', pid: null, gfpMask: '0xd0', gfpFlags: null, order: 0, oomScoreAdj: 984 },
      taskMemcg: null,
      oomMemcg: null,
      callTrace: [
        { function: 'oom_kill_process', offset: '0x254/0x3e0', module: null, certain: true },
        { function: 'mem_cgroup_oom_synchronize', offset: '0x546/0x570', module: null, certain: true },
      ],
      outcome: null,
      complete: false,
    }),
  ),
  runtimeEvents: ['553168162', '563701093'].map(fraction => ({
    type: 'TaskOOM',
    time: `2022-03-15T09:22:41.${fraction}+09:00`,
    containerId: '5c27d6dd14e504ab8c406806e0ce182aec604a0dbeeefc4e94e1ee3550dda3db',
    sandboxId: null,
    exitCode: null,
    source: 'containerd',
  })),
  victims: [],
  complete: false,
  missing: ['victim', 'processTable', 'memory', 'identity'],
  evidence: evidence(1, 10, 'messages.log'),
})

const containerProcesses = [
  process(),
  process({
    pid: 41851,
    tgid: 41851,
    uid: 0,
    comm: 'tini',
    totalVmBytes: 2300 * kib,
    rssBytes: 640 * kib,
    pageTableBytes: 44 * kib,
  }),
  ...Array.from({ length: 9 }, (_, i) =>
    process({
      pid: 41880 + i,
      tgid: 41880 + i,
      comm: 'worker',
      totalVmBytes: 9 * mib,
      rssBytes: (120 - i) * kib,
      pageTableBytes: 60 * kib,
    }),
  ),
]

export const containerLimit = incident({
  cgroup: cgroup({
    stats: {
      anon: 65_212_416,
      file: 409_600,
      kernel_stack: 98_304,
      pagetables: 1_126_400,
      percpu: 1440,
      sock: 0,
      shmem: 0,
      slab: 241_664,
      pgfault: 90_121,
    },
  }),
  kernelReports: [kernelReport({ processes: containerProcesses, victims: [victim()] })],
  runtimeEvents: [
    {
      type: 'TaskExit',
      time: '2026-05-04T00:11:07.911402Z',
      containerId: apiId,
      sandboxId: null,
      exitCode: 137,
      source: 'containerd',
    },
    {
      type: 'TaskOOM',
      time: '2026-05-04T02:11:07.530114+02:00',
      containerId: apiId,
      sandboxId: apiSandbox,
      exitCode: null,
      source: 'containerd',
    },
  ],
  diagnosis: [finding()],
})

/** The same container of the same pod, again and again: a new container each time. */
export const restarts: readonly Incident[] = [1, 2, 3, 4, 5].map(i => {
  const id = apiId.replace('3f0c', `3f0${i}`)
  return incident({
    ...containerLimit,
    id: `6b1f0c9a7e5${i}`,
    time: `2026-05-04T02:${11 + 3 * i}:0${i}.482113+02:00`,
    endTime: `2026-05-04T02:${11 + 3 * i}:0${i}.911402+02:00`,
    container: { id, name: 'api', attempt: 2 + i, runtime: 'containerd', sandboxId: apiSandbox, image: null },
    victims: [victim({ pid: 42000 + 100 * i, containerId: id, anonRssBytes: (63_500 + i) * kib })],
    evidence: evidence(2000 * i, 2000 * i + 47),
    runtimeEvents: [],
  })
})

/** A pod's limit, hit by one of two containers: the sidecar pays. */
export const podLimit = incident({
  id: '91c3e7d05b2a',
  time: '2026-05-04T02:20:31.104+02:00',
  endTime: '2026-05-04T02:20:31.104+02:00',
  scope: 'pod',
  container: {
    id: `b7${apiId.slice(2)}`,
    name: 'log-shipper',
    attempt: 0,
    runtime: 'containerd',
    sandboxId: `c8${apiSandbox.slice(2)}`,
    image: null,
  },
  pod: {
    name: 'billing-worker-0',
    namespace: 'payments-production',
    uid: '1c9e4c3a-0b58-4f3e-8d21-77f0f5a1b2c3',
    qosClass: 'Burstable',
  },
  cgroup: cgroup({
    taskPath: `/kubepods/burstable/pod1c9e4c3a-0b58-4f3e-8d21-77f0f5a1b2c3/b7${apiId.slice(2)}`,
    limitPath: '/kubepods/burstable/pod1c9e4c3a-0b58-4f3e-8d21-77f0f5a1b2c3',
    usageBytes: 1280 * mib,
    limitBytes: 1280 * mib,
    failcnt: 41,
    stats: {
      rss: 0,
      cache: 0,
      total_rss: 1_210_000_000,
      total_cache: 118_000_000,
      total_shmem: 104_857_600,
      total_swap: 0,
    },
  }),
  kernelReports: [
    kernelReport({
      trigger: { comm: 'java', pid: 5121, gfpMask: '0x6000c0', gfpFlags: ['GFP_KERNEL'], order: 0, oomScoreAdj: 902 },
      processes: [
        process({
          pid: 5102,
          comm: 'java',
          totalVmBytes: 4300 * mib,
          rssBytes: 790 * mib,
          oomScoreAdj: 902,
          swapBytes: 12 * mib,
        }),
        process({ pid: 5304, comm: 'fluent-bit', totalVmBytes: 510 * mib, rssBytes: 341 * mib, oomScoreAdj: 902 }),
        process({ pid: 5001, uid: 65535, comm: 'pause', totalVmBytes: mib, rssBytes: 4 * kib, oomScoreAdj: -998 }),
      ],
    }),
  ],
  victims: [
    victim({
      pid: 5304,
      containerId: `b7${apiId.slice(2)}`,
      comm: 'fluent-bit',
      uid: 0,
      totalVmBytes: 510 * mib,
      anonRssBytes: 338 * mib,
      fileRssBytes: 3 * mib,
      oomScoreAdj: 902,
    }),
  ],
  runtimeEvents: [
    {
      type: 'TaskOOM',
      time: '2026-05-04T02:20:31.110+02:00',
      containerId: `c8${apiSandbox.slice(2)}`,
      sandboxId: null,
      exitCode: null,
      source: 'containerd',
    },
    {
      type: 'TaskOOM',
      time: '2026-05-04T02:20:31.111+02:00',
      containerId: `b7${apiId.slice(2)}`,
      sandboxId: null,
      exitCode: null,
      source: 'containerd',
    },
    {
      type: 'TaskOOM',
      time: '2026-05-04T02:20:31.112+02:00',
      containerId: `b7${apiId.slice(2)}`,
      sandboxId: null,
      exitCode: null,
      source: 'containerd',
    },
  ],
  diagnosis: [
    finding({
      code: 'bystander',
      title: 'The victim is not the largest',
      confidence: 'likely',
      explanation:
        'java (pid 5102) held 790 MiB of the 1280 MiB of the pod, fluent-bit 341 MiB. Equal oom_score_adj and a larger share of anonymous memory decided.',
      advice: null,
    }),
  ],
  evidence: [...evidence(5210, 5214), ...evidence(5216, 5260), ...evidence(5262, 5262)],
})

/** The whole node, with its Mem-Info, and reports that the kernel left out. */
export const nodeWide = incident({
  id: 'e04b7f6a1d99',
  time: '2026-05-04T02:41:10+02:00',
  endTime: '2026-05-04T02:41:12+02:00',
  scope: 'node',
  constraint: 'none',
  cgroup: cgroup({ limitPath: null, usageBytes: null, limitBytes: null, failcnt: null, swapUsageBytes: null }),
  kernelReports: [
    kernelReport({
      constraint: 'none',
      oomMemcg: null,
      trigger: {
        comm: 'kubelet',
        pid: 911,
        gfpMask: '0x140cca',
        gfpFlags: ['GFP_HIGHUSER_MOVABLE', '__GFP_COMP'],
        order: 0,
        oomScoreAdj: -999,
      },
      node: {
        ramBytes: 8 * gib - 4 * mib,
        reservedBytes: 220 * mib,
        freeBytes: 61 * mib,
        swapTotalBytes: 0,
        swapFreeBytes: 0,
        pageCacheBytes: 210 * mib,
        stats: {
          active_anon: 200 * mib,
          inactive_anon: 6900 * mib,
          active_file: mib,
          inactive_file: 2 * mib,
          slab_unreclaimable: 310 * mib,
          slab_reclaimable: 92 * mib,
          pagetables: 41 * mib,
          shmem: 205 * mib,
          unevictable: 0,
        },
        nodes: [],
        zones: [],
        hugePages: [],
        slab: [
          { name: 'dentry', usedBytes: 40 * mib, totalBytes: 41 * mib },
          { name: 'kmalloc-1k', usedBytes: 120 * mib, totalBytes: 121 * mib },
        ],
      },
      processes: [
        process({ pid: 7001, uid: 999, comm: 'mysqld', totalVmBytes: 6 * gib, rssBytes: 5 * gib, oomScoreAdj: 1000 }),
        process({ pid: 911, uid: 0, comm: 'kubelet', totalVmBytes: 3 * gib, rssBytes: 140 * mib, oomScoreAdj: -999 }),
      ],
    }),
  ],
  container: {
    id: `d9${apiId.slice(2)}`,
    name: 'mysql',
    attempt: 0,
    runtime: 'containerd',
    sandboxId: null,
    image: null,
  },
  pod: { name: 'mysql-0', namespace: 'databases', uid: null, qosClass: 'BestEffort' },
  victims: [
    victim({
      pid: 7001,
      containerId: `d9${apiId.slice(2)}`,
      comm: 'mysqld',
      uid: 999,
      totalVmBytes: 6 * gib,
      anonRssBytes: 5 * gib - 12 * mib,
      fileRssBytes: 0,
      oomScoreAdj: 1000,
    }),
  ],
  suppressedReports: 12,
  diagnosis: [],
  missing: ['taskOom'],
  evidence: evidence(9000, 9240),
})

/** memory.oom.group: five die for one. */
export const groupKill = incident({
  id: '2f7d90c81b34',
  time: '2026-05-04T02:50:00.000+02:00',
  endTime: '2026-05-04T02:50:00.000+02:00',
  container: {
    id: `ee${apiId.slice(2)}`,
    name: 'postgres',
    attempt: 0,
    runtime: 'cri-o',
    sandboxId: null,
    image: 'registry.example/postgres:16',
  },
  pod: { name: 'postgres-1', namespace: 'databases', uid: null, qosClass: 'Guaranteed' },
  cgroup: cgroup({ usageBytes: 2 * gib, limitBytes: 2 * gib }),
  victims: [1, 2, 3, 4, 5].map(i =>
    victim({
      pid: 8000 + i,
      comm: 'postgres',
      anonRssBytes: i * 90 * mib,
      containerId: `ee${apiId.slice(2)}`,
      oomScoreAdj: -997,
    }),
  ),
  evidence: evidence(9300, 9390),
})

export const panic = incident({
  id: '77aa00bb11cc',
  time: '2026-05-04T03:02:19+02:00',
  endTime: '2026-05-04T03:02:19+02:00',
  scope: 'node',
  constraint: 'none',
  container: null,
  pod: null,
  cgroup: null,
  kernelReports: [kernelReport({ constraint: 'none', outcome: 'panic', taskMemcg: null, oomMemcg: null })],
  victims: [],
  diagnosis: [
    finding({
      code: 'kernel-panic',
      title: 'The node panicked for lack of memory',
      severity: 'critical',
      confidence: 'stated',
      explanation: 'vm.panic_on_oom is set, so the kernel panicked instead of killing a process.',
      advice: 'Set vm.panic_on_oom=0 (sysctl) unless the node is meant to reboot here.',
    }),
  ],
  evidence: evidence(9900, 9960),
})

/** A TaskOOM and an exit, and not a line of the kernel. */
export const runtimeOnly = incident({
  id: '4c4c4c4c4c4c',
  kind: 'runtime',
  time: '2026-05-04T00:13:00.250Z',
  endTime: '2026-05-04T00:13:00.900Z',
  timeFrom: 'containerd',
  scope: 'unknown',
  constraint: null,
  container: {
    id: `f1${apiId.slice(2)}`,
    name: 'resizer',
    attempt: 7,
    runtime: 'containerd',
    sandboxId: null,
    image: null,
  },
  pod: { name: 'thumbnailer-6f5d8c9b7-2xk9q', namespace: 'media', uid: null, qosClass: null },
  cgroup: null,
  kernelReports: [],
  victims: [],
  runtimeEvents: [
    {
      type: 'TaskOOM',
      time: '2026-05-04T00:13:00.250Z',
      containerId: `f1${apiId.slice(2)}`,
      sandboxId: null,
      exitCode: null,
      source: 'containerd',
    },
    {
      type: 'TaskExit',
      time: '2026-05-04T00:13:00.900Z',
      containerId: `f1${apiId.slice(2)}`,
      sandboxId: null,
      exitCode: 137,
      source: 'containerd',
    },
  ],
  complete: false,
  missing: ['victim', 'kernelReport'],
  evidence: evidence(3001, 3002),
})

/** dmesg without a clock: seconds since boot only; a unit, not a container. */
export const withoutTime = incident({
  id: '5e5e5e5e5e5e',
  time: null,
  endTime: null,
  timeFrom: null,
  host: null,
  scope: 'cgroup',
  container: null,
  pod: null,
  cgroup: cgroup({
    taskPath: '/system.slice/backup.service',
    limitPath: '/system.slice/backup.service',
    unit: 'backup.service',
    usageBytes: 100 * mib - 4 * kib,
    limitBytes: 100 * mib,
  }),
  kernelReports: [kernelReport({ time: null })],
  victims: [
    victim({
      pid: 991,
      comm: 'restic',
      containerId: null,
      time: null,
      fileRssBytes: null,
      shmemRssBytes: null,
      pageTableBytes: null,
    }),
  ],
  evidence: evidence(1, 55, 'dmesg.txt'),
})

/** Names that try to leave the page. */
export const hostile = incident({
  id: '6f6f6f6f6f6f',
  time: '2026-05-04T04:00:00+02:00',
  endTime: '2026-05-04T04:00:00+02:00',
  host: '<b>host</b>\u202e',
  pod: { name: '"><script>alert(1)</script>', namespace: "=cmd|' /C calc'!A0", uid: null, qosClass: null },
  container: {
    id: '\x1b]0;owned\x07',
    name: '`rm -rf`\n## done |',
    attempt: null,
    runtime: null,
    sandboxId: null,
    image: null,
  },
  cgroup: cgroup({ taskPath: null, limitPath: '/\x1b[2J/\u200b\u2066 <img src=x onerror=alert(1)>' }),
  victims: [
    victim({ comm: '\x1b[31mred\x9b\n', pid: 13, containerId: null }),
    victim({
      comm: '漢字の名前',
      pid: 14,
      anonRssBytes: null,
      fileRssBytes: null,
      shmemRssBytes: null,
      oomScoreAdj: null,
    }),
  ],
  evidence: [{ source: '/tmp/a\tb\n.log', member: 'x<y>', line: 3, byteOffset: 40, text: 'raw \x1b[2J line' }],
})

export const source = (given: Partial<Source> = {}): Source => ({
  path: '/var/log/messages',
  member: null,
  host: 'worker-3',
  format: 'rfc3164',
  compression: null,
  bytes: 1_262_485,
  lines: 12_345,
  firstTime: '2026-05-04T00:00:01+02:00',
  lastTime: '2026-05-04T04:10:00+02:00',
  yearFrom: 'containerd',
  offsetFrom: 'containerd',
  ...given,
})

export const workload = (incidents: readonly Incident[]): Workload => ({
  key: 'shop/api/api',
  namespace: 'shop',
  podName: 'api-7d9c5b6f4-x8k2p',
  workload: 'api',
  container: 'api',
  hosts: ['worker-3'],
  containerIds: incidents.flatMap(({ container }) => (container === null ? [] : [container.id])),
  incidents: incidents.length,
  firstTime: incidents[0]?.time ?? null,
  lastTime: incidents.at(-1)?.time ?? null,
  medianIntervalSeconds: 181,
  limitBytes: 64 * mib,
  peakRssBytes: 63_712 * kib,
  diagnosis: [],
})

export const warning = (given: Partial<Warning> = {}): Warning => ({
  code: 'two-hosts',
  message: 'one container id came from two host names, node-a and node-b',
  source: 'messages.log',
  member: null,
  line: 6,
  ...given,
})

export function summaryOf(incidents: readonly Incident[], given: Partial<Summary> = {}): Summary {
  return {
    schemaVersion: '1.0',
    tool: { name: 'oomlens', version: '0.1.0' },
    generatedAt: '2026-05-04T08:00:00Z',
    sources: [source()],
    workloads: [],
    findings: [],
    warnings: [],
    stats: {
      bytes: 1_262_485,
      lines: 12_345,
      linesKept: 611,
      files: 1,
      incidents: incidents.length,
      kernelReports: incidents.reduce((sum, { kernelReports }) => sum + kernelReports.length, 0),
      runtimeEvents: incidents.reduce((sum, { runtimeEvents }) => sum + runtimeEvents.length, 0),
      suppressedReports: incidents.reduce((sum, { suppressedReports }) => sum + (suppressedReports ?? 0), 0),
      elapsedMs: 0,
    },
    ...given,
  }
}

/** A bad night on one node: all of the above that share its log. */
export const badNight: readonly Incident[] = [
  containerLimit,
  runtimeOnly,
  ...restarts.slice(0, 2),
  podLimit,
  ...restarts.slice(2),
  nodeWide,
  groupKill,
  panic,
]
