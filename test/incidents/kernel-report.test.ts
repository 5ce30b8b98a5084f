/** What is made of a report's lines: whose shortage it was, how large a page is, numbers that cannot be. */
import { expect, test } from 'vitest'
import { logOfText, reportOf } from '../support/report-of.ts'

async function reportIn(lines: readonly string[]) {
  const { incidents } = await reportOf([logOfText(lines.map((line, i) => `[   1.00000${i}] ${line}`).join('\n'))])
  expect(incidents).toHaveLength(1)
  return { incident: incidents[0]!, report: incidents[0]!.kernelReports[0]! }
}

const header = 'web invoked oom-killer: gfp_mask=0x201da, order=0, oom_score_adj=0'

test.each([
  [
    'the page allocator out of memory: the node',
    ['out_of_memory+0x31a/0x500', '? zone_x+0x1/0x2', '__alloc_pages_nodemask+0xad4/0xbe0'],
    'none',
  ],
  ['any other caller: not told', ['out_of_memory+0x31a/0x500', 'pagefault_out_of_memory+0x14/0x90'], null],
  ['a frame that may be stale: not told', ['? out_of_memory+0x31a/0x500', '__alloc_pages_nodemask+0x1/0x2'], null],
  [
    'a cgroup within the page allocator',
    ['mem_cgroup_out_of_memory+0x1/0x2', 'try_charge+0x1/0x2', '__alloc_pages_nodemask+0x1/0x2'],
    'memcg',
  ],
])('the trace tells whose shortage it was: %s', async (_name, frames, constraint) => {
  const { report } = await reportIn([header, 'Call Trace:', ...frames.map(frame => ` ${frame}`)])
  expect(report.constraint).toBe(constraint)
})

test('more reserved pages than there is RAM are a counter that ran below zero', async () => {
  const { incident, report } = await reportIn([
    header,
    'Mem-Info:',
    '131072 pages RAM',
    '4294965447 pages reserved',
    'Kernel panic - not syncing: Out of memory and no killable processes...',
  ])
  expect(report.node).toMatchObject({ ramBytes: 131_072 * 4096, reservedBytes: null })
  expect(incident.diagnosis.map(({ code }) => code)).not.toContain('huge-pages')
})

test.each([
  ['4 kB', 60, 240, 4096],
  ['8 kB, of sparc', 60, 480, 8192],
  ['64 kB', 60, 3840, 65_536],
  ['what is no page size', 60, 260, 4096],
])('the address space in row and kill line tells the page size: %s', async (_name, pages, kb, size) => {
  const { report } = await reportIn([
    header,
    '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name',
    `[   1811]  1000  1811       ${pages}        8   106496      643          1000 web`,
    `Out of memory: Killed process 1811 (web) total-vm:${kb}kB, anon-rss:0kB, file-rss:64kB, shmem-rss:0kB, UID:1000 pgtables:104kB oom_score_adj:1000`,
  ])
  expect(report.processes[0]?.rssBytes).toBe(8 * size)
})

test('a kill that the line before announces is of the report, though its row was cut out of the table', async () => {
  const { report } = await reportIn([
    header,
    '[ pid ]   uid  tgid total_vm      rss nr_ptes swapents oom_score_adj name',
    '[  444]     0   444    30482      118      63        0             0 agent',
    'Out of memory: Kill process 17 (web) score 77 or sacrifice child',
    'Killed process 17 (web) total-vm:240kB, anon-rss:80kB, file-rss:0kB',
  ])
  expect(report).toMatchObject({ outcome: 'killed', victims: [{ pid: 17, score: 77 }] })
})
