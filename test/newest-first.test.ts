import { describe, expect, it } from 'vitest'
import { inOrderOfTime } from '../src/newest-first.ts'
import { linesOf } from './envelopes/unwrap.ts'

const at = (time: string, text: string) => `Mar 15 ${time} node1 kernel: ${text}`
const header = 'java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0'
const named = 'oom-kill:constraint=CONSTRAINT_NONE,global_oom,task_memcg=/a,task=java,pid=7,uid=0'
const killed = 'Out of memory: Killed process 7 (java) total-vm:4kB, anon-rss:4kB'
const report = (time: string) => [at(time, header), at(time, named), at(time, killed)]
async function turned(texts: readonly string[]): Promise<string[]> {
  async function* oneByOne() {
    for (const line of linesOf(texts)) yield [line]
  }
  const lines: string[] = []
  for await (const some of inOrderOfTime(oneByOne())) lines.push(...some.map(({ text }) => text))
  return lines
}

describe('a log whose newest line stands first', () => {
  const cases: readonly [why: string, texts: readonly string[]][] = [
    ['each line older than the one before', [at('09:22:43', 'c'), at('09:22:42', 'b'), at('09:22:41', 'a')]],
    ['of one second, by its sentences', report('09:22:41').reverse()],
    ["by the kernel's own clock", ['[ 12.300001] c', '[ 12.200001] b', '[ 12.100001] a']],
  ]
  it.each(cases)('is turned round: %s', async (_, texts) => {
    expect(await turned(texts)).toEqual([...texts].reverse())
  })

  it('keeps what is indented below its line', async () => {
    const [c, b, a] = [at('09:22:43', 'c'), at('09:22:42', 'b'), at('09:22:41', 'a')]
    expect(await turned([c, '    of c', b, a])).toEqual([a, b, c, '    of c'])
  })

  it('keeps the names of columns above, and what they name', async () => {
    const row = (second: number) => `"2022-03-15 09:22:4${second}.000","node1","text"`
    const header = '"@timestamp","host",message'
    expect(await turned([header, row(3), row(2), row(1)])).toEqual([header, row(1), row(2), row(3)])
  })

  it('keeps documents in their order', async () => {
    const document = (second: number) => ['---', 'insertId: a', `timestamp: '2022-03-15T00:22:4${second}Z'`]
    const texts = (second: number) => [...document(second).slice(0, 2), 'textPayload: x', document(second)[2]!]
    expect(await turned([...texts(3), ...texts(2), ...texts(1)])).toEqual([...texts(1), ...texts(2), ...texts(3)])
  })

  it('keeps the objects of a list in their order', async () => {
    const object = (second: number) => [
      '  {',
      '    "insertId": "a",',
      `    "textPayload": "text",`,
      `    "timestamp": "2022-03-15T00:22:4${second}Z"`,
      '  },',
    ]
    const list = await turned(['[', ...object(3), ...object(2), ...object(1), ']'])
    expect(list.slice(0, 6)).toEqual(['[', ...object(1)])
    expect(list.slice(-5)).toEqual(object(3))
  })
})

describe('another log stays as it is', () => {
  const cases: readonly [why: string, texts: readonly string[]][] = [
    ['in order', [...report('09:22:41'), ...report('09:23:41')]],
    ['a clock that was set back', [at('09:22:43', 'a'), at('09:22:41', 'b')]],
    ['and went on', [at('09:22:43', 'a'), at('09:22:42', 'b'), at('09:22:41', 'c'), at('09:22:42', 'd')]],
    ['reports that were pasted newest first', [...report('09:24:41'), ...report('09:23:41'), ...report('09:22:41')]],
    ['one report twice', [...report('09:22:41'), ...report('09:22:41')]],
    ["another log's copy behind it", [...report('09:22:41'), `[ 12.300001] ${named}`, `[ 12.300002] ${killed}`]],
    ['no stamps', ['c', 'b', 'a']],
  ]
  it.each(cases)('%s', async (_, texts) => {
    expect(await turned(texts)).toEqual(texts)
  })
})
