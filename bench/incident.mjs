/**
 * OOM kills as kernels of several ages report them, with what is true about each.
 *
 * A maker gives `[sender, text]` pairs: `k` a kernel message, `c` a containerd message.
 */

const UNLIMITED = '9007199254740988kB'

const row = (columns, process) =>
  `[${String(process.pid).padStart(columns.pid)}] ${columns.print(process)} ${process.comm}`
const pad = (value, width) => String(value).padStart(width)

const tables = {
  el7: {
    pid: 5,
    head: '[ pid ]   uid  tgid total_vm      rss nr_ptes swapents oom_score_adj name',
    print: p =>
      `${pad(p.uid, 5)} ${pad(p.pid, 5)} ${pad(p.vm, 8)} ${pad(p.rss, 8)} ${pad(402, 7)} ${pad(0, 8)} ${pad(p.adj, 13)}`,
  },
  bytes: {
    pid: 7,
    head: '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name',
    print: p =>
      `${pad(p.uid, 5)} ${pad(p.pid, 5)} ${pad(p.vm, 8)} ${pad(p.rss, 8)} ${pad(1327104, 14)} ${pad(0, 8)} ${pad(p.adj, 13)}`,
  },
  kinds: {
    pid: 7,
    head: '[  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name',
    print: p =>
      `${pad(p.uid, 5)} ${pad(p.pid, 5)} ${pad(p.vm, 8)} ${pad(p.rss, 8)} ${pad(p.rss, 8)} ${pad(0, 8)} ${pad(0, 9)} ${pad(1327104, 14)} ${pad(0, 8)} ${pad(p.adj, 13)}`,
  },
}

const stack = (frames, print) => frames.map((frame, i) => print(frame, i))
const frames = [
  'dump_stack_lvl+0x4a/0x63',
  'dump_header+0x53/0x224',
  'oom_kill_process.cold+0xb/0x10',
  'out_of_memory+0x101/0x3b0',
  'mem_cgroup_out_of_memory+0x13f/0x160',
  'try_charge_memcg+0x6d2/0x7c0',
  'charge_memcg+0x39/0xf0',
  '__mem_cgroup_charge+0x28/0x80',
  '__handle_mm_fault+0x95c/0xfa0',
  'handle_mm_fault+0xdb/0x2d0',
  'do_user_addr_fault+0x191/0x550',
  'exc_page_fault+0x70/0x170',
]

const statsKeys = [
  'anon',
  'file',
  'kernel',
  'kernel_stack',
  'pagetables',
  'sec_pagetables',
  'percpu',
  'sock',
  'vmalloc',
  'shmem',
  'file_mapped',
  'file_dirty',
  'file_writeback',
  'swapcached',
  'anon_thp',
  'file_thp',
  'shmem_thp',
  'inactive_anon',
  'active_anon',
  'inactive_file',
  'active_file',
  'unevictable',
  'slab_reclaimable',
  'slab_unreclaimable',
  'slab',
  'workingset_refault_anon',
  'workingset_refault_file',
]

const oldStats = rss =>
  `cache:32KB rss:${rss}KB rss_huge:0KB shmem:0KB mapped_file:8KB dirty:0KB writeback:0KB swap:0KB inactive_anon:0KB active_anon:${rss}KB inactive_file:24KB active_file:8KB unevictable:0KB`
const taskOom = (id, version) =>
  version === 'new'
    ? `level=info msg="TaskOOM event container_id:\\"${id}\\""`
    : `level=info msg="TaskOOM event &TaskOOM{ContainerID:${id},XXX_unrecognized:[],}"`

/** Each form: how that kernel prints one memcg kill. `f` has the facts. */
const forms = {
  'el7-3.10': f => [
    `${f.invoker} invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=${f.adj}`,
    `${f.invoker} cpuset=${f.id} mems_allowed=0`,
    `CPU: 3 PID: ${f.victim.pid} Comm: ${f.invoker} Kdump: loaded Not tainted 3.10.0-1160.el7.x86_64 #1`,
    'Hardware name: VMware, Inc. VMware Virtual Platform/440BX Desktop Reference Platform, BIOS 6.00 12/12/2018',
    'Call Trace:',
    ...stack(frames, (frame, i) => ` [<ffffffff9d7${(i * 4111 + 66000).toString(16).padStart(5, '0')}>] ${frame}`),
    `Task in ${f.path} killed as a result of limit of ${f.path}`,
    `memory: usage ${f.limitKb}kB, limit ${f.limitKb}kB, failcnt ${f.failcnt}`,
    `memory+swap: usage ${f.limitKb}kB, limit ${UNLIMITED}, failcnt 0`,
    `kmem: usage 0kB, limit ${UNLIMITED}, failcnt 0`,
    `Memory cgroup stats for ${f.path}: ${oldStats(f.rssKb)}`,
    tables.el7.head,
    ...f.processes.map(p => row(tables.el7, p)),
    `Memory cgroup out of memory: Kill process ${f.victim.pid} (${f.victim.comm}) score 1984 or sacrifice child`,
    `Killed process ${f.victim.pid} (${f.victim.comm}), UID ${f.victim.uid}, total-vm:${f.victim.vm * 4}kB, anon-rss:${f.victim.rss * 4}kB, file-rss:8kB, shmem-rss:0kB`,
  ],
  4.19: f => [
    `${f.invoker} invoked oom-killer: gfp_mask=0x6000c0(GFP_KERNEL), nodemask=(null), order=0, oom_score_adj=${f.adj}`,
    `${f.invoker} cpuset=${f.id} mems_allowed=0`,
    `CPU: 3 PID: ${f.victim.pid} Comm: ${f.invoker} Not tainted 4.19.0-26-amd64 #1 Debian 4.19.304-1`,
    'Call Trace:',
    ...stack(frames, frame => ` ${frame}`),
    `Task in ${f.path} killed as a result of limit of ${f.path}`,
    `memory: usage ${f.limitKb}kB, limit ${f.limitKb}kB, failcnt ${f.failcnt}`,
    `memory+swap: usage ${f.limitKb}kB, limit ${f.limitKb}kB, failcnt 0`,
    `kmem: usage 2208kB, limit ${UNLIMITED}, failcnt 0`,
    `Memory cgroup stats for ${f.path}: ${oldStats(f.rssKb)}`,
    'Tasks state (memory values in pages):',
    tables.bytes.head,
    ...f.processes.map(p => row(tables.bytes, p)),
    `Memory cgroup out of memory: Kill process ${f.victim.pid} (${f.victim.comm}) score 1984 or sacrifice child`,
    `Killed process ${f.victim.pid} (${f.victim.comm}) total-vm:${f.victim.vm * 4}kB, anon-rss:${f.victim.rss * 4}kB, file-rss:8kB, shmem-rss:0kB`,
    `oom_reaper: reaped process ${f.victim.pid} (${f.victim.comm}), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB`,
  ],
  5.15: f => modern(f, tables.bytes, '5.15.0-1053-azure #61-Ubuntu', 'CPU: 3 PID'),
  6.12: f => modern(f, tables.kinds, '6.12.12-cloud-amd64 #1  Debian 6.12.12-1', 'CPU: 3 UID: 0 PID'),
}

const modern = (f, table, release, cpu) => [
  `${f.invoker} invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=${f.adj}`,
  `${cpu}: ${f.victim.pid} Comm: ${f.invoker} Not tainted ${release}`,
  'Hardware name: Microsoft Corporation Virtual Machine/Virtual Machine, BIOS 090008  12/07/2018',
  'Call Trace:',
  ' <TASK>',
  ...stack(frames, frame => ` ${frame}`),
  'RIP: 0033:0x401940',
  'RSP: 002b:00007ffc9463db90 EFLAGS: 00000206',
  ' </TASK>',
  `memory: usage ${f.limitKb}kB, limit ${f.limitKb}kB, failcnt ${f.failcnt}`,
  `swap: usage 0kB, limit ${UNLIMITED}, failcnt 0`,
  `Memory cgroup stats for ${f.scopePath}:`,
  ...statsKeys.map((key, i) => `${key} ${i === 0 ? f.rssKb * 1024 : (i * 77777) % 900000}`),
  'Tasks state (memory values in pages):',
  table.head,
  ...f.processes.map(p => row(table, p)),
  `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=cri-containerd-${f.id}.scope,mems_allowed=0,oom_memcg=${f.scopePath},task_memcg=${f.scopePath},task=${f.victim.comm},pid=${f.victim.pid},uid=${f.victim.uid}`,
  `Memory cgroup out of memory: Killed process ${f.victim.pid} (${f.victim.comm}) total-vm:${f.victim.vm * 4}kB, anon-rss:${f.victim.rss * 4}kB, file-rss:8kB, shmem-rss:0kB, UID:${f.victim.uid} pgtables:1296kB oom_score_adj:${f.adj}`,
]

const names = Object.keys(forms)
const comms = ['java', 'node', 'python3', 'memory-hog', 'redis-server', 'VM Thread', 'nginx', 'postgres']

/** One kill of `pod`'s container: its lines and its truth. */
export const makeIncident = (random, pod, number) => {
  const form = names[number % names.length]
  const limitKb = random.pick([65536, 131072, 262144, 524288, 1048576, 2097152])
  const adj = random.between(800, 999)
  const count = random.between(1, 40)
  const basePid = random.between(4000, 900000)
  const rssKb = limitKb - 2048
  const processes = []
  for (let i = 0; i < count; i++) {
    const rss = Math.max(1, Math.floor(rssKb / 4 / (i + 2)))
    processes.push({
      pid: basePid + i * 3,
      uid: 1000,
      vm: rss * 9,
      rss,
      adj,
      comm: i === 0 ? random.pick(comms) : 'worker',
    })
  }
  const victim = processes[0]
  const pod_ = pod.uid.replaceAll('-', '_')
  const facts = {
    id: pod.containerId,
    invoker: random.pick(comms),
    adj,
    limitKb,
    rssKb,
    failcnt: random.below(9000),
    processes,
    victim,
    path: `/kubepods/burstable/pod${pod.uid}/${pod.containerId}`,
    scopePath: `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${pod_}.slice/cri-containerd-${pod.containerId}.scope`,
  }
  const lines = forms[form](facts).map(text => ['k', text])
  const event = ['c', taskOom(pod.containerId, form === '6.12' || form === '5.15' ? 'new' : 'old')]
  const place = random.pick([0, 0, random.between(1, lines.length - 1), lines.length, lines.length])
  lines.splice(place, 0, event)
  const truth = {
    form,
    pod: pod.name,
    namespace: pod.namespace,
    podUid: pod.uid,
    container: pod.container,
    containerId: pod.containerId,
    limitBytes: limitKb * 1024,
    rows: count,
    victim: { pid: victim.pid, comm: victim.comm, anonRssBytes: victim.rss * 4096 },
  }
  return { lines, truth }
}
