/** A copy that begins in the middle of a line has lost its stamp and host: it is of its neighbour's report. */
import { expect, test } from 'vitest'
import { logOfText, reportOf } from '../support/report-of.ts'

const prefix = 'Mar  4 05:06:07 worker-2 kernel: '
const id = 'c0ffee'.repeat(11).slice(0, 64)
const path = `/kubepods/burstable/pod7f3b1c52-8a44-4f0e-9d7c-1f6c2ab98e10/${id}`
const header = 'indexer invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984'
const lines = [
  header,
  'CPU: 3 PID: 5120 Comm: indexer Not tainted 5.4.0-99-generic #1',
  'memory: usage 262144kB, limit 262144kB, failcnt 31',
  `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=${id},mems_allowed=0,oom_memcg=${path},task_memcg=${path},task=indexer,pid=5120,uid=0`,
  'Memory cgroup out of memory: Killed process 5120 (indexer) total-vm:400000kB, anon-rss:260000kB, file-rss:80kB, shmem-rss:0kB, UID:0 pgtables:620kB oom_score_adj:984',
]

async function incidentsOf(text: readonly string[]) {
  const { incidents } = await reportOf([logOfText(text.join('\n'))], { zone: 'UTC', year: 2022 })
  return incidents
}

const without = (lost: number) => lines.map((line, i) => (i === lost ? line : prefix + line))

test.each([0, 1, 2, 3, 4])('line %i has lost its beginning: one incident, with all that the lines tell', async lost => {
  const incidents = await incidentsOf(without(lost))
  expect(incidents).toHaveLength(1)
  expect(incidents[0]).toMatchObject({
    time: '2022-03-04T05:06:07+00:00',
    host: 'worker-2',
    scope: 'container',
    container: { id },
    kernelReports: [{ trigger: { comm: 'indexer', pid: 5120 }, memory: { limitBytes: 268_435_456 } }],
    victims: [{ pid: 5120, comm: 'indexer', anonRssBytes: 266_240_000 }],
  })
})

test('the uptime may be left', async () => {
  const text = lines.map((line, i) => (i === 0 ? `[ 8000.10000${i}] ${line}` : `${prefix}[ 8000.10000${i}] ${line}`))
  const incidents = await incidentsOf(text)
  expect(incidents).toHaveLength(1)
  expect(incidents[0]).toMatchObject({ host: 'worker-2', kernelReports: [{ uptimeSeconds: 8000.1 }] })
})

test.each([0, 1])('of the two lines of an old kill line %i has lost it', async lost => {
  const pair = [
    'Out of memory: Kill process 77 (crawler) score 310 or sacrifice child',
    'Killed process 78 (crawler) total-vm:90000kB, anon-rss:70000kB, file-rss:0kB',
  ]
  const incidents = await incidentsOf(pair.map((line, i) => (i === lost ? line : prefix + line)))
  expect(incidents).toHaveLength(1)
  expect(incidents[0]).toMatchObject({ scope: 'node', victims: [{ pid: 78, comm: 'crawler', score: 310 }] })
})

test('a report without a host is not that of a line far below', async () => {
  const text = [lines[0]!, lines[1]!, '', '', '', '', ...lines.slice(3).map(line => prefix + line)]
  expect(await incidentsOf(text)).toHaveLength(2)
})

test('nor that of a report that begins', async () => {
  const text = [lines[0]!, lines[1]!, ...lines.map(line => prefix + line)]
  const incidents = await incidentsOf(text)
  expect(incidents).toHaveLength(2)
  expect(incidents.map(({ host }) => host).toSorted()).toEqual(['worker-2', null].toSorted())
})

test('what has its outcome takes no line more', async () => {
  const text = [...lines.map(line => prefix + line), lines[4]!.replaceAll('5120', '5999')]
  const victims = (await incidentsOf(text)).flatMap(incident => incident.victims.map(({ pid }) => pid))
  expect(victims.toSorted()).toEqual([5120, 5999])
})
