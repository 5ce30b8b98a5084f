import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Line } from '../../src/model/line.ts'
import { moveKept } from '../../src/sieve/kept-lines.ts'
import { readLines } from '../../src/sieve/lines.ts'
import { createSieve, type SieveOptions } from '../../src/sieve/sieve.ts'
import { logs, needles, small } from './logs.ts'
import { naiveSieve } from './naive-sieve.ts'

const engine = fc.constantFrom('js' as const, 'wasm' as const)
// no block is longer than the longest line: with the longer one several sections stand in one
const lineBytes = fc.constantFrom(small.lineBytes, 4096)
const width = fc.constantFrom(1, 2, 3, 7, 64, 65536)

const chunksOf = (bytes: Buffer, size: number): Buffer[] => {
  const chunks: Buffer[] = []
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size))
  return chunks
}

const run = async (bytes: Buffer, size: number, options: SieveOptions) => {
  const sieve = createSieve(options)
  const lines: Line[] = []
  for await (const some of readLines(chunksOf(bytes, size), sieve, 0)) lines.push(...some)
  const { linesKept, cutLines } = sieve
  return { lines, counts: { lines: sieve.lines, bytes: sieve.bytes, linesKept, cutLines } }
}

describe('the sieve', () => {
  it('keeps what the naive one keeps, however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(logs, width, engine, fc.boolean(), lineBytes, async (...given) => {
        const [bytes, size, engine, startsInSection, lineBytes] = given
        const options = { ...small, startsInSection, lineBytes }
        expect(await run(bytes, size, { ...options, engine })).toEqual(naiveSieve(bytes, options))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('a sieve that goes on where another left', () => {
  it('keeps what one alone keeps, and the first then stands behind it', async () => {
    const options = { ...small, lineBytes: 4096, startsInSection: true }
    await fc.assert(
      fc.asyncProperty(logs, fc.nat(), engine, async (bytes, place, engine) => {
        const at = place % (bytes.length + 1)
        const [ours, theirs] = [createSieve({ ...options, engine }), createSieve({ ...options, engine })]
        const before = ours.feed(bytes.subarray(0, at))
        const left = ours.leave()!
        theirs.goOn(left)
        const after = [theirs.feed(left.rest), theirs.feed(bytes.subarray(at)), theirs.end()]
        const linesBefore = ours.lines
        ours.skip(theirs.state())
        const kept = [before, ...after.map(some => some && moveKept(some, linesBefore, left.bytes))]
        const places = kept.flatMap(some =>
          Array.from(some?.lineNumbers ?? [], (line, i) => [line, some!.byteOffsets[i]]),
        )
        const alone = await run(bytes, 65536, { ...options, engine })
        expect(places).toEqual(alone.lines.map(({ lineNumber, byteOffset }) => [lineNumber, byteOffset]))
        const { lines, bytes: read, linesKept, cutLines } = ours
        expect({ lines, bytes: read, linesKept, cutLines }).toEqual(alone.counts)
      }),
      { numRuns: 1000 },
    )
  })
})

const chatter = 'Mar 15 09:22:41 node1 kubelet[1412]: "Probe succeeded" and so on, as all day long\n'
const syslog = (text: string) => `Mar 15 09:22:41 node1 kernel: ${text}\n`
const plenty = { needles, startsInSection: false }

const keptOf = (log: string | Buffer, options: SieveOptions) => {
  const sieve = createSieve(options)
  const feeds = [sieve.feed(Buffer.from(log)), sieve.end()]
  return feeds.flatMap(kept => kept?.bytes.toString().split('\n').slice(0, -1) ?? [])
}

describe.each(['js', 'wasm'] as const)('the sieve with %s', engine => {
  it('keeps the kernel’s lines of a report, and nobody else’s', () => {
    const row = syslog('[ 1234]     0  1234')
    const log = [chatter, syslog('before'), syslog('java OPEN'), chatter, row, chatter, syslog('anon 5'), chatter].join(
      '',
    )
    const kept = [syslog('java OPEN'), row, syslog('anon 5')].map(line => line.trimEnd())
    expect(keptOf(log, { ...plenty, engine })).toEqual(kept)
  })

  it('keeps the second report of a block whose first has ended before a line of the kernel', () => {
    const report = [syslog('java OPEN'), syslog('anon 5'), syslog('file 7')]
    const log = [...report, chatter.repeat(20), syslog('eth0: link becomes ready'), chatter, ...report, chatter].join(
      '',
    )
    const kept = [...report, ...report].map(line => line.trimEnd())
    expect(keptOf(log, { ...plenty, engine, sectionBytes: 1000, sectionBytesInAll: 2000 })).toEqual(kept)
  })

  it('keeps every line where the opener does not name the kernel', () => {
    const log = '[ 1.0] before\n[ 2.0] kernel-agent OPEN\n[ 2.1] anon 5\n[ 2.2] file 0\n'
    expect(keptOf(log, { ...plenty, engine })).toEqual(log.trimEnd().split('\n').slice(1))
  })

  it('follows a process table of 3 MB to its end', () => {
    const rows = Array.from({ length: 30_000 }, (_, i) =>
      syslog(`[${i}]  1000 ${i}   123456    4567 ${'c'.repeat(50)}`),
    )
    const log = syslog('java OPEN') + rows.map(row => row + chatter).join('') + syslog('the end')
    expect(log.length).toBeGreaterThan(5e6)
    expect(keptOf(log, { ...plenty, engine })).toHaveLength(30_002)
  })

  it('is not kept awake by chatter of the kernel', () => {
    const log = syslog('java OPEN') + (syslog('cni0: port 2(veth0) entered blocking state') + chatter).repeat(30_000)
    expect(keptOf(log, { ...plenty, engine }).length).toBeLessThan(8_000)
  })

  it('gives few lines of a healthy log’s start', () => {
    expect(keptOf(chatter.repeat(50_000), { needles, engine }).length).toBeLessThan(1000)
  })

  it('keeps a report that the log’s start cuts, in a file of dmesg too', () => {
    const rows = Array.from(
      { length: 30_000 },
      (_, i) => `[ 12.5] [${i}]  1000 ${i}   123456    4567 ${'c'.repeat(50)}\n`,
    )
    const log = `${rows.join('')}[ 12.6] the end\n`
    expect(keptOf(log, { needles, engine })).toHaveLength(30_001)
  })

  it('cuts a line of 40 MB, without holding it', () => {
    const sieve = createSieve({ needles, engine })
    const chunk = Buffer.alloc(64 * 1024, 'OPEN ')
    for (let i = 0; i < 640; i++) expect(sieve.feed(chunk)).toBeNull()
    const kept = sieve.feed(Buffer.from('\nOP\n'))
    expect(kept?.bytes.length).toBe(1024 * 1024 + 1 + 3)
    expect(kept?.lineNumbers).toEqual([1, 2])
    expect(sieve.cutLines).toEqual([{ lineNumber: 1, byteOffset: 0 }])
  })

  it('carries a section into the next file of the log, where counting begins anew', () => {
    const sieve = createSieve({ ...plenty, engine })
    sieve.feed(Buffer.from(chatter + syslog('java OPEN')))
    sieve.end()
    sieve.nextPiece()
    const kept = sieve.feed(Buffer.from(chatter + syslog('anon 5')))
    expect(kept).toEqual({
      bytes: Buffer.from(syslog('anon 5')),
      lineNumbers: [2],
      byteOffsets: [chatter.length],
    })
    expect(sieve.lines).toBe(2)
  })

  it('takes bytes from its own room', () => {
    const sieve = createSieve({ ...plenty, engine })
    const length = sieve.room().write(`${chatter}OPEN\n${chatter}`)
    expect(sieve.feed(sieve.room().subarray(0, length))?.byteOffsets[0]).toBe(chatter.length)
  })
})

it('gives the same when it changes engine on the way', () => {
  const log = Buffer.from(`${chatter.repeat(40) + syslog('java OPEN')}OP\n`.repeat(600))
  const of = (engine: 'js' | 'auto') => {
    const sieve = createSieve({ needles, engine })
    const kept = chunksOf(log, 100_000).map(chunk => sieve.feed(chunk))
    return { kept, lines: sieve.lines }
  }
  expect(of('auto')).toEqual(of('js'))
})
