/**
 * The report, as one schema: the JSON Schema is printed from it at build time, and the types below are derived from it.
 * Import it with `import type` only: nothing of the schema may be loaded when the program starts.
 *
 * Sizes are bytes, times ISO 8601 with an offset, absent facts `null`. Names are the contract's; none may be renamed.
 */
import { type Static, type TEnum, type TSchema, Type } from 'typebox'

const nullable = <T extends TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description })
// The cast: through a generic call, TypeScript takes Enum's overload for `enum` objects and loses the literals.
const oneOf = <const T extends string[]>(values: T, description?: string) =>
  Type.Enum(values, description ? { description } : {}) as unknown as TEnum<T>
const object = <P extends Record<string, TSchema>>(properties: P, description?: string) =>
  Type.Object(properties, { additionalProperties: false, ...(description ? { description } : {}) })
const text = (description: string) => Type.String({ description })
const count = (description: string) => Type.Integer({ minimum: 0, description })
const bytes = (description: string) => nullable(Type.Number({ minimum: 0 }), `Bytes. ${description}`)
const textOrNull = (description: string) => nullable(Type.String(), description)
const intOrNull = (description: string) => nullable(Type.Integer(), description)
const timeOrNull = (description: string) => nullable(Type.String(), `ISO 8601 with offset. ${description}`)
const keyedNumbers = (description: string) => Type.Record(Type.String(), Type.Number(), { description })

const InferredFromSchema = oneOf(['stamp', 'option', 'containerd', 'kubelet', 'bundle', 'file-name', 'mtime', 'local'])

const SourceSchema = object(
  {
    path: text('As given or found; - for standard input'),
    member: textOrNull('Path inside a bundle'),
    host: textOrNull('Host that most kept lines name'),
    format: textOrNull(
      'Envelope of most kept lines, by the name in the table of envelopes; null when no line was kept',
    ),
    compression: textOrNull('gzip, xz, zstd, bzip2; null for none'),
    bytes: count('Bytes read, after decompression'),
    lines: count('Lines read'),
    firstTime: timeOrNull('Of the first kept line that has a time'),
    lastTime: timeOrNull('Of the last kept line that has a time'),
    yearFrom: nullable(InferredFromSchema, 'What the year was taken from; null when no stamp needed one'),
    offsetFrom: nullable(InferredFromSchema, 'What the offset from UTC was taken from'),
  },
  'One file, or one member of a bundle',
)

const VictimSchema = object(
  {
    pid: intOrNull('Host pid of the process that died'),
    comm: textOrNull('Name, at most 15 bytes; bytes that are not UTF-8 as \\xNN'),
    uid: intOrNull('Host uid'),
    totalVmBytes: bytes('Address space'),
    anonRssBytes: bytes('Resident anonymous memory at the kill'),
    fileRssBytes: bytes('Resident file pages at the kill'),
    shmemRssBytes: bytes('Resident shared memory at the kill'),
    pageTableBytes: bytes('Page tables'),
    oomScoreAdj: intOrNull('-1000 to 1000'),
    score: intOrNull('Badness as printed by kernels up to 5.0'),
    containerId: textOrNull('Container of the victim; null where no line names it'),
    time: timeOrNull('Of the kill line'),
    reapedAt: timeOrNull('When oom_reaper said that the memory is back'),
  },
  'A process that was killed',
)

const CgroupSchema = object(
  {
    taskPath: textOrNull('task_memcg: the cgroup of the victim'),
    limitPath: textOrNull('oom_memcg: the cgroup whose limit was hit; null for a node-wide OOM'),
    unit: textOrNull('The systemd unit of taskPath that is no container'),
    usageBytes: bytes('Charged when the limit was hit'),
    limitBytes: bytes('null: no limit, or not told'),
    failcnt: intOrNull('How often the limit was hit; not the number of kills'),
    swapUsageBytes: bytes('Of `swap:` (v2) or `memory+swap:` (v1, memory included)'),
    swapLimitBytes: bytes('Of `swap:` (v2) or `memory+swap:` (v1, memory included)'),
    kmemUsageBytes: bytes('Kernel memory (v1)'),
    kmemLimitBytes: bytes('Kernel memory (v1)'),
    stats: keyedNumbers(
      "memory.stat by the kernel's own key: bytes for sizes, counts for pg*, workingset_*, thp_*, numa_*",
    ),
  },
  'The memory cgroup of the OOM',
)

const NumaNodeSchema = object({
  node: count('NUMA node'),
  allUnreclaimable: nullable(Type.Boolean(), 'As printed'),
  stats: keyedNumbers("Bytes by the kernel's own key"),
})
const ZoneSchema = object({
  node: count('NUMA node'),
  zone: text('DMA, DMA32, Normal, …'),
  freeBytes: bytes('Free'),
  minBytes: bytes('Watermark min'),
  lowBytes: bytes('Watermark low'),
  highBytes: bytes('Watermark high'),
  lowmemReserveBytes: Type.Array(Type.Number(), { description: 'Bytes, by zone' }),
  stats: keyedNumbers("Bytes by the kernel's own key"),
  buddy: Type.Array(
    object({
      sizeBytes: Type.Number({ description: 'Bytes of a block' }),
      count: count('Free blocks of that size'),
      types: textOrNull('Letters of the migrate types, as printed'),
    }),
    { description: 'Free blocks by size' },
  ),
})
const HugePagesSchema = object({
  node: count('NUMA node'),
  total: count('Pages'),
  free: count('Pages'),
  surplus: count('Pages'),
  sizeBytes: Type.Number({ description: 'Bytes of a page' }),
})
const SlabSchema = object({
  name: text('Cache'),
  usedBytes: Type.Number({ description: 'Bytes in use' }),
  totalBytes: Type.Number({ description: 'Bytes held' }),
})

const NodeMemorySchema = object(
  {
    ramBytes: bytes('pages RAM × page size'),
    reservedBytes: bytes('pages reserved × page size'),
    freeBytes: bytes('free'),
    swapTotalBytes: bytes('Total swap'),
    swapFreeBytes: bytes('Free swap'),
    pageCacheBytes: bytes('total pagecache pages × page size'),
    stats: keyedNumbers('First record of Mem-Info, in bytes'),
    nodes: Type.Array(NumaNodeSchema),
    zones: Type.Array(ZoneSchema),
    hugePages: Type.Array(HugePagesSchema),
    slab: Type.Array(SlabSchema, { description: 'Unreclaimable slab, where the kernel printed it' }),
  },
  'Mem-Info of a report',
)

const TriggerSchema = object(
  {
    comm: textOrNull('Name of the task that asked for memory: not the victim; null where it is cut away'),
    pid: intOrNull('Its thread id'),
    gfpMask: textOrNull('As printed: 0xd0; null where the line is cut before it'),
    gfpFlags: nullable(
      Type.Array(Type.String()),
      'Names of the flags; decoded where the kernel printed only the number and its layout is plain, else null',
    ),
    order: intOrNull('2^order pages were asked for; -1 for SysRq-f'),
    oomScoreAdj: intOrNull('Of the task that asked'),
  },
  'X invoked oom-killer',
)

const ProcessSchema = object(
  {
    pid: count('Thread that holds the memory'),
    tgid: count('Process id'),
    uid: count('Host uid'),
    comm: text('Name'),
    totalVmBytes: bytes('Address space'),
    rssBytes: bytes('Resident'),
    rssAnonBytes: bytes('6.8 and later'),
    rssFileBytes: bytes('6.8 and later'),
    rssShmemBytes: bytes('6.8 and later'),
    pageTableBytes: bytes('Page tables'),
    swapBytes: bytes('Swapped out; null where the table has no such column'),
    oomScoreAdj: intOrNull('-1000 to 1000'),
  },
  'A row of the process table',
)

const ConstraintSchema = oneOf(['memcg', 'none', 'cpuset', 'memory_policy'])

const KernelReportSchema = object(
  {
    time: timeOrNull('Of its first line'),
    uptimeSeconds: nullable(Type.Number(), 'Kernel clock of its first line'),
    kernelRelease: textOrNull('From the CPU: or Pid: line, or the boot line'),
    trigger: nullable(TriggerSchema, 'null where the header is lost'),
    constraint: nullable(ConstraintSchema, 'Whose shortage'),
    taskMemcg: textOrNull('Cgroup of the victim'),
    oomMemcg: textOrNull('Cgroup whose limit was hit'),
    memory: nullable(CgroupSchema, 'Use of the limited cgroup'),
    node: nullable(NodeMemorySchema, 'Mem-Info'),
    processes: Type.Array(ProcessSchema),
    callTrace: Type.Array(
      object({
        function: text('Kernel function'),
        offset: text('As printed'),
        module: textOrNull('Kernel module'),
        certain: Type.Boolean({ description: 'false where the unwinder marks it with ?' }),
      }),
    ),
    victims: Type.Array(VictimSchema),
    outcome: nullable(oneOf(['killed', 'panic', 'no-killable', 'skipped']), 'null: the log does not say'),
    panicReason: textOrNull("Of a panic: the kernel's words"),
    allocatingTask: Type.Boolean({ description: 'vm.oom_kill_allocating_task: the task that asked was killed' }),
    complete: Type.Boolean({ description: 'Trigger and outcome are both there' }),
  },
  "One report of the kernel's oom-killer",
)

const RuntimeEventSchema = object(
  {
    type: text('TaskOOM, TaskExit, ContainerDied, Evicted, …'),
    time: timeOrNull('As the runtime stamps it'),
    containerId: textOrNull('As in the line'),
    sandboxId: textOrNull('Where known'),
    exitCode: intOrNull('137 is SIGKILL'),
    source: text('containerd, kubelet, cri-o, systemd, …'),
  },
  'What a runtime or daemon said',
)

const FindingSchema = object(
  {
    code: text('Stable name of the rule'),
    title: text('A few words'),
    severity: oneOf(['info', 'warning', 'critical']),
    confidence: oneOf(['stated', 'computed', 'likely'], 'The log says it; arithmetic on the log; a pattern'),
    explanation: text('One or two sentences'),
    advice: textOrNull('What to do; null where the log justifies none'),
    evidence: Type.Array(
      object({ field: text('Path in this report, or a place in a listing'), value: Type.Unknown() }),
    ),
    references: Type.Array(Type.String()),
  },
  'A conclusion and what it rests on',
)

const EvidenceSchema = object(
  {
    source: text('Source.path'),
    member: textOrNull('Source.member'),
    line: count('From 1'),
    byteOffset: count('In the decompressed stream'),
    text: textOrNull('The line, with --raw'),
  },
  'A log line',
)

const ContainerSchema = object({
  id: text('As in the log'),
  name: textOrNull('Container name in the pod'),
  attempt: intOrNull('0 for the first start'),
  runtime: textOrNull('containerd, cri-o, docker, podman, …'),
  sandboxId: textOrNull('Pod sandbox'),
  image: textOrNull('Image, where a line or listing names it'),
})
const PodSchema = object({
  name: textOrNull('Pod name'),
  namespace: textOrNull('Namespace'),
  uid: textOrNull('With dashes, as Kubernetes has it'),
  qosClass: nullable(oneOf(['Guaranteed', 'Burstable', 'BestEffort']), 'From the cgroup path'),
})

const IncidentSchema = object({
  id: text('12 hex digits; the same for the same event however the log is packed'),
  kind: oneOf(['kernel', 'runtime', 'userspace', 'eviction']),
  time: timeOrNull('Of the first event'),
  endTime: timeOrNull('Of the last event'),
  timeFrom: nullable(oneOf(['containerd', 'journal', 'syslog', 'kernel']), 'Whose stamp time is'),
  host: textOrNull("Host name in the kernel's lines"),
  scope: oneOf(['container', 'pod', 'cgroup', 'node', 'unknown'], 'Whose limit was hit'),
  constraint: nullable(ConstraintSchema, 'As oom-kill: says'),
  container: nullable(ContainerSchema, 'null where unknown or several'),
  pod: nullable(PodSchema, 'null where unknown or several'),
  cgroup: nullable(CgroupSchema, 'null where no line names one'),
  kernelReports: Type.Array(KernelReportSchema),
  runtimeEvents: Type.Array(RuntimeEventSchema),
  victims: Type.Array(VictimSchema),
  suppressedReports: intOrNull('Reports that the kernel says it left out around here'),
  diagnosis: Type.Array(FindingSchema),
  complete: Type.Boolean({ description: 'There is a kernel report, and each has trigger and outcome' }),
  missing: Type.Array(oneOf(['victim', 'processTable', 'memory', 'trigger', 'taskOom', 'kernelReport', 'identity'])),
  evidence: Type.Array(EvidenceSchema),
})

const WorkloadSchema = object({
  key: text('namespace/workload/container'),
  namespace: textOrNull('Namespace'),
  podName: textOrNull('When all incidents are of one pod'),
  workload: textOrNull("Deployment, StatefulSet, DaemonSet or Job by the pod name's pattern"),
  container: textOrNull('Container name'),
  hosts: Type.Array(Type.String()),
  containerIds: Type.Array(Type.String()),
  incidents: count('How many'),
  firstTime: timeOrNull('First incident'),
  lastTime: timeOrNull('Last incident'),
  medianIntervalSeconds: nullable(Type.Number(), 'Between incidents; null for fewer than two with a time'),
  limitBytes: bytes('Limit of the last incident that tells one'),
  peakRssBytes: bytes('Highest anon + file + shmem of a victim'),
  diagnosis: Type.Array(FindingSchema),
})

const WarningSchema = object({
  code: text('Stable name'),
  message: text('One sentence'),
  source: textOrNull('Source.path'),
  member: textOrNull('Source.member'),
  line: intOrNull('From 1'),
})

const StatsSchema = object({
  bytes: count('Read, after decompression'),
  lines: count('Read'),
  linesKept: count('That the sieve let through'),
  files: count('Sources read'),
  incidents: count('In the report'),
  kernelReports: count('In the report'),
  runtimeEvents: count('In the report'),
  suppressedReports: count('That the kernel says it left out'),
  elapsedMs: Type.Number({ description: 'Wall time' }),
})

const head = {
  schemaVersion: Type.Literal('1.0'),
  tool: object({ name: Type.Literal('oomlens'), version: Type.String() }),
  generatedAt: text('ISO 8601'),
  sources: Type.Array(SourceSchema),
}
const tail = {
  workloads: Type.Array(WorkloadSchema),
  findings: Type.Array(FindingSchema, {
    description: 'What listings given beside the logs tell that belongs to no incident',
  }),
  warnings: Type.Array(WarningSchema),
  stats: StatsSchema,
}
export const ReportSchema = object({ ...head, incidents: Type.Array(IncidentSchema), ...tail }, 'oomlens -o json')

/** A line of `-o ndjson`: an incident, or the summary that ends the stream. */
export const NdjsonLineSchema = Type.Union([
  object({ type: Type.Literal('incident'), ...IncidentSchema.properties }),
  object({ type: Type.Literal('summary'), ...head, ...tail }),
])

export type InferredFrom = Static<typeof InferredFromSchema>
export type Source = Static<typeof SourceSchema>
export type Victim = Static<typeof VictimSchema>
export type Cgroup = Static<typeof CgroupSchema>
export type NodeMemory = Static<typeof NodeMemorySchema>
export type Zone = Static<typeof ZoneSchema>
export type Trigger = Static<typeof TriggerSchema>
export type Process = Static<typeof ProcessSchema>
export type Constraint = Static<typeof ConstraintSchema>
export type KernelReport = Static<typeof KernelReportSchema>
export type RuntimeEvent = Static<typeof RuntimeEventSchema>
export type Finding = Static<typeof FindingSchema>
export type Evidence = Static<typeof EvidenceSchema>
export type Container = Static<typeof ContainerSchema>
export type Pod = Static<typeof PodSchema>
export type Incident = Static<typeof IncidentSchema>
export type Workload = Static<typeof WorkloadSchema>
export type Warning = Static<typeof WarningSchema>
export type Stats = Static<typeof StatsSchema>
export type Report = Static<typeof ReportSchema>
/** What a report says besides its incidents. */
export type Summary = Omit<Report, 'incidents'>
