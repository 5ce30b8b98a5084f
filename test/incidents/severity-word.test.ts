/** SONiC and BIG-IP put the severity between host and tag, and the kernel's lines of one report have several. */
import { expect, test } from 'vitest'
import { logOfText, reportOf } from '../support/report-of.ts'

const lines = [
  'WARNING kernel: [ 900.100001] routed invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0',
  'WARNING kernel: [ 900.100002] CPU: 1 PID: 88 Comm: routed Not tainted 5.10.0-18-2-amd64 #1',
  'INFO kernel: [ 900.100003] [  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name',
  'INFO kernel: [ 900.100004] [     88]     0    88   356964   310000   655360        0             0 routed',
  'INFO kernel: [ 900.100005] oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/system.slice/routed.service,task=routed,pid=88,uid=0',
  'ERR kernel: [ 900.100006] Out of memory: Killed process 88 (routed) total-vm:1427856kB, anon-rss:1240000kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:640kB oom_score_adj:0',
]

test.each([
  'May  6 07:08:09.100001',
  'May  6 07:08:09',
  '2023 May  6 07:08:09.100001',
  '2023-05-06T07:08:09.100001+00:00',
])('a report with severities behind the host is one: %s', async stamp => {
  await expectOne(stamp, lines)
  const small = lines.map(line => line.replace(/^[A-Z]+/, word => word.toLowerCase()))
  await expectOne(stamp, small)
})

async function expectOne(stamp: string, said: readonly string[]) {
  const text = said.map(line => `${stamp} leaf-3 ${line}`).join('\n')
  const { incidents } = await reportOf([logOfText(text)], { zone: 'UTC', year: 2023 })
  expect(incidents).toMatchObject([
    {
      time: expect.stringContaining('2023-05-06T07:08:09'),
      host: 'leaf-3',
      scope: 'node',
      kernelReports: [{ trigger: { comm: 'routed', pid: 88 }, processes: [{ pid: 88 }] }],
      victims: [{ pid: 88, comm: 'routed' }],
    },
  ])
}
