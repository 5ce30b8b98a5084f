import fc from 'fast-check'
import stringWidth from 'string-width'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Incident, Summary } from '../../src/model/report.ts'
import { text } from '../../src/writers/text.ts'
import { loadWidths } from '../../src/writers/widths.ts'
import type { WriterOptions } from '../../src/writers/writer.ts'
import * as samples from './sample-incidents.ts'

beforeAll(() => loadWidths('é'))

const plain: WriterOptions = { columns: 80, color: false, raw: false, follow: false }

function write(incidents: readonly Incident[], options: Partial<WriterOptions> = {}, summary?: Summary): string {
  const writing = text.open({ ...plain, ...options })
  const parts = [writing.begin(), ...incidents.map(writing.incident)]
  const end = writing.end(summary ?? samples.summaryOf(incidents))
  return [...parts, ...(typeof end === 'string' ? [end] : end)].join('')
}

const loop = [samples.containerLimit, ...samples.restarts]
const badNight = samples.summaryOf(samples.badNight, { workloads: [samples.workload(loop)] })
const grepped = samples.summaryOf([samples.grepped], {
  sources: [samples.source({ path: 'messages.log', yearFrom: 'mtime', offsetFrom: 'local' })],
  warnings: [samples.warning()],
})

describe('whole reports at 80 columns', () => {
  test('a bad night on one node', () =>
    expect(write(samples.badNight, {}, badNight)).toMatchFileSnapshot('golden/bad-night.txt'))
  test('what grep leaves of an incident', () =>
    expect(write([samples.grepped], {}, grepped)).toMatchFileSnapshot('golden/grepped.txt'))
  test('an incident without a wall time, of a unit', () =>
    expect(write([samples.withoutTime])).toMatchFileSnapshot('golden/without-time.txt'))
  test('names that try to leave the page, with their log lines', () =>
    expect(write([samples.hostile], { raw: true })).toMatchFileSnapshot('golden/hostile.txt'))
  test('no incident', () => expect(write([])).toMatchFileSnapshot('golden/none.txt'))
  test('followed: each incident as it closes', () =>
    expect(write([samples.containerLimit, samples.runtimeOnly], { follow: true })).toMatchFileSnapshot(
      'golden/followed.txt',
    ))
})

describe('what is promised of every report', () => {
  const everything = [...samples.badNight, samples.grepped, samples.withoutTime, samples.hostile]

  // But a command: its words are never broken, so that it can be pasted.
  test.each([60, 72, 80, 100, 120, 160, 200])('no line is wider than %i columns', columns => {
    const wide = write(everything, { columns }, badNight)
      .split('\n')
      .filter(line => stringWidth(line) > columns && !line.includes('jsonpath='))
    expect(wide).toEqual([])
  })

  test('colour changes nothing but the colour', () => {
    const colored = write(everything, { color: true })
    expect(colored).toContain('\x1b[1;31mKERNEL PANIC')
    expect(colored.replace(/\x1b\[[\d;]*m/g, '')).toBe(write(everything))
  })

  test('every incident is in it by its id, also the repeats', () => {
    const report = write(everything, {}, badNight)
    expect(everything.filter(({ id }) => !report.includes(id))).toEqual([])
  })

  test('a panic comes first', () => {
    const lines = write(everything, {}, badNight).split('\n')
    expect(lines.find(line => line.startsWith('[1]'))).toContain('KERNEL PANIC')
  })

  test('whatever a process is called, the terminal gets only text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 15 }), comm => {
        const incident = samples.incident({
          victims: [samples.victim({ comm })],
          pod: null,
          container: null,
          host: comm,
        })
        expect(write([incident]).replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/)
      }),
    )
  })
})

describe('single facts', () => {
  const limitOf = (limitPath: string) =>
    samples.incident({ scope: 'cgroup', cgroup: samples.cgroup({ limitPath }), container: null, pod: null })
  test.each<[string, Incident, string]>([
    ['node allocatable', limitOf('/kubepods.slice'), 'limit of node allocatable (all pods together): 64 MiB'],
    ['a QoS class, systemd', limitOf('/kubepods.slice/kubepods-burstable.slice'), 'QoS class burstable'],
    ['a QoS class, cgroupfs', limitOf('/kubepods/besteffort'), 'QoS class besteffort'],
    ['a slice', limitOf('/system.slice'), 'limit of system.slice: 64 MiB'],
    ['a limit without a size', samples.incident({ cgroup: null }), 'container limit, size not in this log'],
    [
      'SysRq-f',
      samples.incident({
        scope: 'node',
        kernelReports: [
          samples.kernelReport({
            trigger: { comm: 'kworker/0:1', pid: 7, gfpMask: '0xcc0', gfpFlags: null, order: -1, oomScoreAdj: 0 },
          }),
        ],
      }),
      'asked for by hand (SysRq-f), no memory was short',
    ],
    [
      'a trigger of which the line was cut',
      samples.incident({
        kernelReports: [
          samples.kernelReport({
            trigger: { comm: null, pid: 7, gfpMask: null, gfpFlags: null, order: null, oomScoreAdj: null },
          }),
        ],
      }),
      'a process (pid 7) asked for memory, which does not',
    ],
    [
      'whose trigger it is, where another report lost its own',
      samples.incident({ kernelReports: [samples.kernelReport({ trigger: null }), samples.kernelReport()] }),
      'in 1 of 2 reports',
    ],
    ['cpuset', samples.incident({ scope: 'node', constraint: 'cpuset' }), 'that its cpuset allows'],
    [
      'nobody killable',
      samples.incident({ victims: [], kernelReports: [samples.kernelReport({ outcome: 'no-killable' })] }),
      'nothing could be killed',
    ],
    [
      'a victim that was exiting',
      samples.incident({ victims: [], kernelReports: [samples.kernelReport({ outcome: 'skipped' })] }),
      'already exiting',
    ],
    [
      'a victim without sizes',
      samples.incident({ victims: [samples.victim({ anonRssBytes: null, fileRssBytes: null, shmemRssBytes: null })] }),
      'its size is not in this log',
    ],
    [
      'systemd-oomd',
      samples.incident({
        kind: 'userspace',
        kernelReports: [],
        runtimeEvents: [
          { type: 'Killed', time: null, containerId: null, sandboxId: null, exitCode: null, source: 'systemd-oomd' },
        ],
      }),
      'killed by systemd-oomd, not by the kernel',
    ],
    ['an eviction', samples.incident({ kind: 'eviction', kernelReports: [], victims: [] }), 'evicted by the kubelet'],
    [
      'an exit by SIGTERM',
      samples.incident({
        runtimeEvents: [
          { type: 'TaskExit', time: null, containerId: null, sandboxId: null, exitCode: 143, source: 'containerd' },
        ],
      }),
      'exit 143: SIGTERM, not a kill',
    ],
    ['a trigger that is not the victim', samples.podLimit, 'which does not make it the culprit'],
  ])('%s is said', (_, incident, expected) => {
    expect(write([incident]).replace(/\s+/g, ' ')).toContain(expected)
  })

  test.each([
    ['web-0', null, 'the name of the container'],
    [null, 'app', 'the name of the pod'],
    [null, null, 'the name of pod and container'],
  ])('of the pod %s and the container %s only the other name is missing', (podName, containerName, words) => {
    const { pod, container } = samples.containerLimit
    const named = samples.incident({
      ...samples.containerLimit,
      pod: pod && { ...pod, name: podName },
      container: container && { ...container, name: containerName },
      missing: ['identity'],
    })
    expect(write([named])).toContain(`not in this log: ${words}`)
  })

  test('of a trigger that died itself nothing is excused', () => {
    expect(write([samples.containerLimit])).not.toContain('culprit')
  })

  test('thousands of one warning are three and a count', () => {
    const warnings = Array.from({ length: 5000 }, (_, line) => samples.warning({ code: 'odd', line }))
    const told = write([], {}, samples.summaryOf([], { warnings }))
      .split('\n')
      .filter(line => line.startsWith('Warning'))
    expect(told).toHaveLength(4)
    expect(told[3]).toBe('Warning: 4,997 more of the kind odd')
  })

  test('nothing read is not a healthy node', () => {
    const stats = { ...samples.summaryOf([]).stats, lines: 0, bytes: 0, files: 0 }
    expect(write([], {}, samples.summaryOf([], { stats, sources: [] }))).toContain('says nothing about the node')
  })
})
