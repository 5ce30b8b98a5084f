/** For every rule one case in which it speaks and one that is almost the same and in which it must not. */
import type { Case } from '../../src/diagnosis/rule.ts'
import type { Reading, Saved, SavedState } from '../../src/model/saved.ts'
import {
  at,
  cgroup,
  container,
  event,
  gibibyte,
  id,
  incident,
  kase,
  mebibyte,
  nodeIncident,
  nodeMemory,
  pod,
  podPath,
  process,
  report,
  restart,
  trigger,
  uid,
  victim,
  withProcesses,
  withStats,
  zone,
} from './cases.ts'

export interface RuleCase {
  readonly code: string
  readonly fires: Case
  /** What is different in `nearly`. */
  readonly but: string
  readonly nearly: Case
}

const row = (code: string, fires: Case, but: string, nearly: Case): RuleCase => ({ code, fires, but, nearly })
const node = nodeMemory()
const frame = (name: string, certain = true) => ({ function: name, offset: '0x1/0x2', module: null, certain })
const named = (comm: string) => withProcesses([process({ comm })])
const limitOf = (limitPath: string, taskPath = `${podPath}/cri-containerd-${id}.scope`, unit: string | null = null) => {
  const memory = cgroup({ limitPath, taskPath, unit })
  return incident({
    scope: 'cgroup',
    cgroup: memory,
    container: null,
    pod: null,
    kernelReports: [report({ memory, oomMemcg: limitPath, taskMemcg: taskPath })],
  })
}
const stats = (sizes: readonly number[], over: Partial<Reading> = {}): Saved => ({
  states: [],
  containers: [],
  readings: sizes.map((size, index) => ({
    kind: 'reading',
    of: 'container',
    containerId: id.slice(0, 13),
    container: null,
    podName: null,
    namespace: null,
    node: null,
    usedBytes: size * mebibyte,
    availableBytes: null,
    limitBytes: null,
    atSeconds: index * 60,
    source: 'stats.txt',
    format: 'crictl-stats',
    ...over,
  })),
})
const stateOf = (over: Partial<SavedState> = {}): Saved => ({
  containers: [],
  readings: [],
  states: [
    {
      kind: 'state',
      podName: 'billing-7d9f8c6b5-x2x4q',
      namespace: null,
      container: null,
      status: 'OOMKilled',
      restarts: 218,
      ageSeconds: 14 * 86_400,
      limitBytes: null,
      requestBytes: null,
      lastReason: null,
      lastExitCode: null,
      source: 'pods.txt',
      format: 'kubectl-get-pods',
      ...over,
    },
  ],
})
const rising = [100, 110, 121, 130, 140, 151]
const many = (count: number, rssBytes: number) =>
  Array.from({ length: count }, (_, index) =>
    process({ pid: 200 + index, tgid: 200 + index, comm: 'worker', rssBytes }),
  )
const crowdAt = (minutes: number, count: number) => {
  const of = withProcesses(many(count, mebibyte))
  return restart(minutes, { kernelReports: of.kernelReports })
}
const slabAt = (minutes: number, slab: number) => {
  const of = withStats({ slab: slab * mebibyte, anon: (250 - slab) * mebibyte })
  return restart(minutes, { cgroup: of.cgroup, kernelReports: of.kernelReports })
}
const other = (letter: string, over = {}) =>
  incident({
    id: letter.repeat(12),
    container: container({ id: letter.repeat(64) }),
    pod: pod({ name: `billing-7d9f8c6b5-${letter.repeat(5)}`, uid: letter.repeat(8) + uid.slice(8) }),
    ...over,
  })
const elsewhere = (letter: string, over = {}) =>
  other(letter, { pod: pod({ name: `other-${letter}`, uid: letter.repeat(8) + uid.slice(8) }), ...over })
const bystanderRows = [
  process({ comm: 'small', rssBytes: 100 * mebibyte, oomScoreAdj: 1000 }),
  process({ pid: 300, tgid: 300, comm: 'database', rssBytes: 3000 * mebibyte, oomScoreAdj: -997 }),
]
const small = [victim({ comm: 'small', oomScoreAdj: 1000, anonRssBytes: 100 * mebibyte })]
const loop = [restart(-10), restart(-5)]
const hourly = [-240, -180, -120, -60].map(minutes => restart(minutes))
const growing = [-360, -240, -120].map(minutes => restart(minutes))
const limitedTo = (minutes: number, limit: number) =>
  restart(minutes, { cgroup: cgroup({ usageBytes: limit * mebibyte, limitBytes: limit * mebibyte }) })
const grownTo = (minutes: number, size: number) => {
  const victims = [victim({ anonRssBytes: size * mebibyte })]
  const processes = [process({ rssBytes: size * mebibyte })]
  return nodeIncident(
    { id: `${minutes}`.padStart(12, '0'), time: at(minutes), victims },
    {},
    { time: at(minutes), victims, processes },
  )
}
const bestEffort = nodeIncident(
  { cgroup: cgroup({ limitPath: null }), victims: [victim({ oomScoreAdj: 1000 })] },
  {},
  { victims: [victim({ oomScoreAdj: 1000 })], processes: [process({ rssBytes: 3000 * mebibyte, oomScoreAdj: 1000 })] },
)
const order2 = { trigger: trigger({ order: 3, gfpFlags: ['GFP_KERNEL'] }) }
const fragmented = { zones: [zone({ freeBytes: 20 * mebibyte })] }
const exit = (exitCode: number, over = {}) => event({ type: 'TaskExit', exitCode, time: at(0.1), ...over })

export const ruleCases: readonly RuleCase[] = [
  row(
    'manual-kill',
    kase(nodeIncident({}, {}, { trigger: trigger({ order: -1 }) })),
    'an order of 0',
    kase(nodeIncident()),
  ),
  row(
    'kernel-panic',
    kase(nodeIncident({ victims: [] }, {}, { outcome: 'panic', victims: [] })),
    'a process was killed',
    kase(nodeIncident()),
  ),
  row(
    'no-killable',
    kase(
      nodeIncident(
        { victims: [] },
        {},
        { outcome: 'no-killable', victims: [], processes: [process({ oomScoreAdj: -1000 })] },
      ),
    ),
    'a process was killed',
    kase(nodeIncident()),
  ),
  row(
    'evicted',
    kase(
      incident({
        kind: 'eviction',
        kernelReports: [],
        victims: [],
        runtimeEvents: [event({ type: 'Evicted', source: 'kubelet' })],
      }),
    ),
    'a kill of the kernel',
    kase(incident()),
  ),
  row(
    'userspace-kill',
    kase(
      incident({
        kind: 'userspace',
        kernelReports: [],
        runtimeEvents: [event({ type: 'Killed', source: 'systemd-oomd' })],
      }),
    ),
    'a kill of the kernel',
    kase(incident()),
  ),
  row(
    'not-proven',
    kase(incident({ kind: 'runtime', kernelReports: [], victims: [], runtimeEvents: [event(), exit(143)] })),
    'the kernel killed',
    kase(incident({ runtimeEvents: [event()] })),
  ),
  row('node-out-of-memory', kase(nodeIncident()), 'a limit was hit', kase(incident())),
  row(
    'outer-limit',
    kase(limitOf(`/docker/${'d'.repeat(64)}`, `/docker/${'d'.repeat(64)}/kubelet.slice/kubelet-kubepods.slice/x`)),
    'the limit is in the pod',
    kase(incident()),
  ),
  row(
    'allocatable-limit',
    kase(limitOf('/kubepods.slice')),
    'a QoS class',
    kase(limitOf('/kubepods.slice/kubepods-burstable.slice')),
  ),
  row(
    'qos-limit',
    kase(limitOf('/kubepods.slice/kubepods-burstable.slice')),
    'all pods',
    kase(limitOf('/kubepods.slice')),
  ),
  row(
    'numa-bound',
    kase(nodeIncident({ constraint: 'cpuset' }, { freeBytes: gibibyte }, { constraint: 'cpuset' })),
    'no constraint',
    kase(nodeIncident()),
  ),
  row(
    'limit-lowered',
    kase(
      incident({
        kernelReports: [report({ callTrace: [frame('memory_max_write')], trigger: trigger({ comm: 'runc' }) })],
      }),
    ),
    'a frame that the unwinder doubts',
    kase(incident({ kernelReports: [report({ callTrace: [frame('memory_max_write', false)] })] })),
  ),
  row(
    'limit-raised',
    kase(restart(0), { earlier: [limitedTo(-60, 128)] }),
    'a limit that was lowered since',
    kase(restart(0), { earlier: [limitedTo(-120, 128), limitedTo(-60, 512)] }),
  ),
  row(
    'limit-below-startup',
    kase(
      incident({
        kernelReports: [
          report({
            memory: cgroup({ limitBytes: 4 * mebibyte }),
            victims: [victim({ comm: 'runc:[2:INIT]' })],
            processes: [],
          }),
        ],
      }),
    ),
    'a limit of 64 MiB',
    kase(
      incident({
        kernelReports: [
          report({
            memory: cgroup({ limitBytes: 64 * mebibyte }),
            victims: [victim({ comm: 'runc:[2:INIT]' })],
            processes: [],
          }),
        ],
      }),
    ),
  ),
  row(
    'crash-loop',
    kase(restart(0), { earlier: loop }),
    'one container, killed in three times',
    kase(incident(), { earlier: loop.map(each => ({ ...each, container: container() })) }),
  ),
  row('container-limit', kase(incident()), "the pod's limit", kase(incident({ scope: 'pod' }))),
  row('pod-limit', kase(incident({ scope: 'pod' })), "the container's limit", kase(incident())),
  row(
    'unit-limit',
    kase(limitOf('/system.slice/backup.service', '/system.slice/backup.service', 'backup.service')),
    'a pod',
    kase(limitOf(podPath)),
  ),
  row(
    'cgroup-limit',
    kase(limitOf('/lxc/101', '/lxc/101')),
    'a unit',
    kase(limitOf('/system.slice/backup.service', '/system.slice/backup.service')),
  ),
  row(
    'kmem-limit',
    kase(withStats({}, { usageBytes: 100 * mebibyte, kmemUsageBytes: 32 * mebibyte, kmemLimitBytes: 32 * mebibyte })),
    'the limit of memory was reached as well',
    kase(withStats({}, { kmemUsageBytes: 32 * mebibyte, kmemLimitBytes: 32 * mebibyte })),
  ),
  row(
    'memsw-limit',
    kase(
      withStats(
        {},
        {
          usageBytes: 200 * mebibyte,
          kmemUsageBytes: 0,
          swapUsageBytes: 300 * mebibyte,
          swapLimitBytes: 300 * mebibyte,
        },
      ),
    ),
    'cgroup v2, where the counter is swap alone',
    kase(withStats({}, { usageBytes: 200 * mebibyte, swapUsageBytes: 300 * mebibyte, swapLimitBytes: 300 * mebibyte })),
  ),
  row(
    'node-agent-killed',
    kase(
      nodeIncident({
        container: null,
        pod: null,
        cgroup: cgroup({ taskPath: '/system.slice/kubelet.service', limitPath: null, unit: 'kubelet.service' }),
        victims: [victim({ comm: 'kubelet', containerId: null })],
      }),
    ),
    'a dockerd in a pod',
    kase(nodeIncident({ victims: [victim({ comm: 'dockerd' })] })),
  ),
  row(
    'system-daemon-killed',
    kase(
      nodeIncident({
        container: null,
        pod: null,
        cgroup: cgroup({ taskPath: '/system.slice/rsyslog.service', limitPath: null, unit: 'rsyslog.service' }),
      }),
    ),
    'its own limit was hit',
    kase(limitOf('/system.slice/rsyslog.service', '/system.slice/rsyslog.service', 'rsyslog.service')),
  ),
  row(
    'victim-not-reaped',
    kase(incident({ runtimeEvents: [event({ type: 'Unreapable', source: 'kernel' })] })),
    'an exit',
    kase(incident({ runtimeEvents: [exit(137)] })),
  ),
  row(
    'bystander',
    kase(nodeIncident({ victims: small }, {}, { victims: small, processes: bystanderRows })),
    'the victim is the biggest',
    kase(nodeIncident()),
  ),
  row(
    'silent-kill',
    kase(incident({ runtimeEvents: [event(), exit(0)] })),
    'the container ended with 137',
    kase(incident({ runtimeEvents: [event(), exit(137)] })),
  ),
  row(
    'probe-killed',
    kase(withProcesses([process({ comm: 'curl', rssBytes: 4 * mebibyte }), process({ pid: 2, tgid: 2 })])),
    'the command is what fills the limit',
    kase(withProcesses([process({ comm: 'curl' })])),
  ),
  row(
    'sidecar',
    kase(incident({ scope: 'pod', container: container({ name: 'istio-proxy' }) })),
    'a name that only begins like one',
    kase(incident({ scope: 'pod', container: container({ name: 'istio-proxy-config' }) })),
  ),
  row(
    'known-leak',
    kase(incident({ container: container({ image: 'gcr.io/kaniko-project/executor:v1.9' }) })),
    'a name that holds the word within another',
    kase(incident({ container: container({ name: 'mikanikos' }) })),
  ),
  row(
    'steady-growth',
    kase(restart(3), { earlier: growing, containerStartedMs: Date.parse(at(-118)) }),
    'lives of very different length',
    kase(restart(3), { earlier: growing, containerStartedMs: Date.parse(at(-30)) }),
  ),
  row(
    'victim-grows',
    kase(grownTo(0, 3000), { earlier: [grownTo(-60, 1500), grownTo(-30, 2200)] }),
    'up and down',
    kase(grownTo(0, 3000), { earlier: [grownTo(-60, 2200), grownTo(-30, 1500)] }),
  ),
  row(
    'dies-at-start',
    kase(incident(), { containerStartedMs: Date.parse(at(-0.2)) }),
    'after a minute',
    kase(incident(), { containerStartedMs: Date.parse(at(-1)) }),
  ),
  row(
    'growing-share',
    kase(slabAt(0, 80), { earlier: [slabAt(-30, 20), slabAt(-20, 40), slabAt(-10, 60)] }),
    'up and down',
    kase(slabAt(0, 40), { earlier: [slabAt(-30, 20), slabAt(-20, 60), slabAt(-10, 30)] }),
  ),
  row(
    'pile-up',
    kase(crowdAt(0, 12), { earlier: [crowdAt(-20, 4), crowdAt(-10, 8)] }),
    'always as many',
    kase(crowdAt(0, 12), { earlier: [crowdAt(-20, 12), crowdAt(-10, 12)] }),
  ),
  row(
    'clock-aligned',
    kase(restart(0), { earlier: hourly }),
    'spread over the hour',
    kase(restart(0), { earlier: [-243, -191, -112, -50].map(minutes => restart(minutes)) }),
  ),
  row(
    'whole-workload',
    kase(incident(), { around: [other('b'), other('c')] }),
    'two pods',
    kase(incident(), { around: [other('b')] }),
  ),
  row(
    'many-processes',
    kase(withProcesses(many(6, 40 * mebibyte))),
    'four of them',
    kase(withProcesses(many(4, 60 * mebibyte))),
  ),
  row(
    'shared-memory',
    kase(withStats({ shmem: 60 * mebibyte, file: 61 * mebibyte, anon: 190 * mebibyte })),
    'less than a fifth',
    kase(withStats({ shmem: 50 * mebibyte, file: 51 * mebibyte, anon: 200 * mebibyte })),
  ),
  row(
    'kernel-slab',
    kase(withStats({ slab: 30 * mebibyte })),
    'less than a tenth',
    kase(withStats({ slab: 25 * mebibyte })),
  ),
  row(
    'kernel-memory',
    kase(withStats({ kernel: 40 * mebibyte })),
    'the slab alone explains it',
    kase(withStats({ kernel: 40 * mebibyte, slab: 30 * mebibyte })),
  ),
  row(
    'page-tables',
    kase(withStats({ pagetables: 14 * mebibyte })),
    'less than a twentieth',
    kase(withStats({ pagetables: 12 * mebibyte })),
  ),
  row(
    'kernel-stacks',
    kase(withStats({ kernel_stack: 14 * mebibyte })),
    'less than a twentieth',
    kase(withStats({ kernel_stack: 12 * mebibyte })),
  ),
  row(
    'sockets',
    kase(withStats({ sock: 14 * mebibyte })),
    'less than a twentieth',
    kase(withStats({ sock: 12 * mebibyte })),
  ),
  row(
    'huge-pages',
    kase(nodeIncident({}, { hugePages: [{ node: 0, total: 512, free: 500, surplus: 0, sizeBytes: 2 * mebibyte }] })),
    'they are in use',
    kase(nodeIncident({}, { hugePages: [{ node: 0, total: 512, free: 100, surplus: 0, sizeBytes: 2 * mebibyte }] })),
  ),
  row(
    'locked-memory',
    kase(withStats({ unevictable: 60 * mebibyte })),
    'less than a fifth',
    kase(withStats({ unevictable: 50 * mebibyte })),
  ),
  row(
    'dirty-pages',
    kase(nodeIncident({}, { stats: { ...node.stats, dirty: 300 * mebibyte, writeback: 150 * mebibyte } })),
    'less than a tenth',
    kase(nodeIncident({}, { stats: { ...node.stats, dirty: 200 * mebibyte } })),
  ),
  row(
    'page-cache-left',
    kase(withStats({ anon: 200 * mebibyte, file: 50 * mebibyte, file_dirty: 40 * mebibyte })),
    'it is tmpfs',
    kase(withStats({ anon: 200 * mebibyte, file: 50 * mebibyte, shmem: 45 * mebibyte })),
  ),
  row(
    'node-remainder',
    kase(nodeIncident({}, { stats: { ...node.stats, inactive_anon: 2500 * mebibyte } })),
    'less than a tenth is missing',
    kase(nodeIncident({}, { stats: { ...node.stats, inactive_anon: 3300 * mebibyte } })),
  ),
  row(
    'fragmentation',
    kase(nodeIncident({}, fragmented, order2)),
    'one block is large enough',
    kase(
      nodeIncident(
        {},
        {
          zones: [
            zone({
              freeBytes: 20 * mebibyte,
              buddy: [
                { sizeBytes: 4096, count: 5, types: 'U' },
                { sizeBytes: 32768, count: 1, types: 'UH' },
              ],
            }),
          ],
        },
        order2,
      ),
    ),
  ),
  row(
    'headroom-contradiction',
    kase(nodeIncident({}, { zones: [zone({ freeBytes: 900 * mebibyte })] })),
    'the room is a reserve',
    kase(
      nodeIncident(
        {},
        { zones: [zone({ freeBytes: 900 * mebibyte, stats: { reserved_highatomic: 880 * mebibyte } })] },
      ),
    ),
  ),
  row(
    'swap-exhausted',
    kase(nodeIncident({}, { swapTotalBytes: gibibyte, swapFreeBytes: 0 })),
    'no swap at all',
    kase(nodeIncident()),
  ),
  row('jvm', kase(named('java')), 'a name that begins like it', kase(named('javascriptd'))),
  row('go-program', kase(named('prometheus')), 'a name that begins like it', kase(named('prometheus-pyt'))),
  row('node-js', kase(named('node')), 'a name that begins like it', kase(named('node_helper'))),
  row('python', kase(named('python3.11')), 'a name that begins like it', kase(named('pythonista'))),
  row(
    'over-request',
    kase(nodeIncident({}, {}, { victims: [victim({ oomScoreAdj: 900, anonRssBytes: 3000 * mebibyte })] })),
    'the use is within the request',
    kase(nodeIncident({}, {}, { victims: [victim({ oomScoreAdj: 100, anonRssBytes: 3000 * mebibyte })] })),
  ),
  row(
    'runtime-missed',
    kase(incident({ runtimeEvents: [exit(137)] })),
    'no line of the runtime at all',
    kase(incident()),
  ),
  row('best-effort-first', kase(bestEffort), 'a Burstable pod', kase(nodeIncident())),
  row(
    'several-containers',
    kase(nodeIncident({ victims: [victim(), victim({ pid: 3, containerId: 'b'.repeat(64) })] })),
    'one container',
    kase(nodeIncident({ victims: [victim(), victim({ pid: 3 })] })),
  ),
  row(
    'one-process',
    kase(withProcesses([process(), process({ pid: 2, tgid: 2, comm: 'sh', rssBytes: mebibyte })])),
    'the only process',
    kase(withProcesses([process()])),
  ),
  row(
    'init-container',
    kase(incident({ container: container({ name: 'db-init' }) })),
    'the word within another',
    kase(incident({ container: container({ name: 'initializer' }) })),
  ),
  row(
    'oom-group',
    kase(incident({ kernelReports: [report({ victims: [victim(), victim({ pid: 101 })] })] })),
    'the same process twice',
    kase(incident({ kernelReports: [report({ victims: [victim(), victim()] })] })),
  ),
  row(
    'many-limits',
    kase(incident(), { around: [elsewhere('b'), elsewhere('c'), elsewhere('d')] }),
    'the node ran out as well',
    kase(incident(), { around: [elsewhere('b'), elsewhere('c'), elsewhere('d'), nodeIncident()] }),
  ),
  row(
    'after-quiet',
    kase(incident(), { earlier: [restart(-5 * 1440)] }),
    'two days',
    kase(incident(), { earlier: [restart(-2 * 1440)] }),
  ),
  row(
    'thrashing',
    kase(withStats({ pgfault: 90_000, pgmajfault: 30_000 })),
    'few faults in all',
    kase(withStats({ pgfault: 900, pgmajfault: 300 })),
  ),
  row(
    'victim-not-first',
    kase(withProcesses([process({ rssBytes: 50 * mebibyte }), process({ pid: 2, tgid: 2, comm: 'bigger' })])),
    'a table without a swap column (2.6.32)',
    kase(
      withProcesses([
        process({ rssBytes: 50 * mebibyte, swapBytes: null }),
        process({ pid: 2, tgid: 2, comm: 'bigger', swapBytes: null }),
      ]),
    ),
  ),
  row(
    'victim-exiting',
    kase(incident({ victims: [], kernelReports: [report({ victims: [], outcome: 'skipped' })] })),
    'another one was killed',
    kase(incident({ kernelReports: [report({ outcome: 'skipped' }), report()] })),
  ),
  row(
    'usage-below-limit',
    kase(withStats({}, { usageBytes: 240 * mebibyte })),
    'as good as at the limit',
    kase(withStats({}, { usageBytes: 255 * mebibyte })),
  ),
  row(
    'memcg-remainder',
    kase(withStats({ anon: 200 * mebibyte })),
    'the statistics were cut before the slab',
    kase(
      {
        ...kase(incident()),
        incident: incident({
          cgroup: cgroup({ stats: { anon: 200 * mebibyte, file: 0, kernel_stack: 0 } }),
          kernelReports: [report({ memory: cgroup({ stats: { anon: 200 * mebibyte, file: 0, kernel_stack: 0 } }) })],
        }),
      }.incident,
    ),
  ),
  row(
    'swap-forbidden',
    kase(limitOf('/system.slice/backup.service', '/system.slice/backup.service')),
    'in a pod, where it is the rule',
    kase(incident()),
  ),
  row(
    'shared-pages',
    kase(withProcesses(many(3, 120 * mebibyte))),
    'less than is in use',
    kase(withProcesses(many(3, 80 * mebibyte))),
  ),
  row(
    'identity-missing',
    kase(
      incident({
        missing: ['identity'],
        container: container({ name: null }),
        pod: pod({ name: null, namespace: null }),
      }),
    ),
    'the pod has its name',
    kase(incident({ missing: ['identity'] })),
  ),
  row(
    'report-incomplete',
    kase(incident({ missing: ['processTable', 'memory'] })),
    'only the event of the runtime is missing',
    kase(incident({ missing: ['taskOom'] })),
  ),
  row(
    'reports-suppressed',
    kase(incident({ suppressedReports: 12 })),
    'one kill line alone',
    kase(incident({ victims: [victim(), victim({ pid: 7 })] })),
  ),
  row('victim-ranking', kase(nodeIncident()), 'nobody to compare with', kase(withProcesses([process()]))),
  row('page-cache-not-cause', kase(incident()), 'a fiftieth is cache', kase(withStats({ file: 6 * mebibyte }))),
  row(
    'confirmed',
    kase(incident({ runtimeEvents: [event(), exit(137)] })),
    'no exit',
    kase(incident({ runtimeEvents: [event()] })),
  ),
  row(
    'saved-series-growth',
    kase(incident(), { saved: stats(rising) }),
    'it goes up and down',
    kase(incident(), { saved: stats([100, 140, 90, 150, 100, 151]) }),
  ),
  row(
    'saved-series-spike',
    kase(incident(), { saved: stats([13, 14, 900, 3500]) }),
    'of another container',
    kase(incident(), { saved: stats([13, 14, 900, 3500], { containerId: 'f'.repeat(13) }) }),
  ),
  row(
    'saved-series-flat',
    kase(incident(), { saved: stats([100, 101, 100, 100, 101]) }),
    'too few of them',
    kase(incident(), { saved: stats([100, 101, 100]) }),
  ),
  row(
    'current-use',
    kase(incident(), { saved: stats([240]) }),
    'it tells another limit than the one that was hit',
    kase(incident(), { saved: stats([300]) }),
  ),
  row(
    'pod-restarts',
    kase(incident(), { saved: stateOf() }),
    'two restarts, and it runs',
    kase(incident(), { saved: stateOf({ restarts: 2, status: 'Running' }) }),
  ),
  row(
    'limit-changed',
    kase(incident(), { saved: stateOf({ container: 'api', limitBytes: 512 * mebibyte }) }),
    'of the other container',
    kase(incident(), { saved: stateOf({ container: 'proxy', limitBytes: 512 * mebibyte }) }),
  ),
]
