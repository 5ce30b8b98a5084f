/** Small logs for the rules of what belongs together: lines of a node, by seconds after 09:22:00. */

const stamp = (seconds: number) => {
  const whole = Math.floor(seconds)
  const [minute, second] = [22 + Math.floor(whole / 60), whole % 60]
  return `Mar 15 ${String(9 + Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:${String(second).padStart(2, '0')}`
}
const iso = (seconds: number) =>
  new Date(Date.UTC(2022, 2, 15, 9, 22, 0) + seconds * 1000).toISOString().replace('Z', '000000Z')

export const ID_A = 'a'.repeat(63).concat('1')
export const ID_B = 'b'.repeat(63).concat('2')
export const SANDBOX = 'c'.repeat(63).concat('3')
export const UID_A = '8a6f4c02-1b2d-4c55-9a3e-0c9d5f2e7b11'
export const UID_B = '5d9d1d14-39d0-48b6-809a-ab5251e7c155'

export const containerPath = (uid: string, id: string) => `/kubepods/burstable/pod${uid}/${id}`
export const podPath = (uid: string) => `/kubepods/burstable/pod${uid}`

export interface KillOptions {
  readonly host?: string
  readonly task?: string
  readonly limit?: string | null
  readonly comm?: string
  readonly rows?: readonly number[]
}

const kernel = (at: number, host: string, text: string) => `${stamp(at)} ${host} kernel: ${text}`

/** A whole report of a current kernel; `limit` null: the node's. */
export function report(at: number, pid: number, options: KillOptions = {}): string[] {
  const { host = 'node1', task = containerPath(UID_A, ID_A), limit = task, comm = 'java', rows = [pid] } = options
  const constraint = limit === null ? 'CONSTRAINT_NONE' : 'CONSTRAINT_MEMCG'
  const whose = limit === null ? 'global_oom' : `oom_memcg=${limit}`
  return [
    kernel(at, host, `${comm} invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984`),
    ...(limit === null ? [] : [kernel(at, host, 'memory: usage 524288kB, limit 524288kB, failcnt 41')]),
    kernel(at, host, '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name'),
    ...rows.map(row =>
      kernel(at, host, `[  ${row}]  1000 ${row}  1182345   130452  1327104        0           984 ${comm}`),
    ),
    kernel(
      at,
      host,
      `oom-kill:constraint=${constraint},nodemask=(null),cpuset=/,mems_allowed=0,${whose},task_memcg=${task},task=${comm},pid=${pid},uid=1000`,
    ),
    loneKill(at, pid, { ...options, limit }),
  ]
}

/** A kill line whose report the kernel left out. */
export function loneKill(at: number, pid: number, { host = 'node1', limit, comm = 'java' }: KillOptions = {}): string {
  const words = limit === null ? 'Out of memory' : 'Memory cgroup out of memory'
  return kernel(
    at,
    host,
    `${words}: Killed process ${pid} (${comm}) total-vm:4729380kB, anon-rss:${521800 + (pid % 100)}kB, file-rss:8kB, shmem-rss:0kB, UID:1000 pgtables:1296kB oom_score_adj:984`,
  )
}

/** Only the header, as `grep oom-killer` leaves it. */
export const header = (at: number, host = 'node1') =>
  kernel(at, host, 'java invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=984')

/** What the kernel prints when the memory of the one killed is gone. */
export const reaper = (at: number, pid: number, host = 'node1') =>
  kernel(at, host, `oom_reaper: reaped process ${pid} (java), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB`)

const containerd = (at: number, host: string, msg: string) =>
  `${stamp(at)} ${host} containerd[1190]: time="${iso(at)}" level=info msg="${msg}"`

export const taskOom = (at: number, id: string, host = 'node1') =>
  containerd(at, host, `TaskOOM event container_id:\\"${id}\\"`)

export const exit = (at: number, id: string, status = 137, host = 'node1') =>
  containerd(
    at,
    host,
    `received exit event container_id:\\"${id}\\"  id:\\"${id}\\"  pid:48213  exit_status:${status}  exited_at:{seconds:1647336162  nanos:61402331}`,
  )

export const sandbox = (at: number, uid: string, name: string, host = 'node1') =>
  containerd(
    at,
    host,
    `RunPodSandbox for &PodSandboxMetadata{Name:${name},Uid:${uid},Namespace:shop,Attempt:0,} returns sandbox id \\"${SANDBOX}\\"`,
  )

export const container = (at: number, id: string, name: string, host = 'node1') =>
  containerd(
    at,
    host,
    `CreateContainer within sandbox \\"${SANDBOX}\\" for &ContainerMetadata{Name:${name},Attempt:0,} returns container id \\"${id}\\"`,
  )

export const boot = (at: number, host = 'node1') =>
  kernel(at, host, 'Linux version 5.15.0-1053-azure (buildd@lcy02) (gcc) #61-Ubuntu SMP')

/** The line behind the kill of the one chosen, where all of a cgroup die. */
export const group = (at: number, path: string, host = 'node1') =>
  kernel(at, host, `Tasks in ${path} are going to be killed due to memory.oom.group set`)
