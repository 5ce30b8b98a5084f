/** Up to 5.0 two lines tell of a kill; where a log has the first only, the reader still wants its name. */
import { expect, test } from 'vitest'
import { logOfText, reportOf } from '../support/report-of.ts'

const at = (clock: string) => `Jun  5 ${clock} shard-4 kernel: `

async function warningsOf(...lines: string[]) {
  const { warnings } = await reportOf([logOfText(lines.join('\n'))], { zone: 'UTC', year: 2018 })
  return warnings.filter(({ code }) => code === 'chosen-only').map(({ line, message }) => `${line}: ${message}`)
}

test('a log with `Kill process` alone tells whom the kernel chose', async () => {
  expect(
    await warningsOf(
      `${at('04:05:06')}Out of memory: Kill process 610 (indexd) score 77 or sacrifice child`,
      `${at('04:05:07')}Out of memory: Kill process 611 (mailq) score 5 or sacrifice child`,
      `${at('04:05:07')}Out of memory: Kill process 611 (mailq) score 5 or sacrifice child`,
    ),
  ).toEqual(['1: who died is not in this log; the kernel chose indexd (pid 610), mailq (pid 611), or a child'])
})

test('so does a report that is cut before `Killed process`', async () => {
  expect(
    await warningsOf(
      `${at('04:05:06')}feeder invoked oom-killer: gfp_mask=0x201da, order=0, oom_score_adj=0`,
      `${at('04:05:06')}[ pid ]   uid  tgid total_vm      rss nr_ptes swapents oom_score_adj name`,
      `${at('04:05:06')}[  610]     0   610    30482      118      63        0             0 indexd`,
      `${at('04:05:06')}Memory cgroup out of memory: Kill process 610 (indexd) score 77 or sacrifice child`,
    ),
  ).toEqual(['1: who died is not in this log; the kernel chose indexd (pid 610), or a child'])
})

test('many are counted, a name that is cut off is left out', async () => {
  const lines = Array.from({ length: 9 }, (_, i) => `${at('04:05:06')}Out of memory: Kill process 70${i} (job)`)
  expect(await warningsOf(`${at('04:05:05')}Out of memory: Kill process 699`, ...lines)).toEqual([
    '1: who died is not in this log; the kernel chose pid 699, job (pid 700), job (pid 701), job (pid 702), job (pid 703) and 5 more, or a child',
  ])
})

test('nothing is said where who died is told', async () => {
  expect(
    await warningsOf(
      `${at('04:05:06')}Out of memory: Kill process 610 (indexd) score 77 or sacrifice child`,
      `${at('04:05:06')}Killed process 612 (sh) total-vm:240kB, anon-rss:80kB, file-rss:0kB`,
    ),
  ).toEqual([])
})
