import { describe, expect, test } from 'vitest'
import { kernel } from '../../../src/recognisers/kernel/index.ts'
import { understand } from '../../../src/recognisers/recognise.ts'

const read = (text: string) => {
  const events = kernel.recognisers.map(recogniser => understand(recogniser, text)).filter(event => event !== null)
  expect(events.length).toBeLessThan(2)
  return events[0] ?? null
}

describe('a line cut anywhere behind the name still says who, and nothing that it does not say', () => {
  const NEW =
    'Memory cgroup out of memory: Killed process 48213 (java) total-vm:4729380kB, anon-rss:521800kB, file-rss:8kB, shmem-rss:4kB, UID:1000 pgtables:1296kB oom_score_adj:984'
  const EL7 =
    'Killed process 48213 (java), UID 1000, total-vm:4729380kB, anon-rss:524248kB, file-rss:8kB, shmem-rss:4kB'
  const EL6 = 'Killed process 48213, UID 1000, (java) total-vm:4729380kB, anon-rss:524248kB, file-rss:8kB'

  test.each([
    ['5.4', NEW],
    ['el7', EL7],
    ['el6', EL6],
  ])('kill line of %s', (_, whole) => {
    const full = read(whole)
    expect(full?.kind).toBe('killed-process')
    for (let at = whole.indexOf('(java)') + '(java)'.length; at < whole.length; at++) {
      const event = read(whole.slice(0, at))
      expect([at, event]).toEqual([at, expect.objectContaining({ kind: 'killed-process', pid: 48213, comm: 'java' })])
      for (const [field, value] of Object.entries(event ?? {})) {
        // The last two numbers have no unit after them, so that a cut cannot be seen in them.
        if (field === 'uid' || field === 'oomScoreAdj') continue
        expect([null, (full as unknown as Record<string, unknown>)[field]]).toContain(value)
      }
    }
  })

  test('first of the two lines up to 5.0', () => {
    const whole = 'Memory cgroup out of memory: Kill process 48240 (VM Thread) score 1984 or sacrifice child'
    for (let at = whole.indexOf('score'); at <= whole.length; at++) {
      expect([at, read(whole.slice(0, at))]).toEqual([
        at,
        expect.objectContaining({ kind: 'kill-process', pid: 48240 }),
      ])
    }
  })

  test('header', () => {
    const whole = 'VM Thread invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), nodemask=0-1,  order=0, oom_score_adj=984'
    for (let at = whole.indexOf(' gfp_mask'); at <= whole.length; at++) {
      expect([at, read(whole.slice(0, at))]).toEqual([
        at,
        expect.objectContaining({ kind: 'oom-header', comm: 'VM Thread' }),
      ])
    }
  })

  test('summary: no path is longer than the line, no pid is half', () => {
    const whole =
      'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/a/b,task_memcg=/a/b/c,task=task=x,pid=1,pid=48213,uid=1000'
    for (let at = whole.indexOf(',nodemask'); at <= whole.length; at++) {
      const event = read(whole.slice(0, at))
      if (event?.kind !== 'oom-kill') throw new Error(`cut at ${at}`)
      expect(event.constraint).toBe('CONSTRAINT_MEMCG')
      expect('/a/b'.startsWith(event.oomMemcg ?? '')).toBe(true)
      expect('/a/b/c'.startsWith(event.taskMemcg ?? '')).toBe(true)
      // `task=x,pid=1,` is the name itself; one cannot know before the line is whole.
      if (event.pid !== null && event.pid !== 1) expect(event.pid).toBe(48213)
    }
  })
})

describe('a summary that was torn in two', () => {
  const whole =
    'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/a/b,task_memcg=/a/b/c,task=java,pid=48213,uid=1000'

  test.each([',cpuset=', ',oom_memcg=', ',task_memcg=', ',task='])('before %s gives the whole in two parts', key => {
    const at = whole.indexOf(key)
    const parts = [read(whole.slice(0, at)), read(whole.slice(at))]
    const known = parts.map(part => Object.entries(part ?? {}).filter(([, value]) => value !== null && value !== false))
    const joined = { ...Object.fromEntries(known.flat()), nodemask: null, globalOom: false, oomMemcgCut: false }
    expect(joined).toEqual(read(whole))
  })
})

describe('names', () => {
  const names = [
    '',
    ' ',
    ')',
    '(sd-pam)',
    'a) total-vm:1kB',
    'x, UID 0, (y',
    'task=x,pid=1',
    ',uid=0',
    'a\nb',
    '\u001b[31mred',
    'tab\there',
    'cut \\xd0',
    '名前の長い',
    'oom_score_adj:1',
    'trail ',
  ]

  test.each(names)('%j is read as it is', comm => {
    const sizes = 'total-vm:4kB, anon-rss:8kB, file-rss:0kB, shmem-rss:0kB'
    const kill = `Out of memory: Killed process 7 (${comm}) ${sizes}, UID:0 pgtables:4kB oom_score_adj:0`
    expect(read(kill)).toMatchObject({ kind: 'killed-process', pid: 7, comm, anonRssBytes: 8192, oomScoreAdj: 0 })
    expect(read(`Killed process 7 (${comm}), UID 5, ${sizes}`)).toMatchObject({ pid: 7, comm, uid: 5 })
    expect(read(`Killed process 7, UID 5, (${comm}) ${sizes}`)).toMatchObject({ pid: 7, comm, uid: 5 })
    expect(read(`oom-kill:constraint=CONSTRAINT_NONE,task_memcg=/a,task=${comm},pid=7,uid=5`)).toMatchObject({
      kind: 'oom-kill',
      taskMemcg: '/a',
      comm,
      pid: 7,
      uid: 5,
    })
    expect(read(`Out of memory: Kill process 7 (${comm}) score 9 or sacrifice child`)).toMatchObject({ comm, score: 9 })
    expect(read(`oom_reaper: reaped process 7 (${comm}), now anon-rss:0kB, file-rss:0kB`)).toMatchObject({ comm })
    expect(read(`${comm} invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=-17`)).toMatchObject({
      comm,
      oomScoreAdj: -17,
    })
  })
})
