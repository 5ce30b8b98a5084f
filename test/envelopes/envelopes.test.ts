import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Envelope, envelopeNeedles, envelopes, type Parsed } from '../../src/envelopes/index.ts'
import { linesOf } from './unwrap.ts'

const FOLDER = new URL('../../src/envelopes/', import.meta.url)

/** The records that an envelope alone makes of a sample. */
function read(envelope: Envelope, sample: string): readonly Parsed[] {
  const reader = envelope.open?.()
  if (reader === undefined) {
    const parsed = envelope.parse?.(sample) ?? null
    return parsed === null ? [] : [parsed]
  }
  const found = linesOf(sample.split('\n')).flatMap(line => reader.feed(line.text, line) ?? [])
  return [...found, ...reader.end()].map(one => one.parsed)
}

describe('the table of envelopes', () => {
  const samples = envelopes.flatMap(envelope => envelope.samples.map(sample => ({ envelope, sample })))

  it.each(samples.map(s => [s.envelope.name, s.sample.line, s] as const))('%s reads %j', (_, __, {
    envelope,
    sample,
  }) => {
    const records = read(envelope, sample.line)
    const about = sample.line.includes('\n') && envelope.name === 'journal-verbose' ? records[0] : records.at(-1)
    expect(about).toMatchObject(sample.expect)
  })

  it('has a sample of every form', () => {
    expect(envelopes.filter(envelope => envelope.samples.length === 0).map(envelope => envelope.name)).toEqual([])
  })

  it('has different names', () => {
    expect(new Set(envelopes.map(envelope => envelope.name)).size).toBe(envelopes.length)
  })

  it('ends with the one that fits everything', () => {
    expect(envelopes.at(-1)?.name).toBe('bare')
  })

  it('has no two that claim one sample, but those that say so and come later', () => {
    const names = envelopes.map(envelope => envelope.name)
    const twice: string[] = []
    for (const { envelope, sample } of samples) {
      if (envelope.name === 'bare') continue
      for (const other of envelopes) {
        if (other === envelope || other.name === 'bare' || read(other, sample.line).length === 0) continue
        const isSaid = other.after?.includes(envelope.name) && names.indexOf(other.name) > names.indexOf(envelope.name)
        if (!isSaid) twice.push(`${other.name} claims ${JSON.stringify(sample.line)} of ${envelope.name}`)
      }
    }
    expect(twice).toEqual([])
  })

  it('is whole: every file that exports an envelope is in the index', () => {
    const index = readFileSync(new URL('index.ts', FOLDER), 'utf8')
    const missing = readdirSync(FOLDER).filter(
      file => /: Envelope = \{/.test(readFileSync(new URL(file, FOLDER), 'utf8')) && !index.includes(`'./${file}'`),
    )
    expect(missing).toEqual([])
  })

  it('has a needle for every form whose records span lines', () => {
    // a line of each tells of those below it, which are kept for their own needles
    const ofLines = ['dmesg-reltime', 'csv']
    const spanning = samples.filter(s => s.sample.line.includes('\n') && !ofLines.includes(s.envelope.name))
    const without = spanning.filter(s => !envelopeNeedles.some(needle => s.sample.line.includes(needle)))
    // An export of one record may begin with any field; the needle is in every real one.
    expect(without.map(s => s.sample.line).filter(line => !line.includes('"jsonPayload"'))).toEqual([])
  })

  it('takes no needle that a common line holds', () => {
    const common = samples.filter(s => !s.sample.line.includes('\n')).map(s => s.sample.line)
    expect(common.filter(line => envelopeNeedles.some(needle => line.includes(needle)))).toEqual([])
  })
})

describe('lines that almost have an envelope', () => {
  const cases: readonly [why: string, name: string, line: string][] = [
    ['a month that is none', 'rfc3164', 'Foo  5 09:22:41 node1 kernel: x'],
    ['the rest of a month', 'rfc3164', 'ar 15 09:22:41 node1 kernel: x'],
    ['a number for a month', 'rfc3164', '3 15 09:22:41 node1 kernel: x'],
    ['an hour that is none', 'rfc3164', 'Mar  5 25:22:41 node1 kernel: x'],
    ['a day that is none', 'rfc3164', 'Mar 45 05:22:41 node1 kernel: x'],
    [
      'a row of the process table',
      'dmesg',
      '[ 1234]     0  1234   263423     1500      63        0           984 java',
    ],
    [
      'the header of the process table',
      'dmesg',
      '[ pid ]   uid  tgid total_vm      rss nr_ptes swapents oom_score_adj name',
    ],
    ['a frame address', 'dmesg', '[<ffffffff810b6708>] ? oom_kill_process+0x7f/0x23f'],
    ['a driver in dmesg', 'journal-short-monotonic', '[    3.123456] usb 1-1: new device'],
    ['a stack frame of a comm with a colon', 'tag-only', 'oom_reaper: reaped process 1 (x)'],
    ['usage, which looks like a tag', 'tag-only', 'memory: usage 524288kB, limit 524288kB, failcnt 3'],
    ['a comm with a colon', 'tag-only', 'tmux: server invoked oom-killer: gfp_mask=0xcc0'],
    ['an ISO stamp with a month of 13', 'rsyslog-iso', '2022-13-15T09:22:41Z node1 kernel: x'],
    ['a fraction after a comma, which is dmesg', 'rsyslog-iso', '2022-03-15T09:22:41,553168+09:00 kernel: x'],
    ['numbers with commas', 'kmsg', '1,2,3;x'],
    ['a date in brackets without a time', 'dmesg-time', '[Tue Mar 15 2022] x'],
    ['an object without a message', 'json', '{"a":1}'],
    ['JSON that is cut', 'journal-json', '{"MESSAGE":"x","_TRANSPORT":"ker'],
    ['klog with a month of 13', 'klog', 'I1315 09:22:41.553168    1234 x.go:1] y'],
  ]
  it.each(cases)('%s is not %s', (_, name, line) => {
    const envelope = envelopes.find(one => one.name === name)
    expect(envelope).toBeDefined()
    expect(read(envelope!, line)).toEqual([])
  })
})
