import { describe, expect, test } from 'vitest'
import type { LogRecord } from '../../src/model/record.ts'
import { kernel } from '../../src/recognisers/kernel/index.ts'
import { createRecogniser, needlesOf } from '../../src/recognisers/recognise.ts'
import type { Program, Recogniser } from '../../src/recognisers/recogniser.ts'

const record = (message: string, ident: string | null = 'kernel'): LogRecord => ({
  line: { text: message, lineNumber: 1, byteOffset: 0, source: 0 },
  stamp: null,
  stampFrom: 'kernel',
  envelope: 'none',
  host: null,
  ident,
  pid: null,
  uptimeSeconds: null,
  caller: null,
  bootId: null,
  message,
  continued: false,
})

const { recognise, nearMiss } = createRecogniser([kernel])
const kindOf = (message: string, ident?: string | null) => recognise(record(message, ident))?.kind ?? null

describe('recognise', () => {
  test.each([
    ['leading blanks do not matter', ' dump_stack_lvl+0x4a/0x63', 'trace-frame'],
    [
      'an indented continuation is read',
      '                active_file:102 inactive_file:77 isolated_file:0',
      'mem-info-pages',
    ],
    ['blanks at the end do not matter', ' </TASK>        ', 'stack-noise'],
    ['a carriage return at the end does not matter', 'anon 4096\r', 'memcg-stat'],
    ['an address in brackets is a frame, not a row', '[<ffffffff81685e6c>] dump_stack+0x19/0x1b', 'trace-frame'],
    [
      'a row without a name is a row',
      '[ 1234]     0  1234   263423     1500      63        0             0 ',
      'task-row',
    ],
    ['a row cut after rss is a row', '[ 1234]     0  1234   263423     1500', 'task-row'],
    [
      'a process that calls itself like a row still makes a header',
      '[1] 1 1 1 1 1 1 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0',
      'oom-header',
    ],
    ['a name with a line feed is one message', 'Killed process 7 (a\nb) total-vm:4kB, anon-rss:0kB', 'killed-process'],
  ])('%s', (_, message, kind) => {
    expect(kindOf(message)).toBe(kind)
  })

  test.each([
    ['nothing', ''],
    ['blanks', '   \t '],
    ['a row that is cut before rss', '[ 1234]     0  1234'],
    ['a uptime stamp', '[ 8523.340112] eth0: link up'],
    ['another kernel message with a number', 'eth0 1000'.replace(' ', ': ')],
    ['a block of two lines as one message', 'anon 1\nfile 2'],
    ['two lines of Mem-Info as one message', 'active_anon:1 inactive_anon:2\n active_file:3'],
    ['two frames as one message', 'dump_stack+0x1/0x2\ndump_header+0x3/0x4'],
    ['a usage line with another after it', 'memory: usage 4kB, limit 4kB, failcnt 1\nswap: usage 0kB'],
    ['words around a kill line', 'seen: Memory cgroup out of memory: Killed process 7 (a) total-vm:4kB'],
    ['a stat with a unit', 'anon 4096kB'],
    ['a stat with two numbers', 'anon 4096 1'],
    ['a number too big to be exact', 'hierarchical_memsw_limit 9223372036854771712'],
    ['user space that is out of memory', 'java.lang.OutOfMemoryError: Java heap space'],
    ['a panic for another reason', 'Kernel panic - not syncing: Fatal exception'],
  ])('%s is no event', (_, message) => {
    expect(kindOf(message)).toBeNull()
  })

  test('a program is asked only where the ident may be its own', () => {
    const message = 'Memory cgroup out of memory: Killed process 7 (a) total-vm:4kB'
    expect(kindOf(message, 'kernel')).toBe('killed-process')
    expect(kindOf(message, null)).toBe('killed-process')
    expect(kindOf(message, 'node-problem-detector')).toBeNull()
  })

  test('the fields of an event do not leak into the next', () => {
    expect(recognise(record('Mem-Info:'))).toEqual({ kind: 'mem-info' })
    expect(recognise(record('Mem-Info:'))).not.toBe(recognise(record('Mem-Info:')))
  })
})

describe('nearMiss', () => {
  test.each([
    [
      'a kill line of a wording that is not known',
      'Memory cgroup out of memory: Terminated process 7 (a)',
      'Memory cgroup out of memory',
    ],
    ['a summary of a wording that is not known', 'oom-kill: constraint:MEMCG victim:7', 'oom-kill:'],
    ['a header that is not known', 'oom-killer: invoked by java', 'oom-killer:'],
  ])('%s is told', (_, message, needle) => {
    expect(kindOf(message)).toBeNull()
    expect(nearMiss(record(message))).toBe(needle)
  })

  test.each([
    ['suspend', 'OOM killer disabled.'],
    ['resume', 'OOM killer enabled.'],
    ['a page fault that is retried', 'Huh VM_FAULT_OOM leaked out to the #PF handler. Retrying PF'],
    ['a shared address space', 'Kill process 1234 (java) sharing same memory'],
    ['a pinned address space', 'oom killer 1234 (java) has mm pinned by 1300 (x)'],
    [
      'the end of a panic',
      '---[ end Kernel panic - not syncing: Out of memory: compulsory panic_on_oom is enabled ]---',
    ],
    ['network memory', 'TCP: out of memory -- consider tuning tcp_mem'],
    ['a boot line that is not known', 'Linux version unknown'],
    ['a panic for another reason', 'Kernel panic - not syncing: Fatal exception'],
    ['a link', 'eth0: link up'],
    [
      'the rest of a line broken by a name',
      'line) total-vm:53312kB, anon-rss:50816kB, file-rss:712kB, UID:0 oom_score_adj:0',
    ],
  ])('%s is none', (_, message) => {
    expect(nearMiss(record(message))).toBeNull()
  })

  test('what another program says about OOM is not the kernel’s', () => {
    expect(nearMiss(record('java.lang.Exception: Memory cgroup out of memory: Terminated process 7', 'app'))).toBeNull()
  })
})

describe('needlesOf', () => {
  const recogniser = (needles: readonly string[], opens?: true): Recogniser => ({
    kind: 'mem-info',
    source: '',
    needles,
    ...(opens === undefined ? {} : { opens }),
    starts: ['x'],
    wordings: [],
    read: () => null,
  })
  const program = (recognisers: readonly Recogniser[]): Program => ({ name: 'p', speaks: () => true, recognisers })

  test('a needle of several recognisers stands once, and opens if one of them opens', () => {
    const programs = [program([recogniser(['abc']), recogniser(['abc', 'def'], true)]), program([recogniser(['def'])])]
    expect(needlesOf(programs)).toEqual([
      { text: 'abc', opens: true },
      { text: 'def', opens: true },
    ])
  })

  test('the kernel’s openers are the lines of a report that have a needle and come before its rows', () => {
    const opening = needlesOf([kernel]).filter(needle => needle.opens)
    expect(opening.map(needle => needle.text).sort()).toEqual(
      [
        'oom-killer:',
        'oom-kill:',
        'killed as a result',
        'Task in /',
        ': usage ',
        'Memory cgroup stats',
        'Mem-',
        'total_vm',
      ].sort(),
    )
  })
})
