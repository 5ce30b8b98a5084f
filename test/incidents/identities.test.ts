import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createIdTable, NONE, SEVERAL } from '../../src/incidents/id-table.ts'
import { createIdentities } from '../../src/incidents/identities.ts'
import type { Seen } from '../../src/incidents/seen.ts'
import { createTextStore } from '../../src/incidents/text-store.ts'
import type { RuntimeEventSeen } from '../../src/model/event.ts'

const hex = (number: number) => number.toString(16).padStart(64, '0')
const texts = fc.oneof(
  fc.nat(500).map(hex),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }).map(text => text.replace(/[\ud800-\udfff]/g, '?')),
  fc.constantFrom('', 'š'.repeat(64), 'A'.repeat(64), 'a'.repeat(63), 'f'.repeat(64), 'é'.repeat(1024)),
)

describe('texts', () => {
  test('are read as they were added, across the buffers’ borders', () => {
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 200 }), all => {
        const store = createTextStore()
        // a quarter of a buffer at a time
        const filler = Array.from({ length: 64 }, (_, i) => 'é'.repeat(1000) + i)
        const places = [...all, ...filler, ...all].map(text => ({ text, place: store.add(text) }))
        for (const { text, place } of places) expect(store.read(place)).toBe(text)
      }),
      { numRuns: 50 },
    )
  })

  test('are none where nothing was told or too much', () => {
    const store = createTextStore()
    expect([store.add(null), store.add('x'.repeat(1025)), store.read(0)]).toEqual([0, 0, null])
  })
})

test('a table finds what a map would, and the only one with a beginning', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(texts, fc.nat(1000)), { maxLength: 600 }), entries => {
      const table = createIdTable(createTextStore(), 2)
      const map = new Map<string, number>()
      for (const [id, value] of entries) {
        table.set(table.findOrAdd(id), 1, value)
        map.set(id, value)
      }
      expect(table.size()).toBe(map.size)
      for (const [id, value] of map) expect(table.get(table.find(id), 1)).toBe(value)
      expect(table.find('nobody has this id')).toBe(NONE)
      for (const beginning of ['0', '00000000000f', 'a', 'é', 'f'.repeat(12)]) {
        const found = [...map.keys()].filter(id => id.startsWith(beginning))
        const record = table.findOnly(beginning)
        if (found.length === 1) expect(record).toBe(table.find(found[0]!))
        else expect(record).toBe(found.length === 0 ? NONE : SEVERAL)
      }
    }),
    { numRuns: 50 },
  )
})

describe('who is who', () => {
  const seen = (event: Partial<RuntimeEventSeen>, ms = 1000) =>
    ({ event, record: { ident: 'containerd' }, moment: { ms } }) as unknown as Seen<RuntimeEventSeen>
  const sandbox = (id: number) =>
    seen({
      kind: 'sandbox-created',
      sandboxId: hex(id),
      podName: `web-${id}`,
      namespace: 'shop',
      podUid: `uid-${id}`,
      attempt: 0,
    })
  const container = (id: number) =>
    seen({
      kind: 'container-created',
      containerId: hex(id + 0x1000),
      sandboxId: hex(id),
      name: 'app',
      attempt: 0,
      podName: null,
      namespace: null,
      podUid: null,
      image: null,
    })
  const started = (id: number, ms: number) => seen({ kind: 'container-started', containerId: hex(id + 0x1000) }, ms)

  test('is told of a container by its whole id, its sandbox and its pod', () => {
    const identities = createIdentities()
    for (const line of [sandbox(1), container(1), started(1, 12.5), started(1, 99)]) identities.learn(line)
    const known = identities.container(hex(0x1001))
    expect(known).toEqual({
      id: hex(0x1001),
      name: 'app',
      attempt: 0,
      runtime: 'containerd',
      sandboxId: hex(1),
      image: null,
      podName: null,
      namespace: null,
      podUid: null,
      startedMs: 12.5,
    })
    const pod = { name: 'web-1', namespace: 'shop', uid: 'uid-1' }
    expect([identities.sandbox(hex(1)), identities.pod('uid-1')]).toEqual([pod, pod])
    expect(identities.container(hex(2))).toBeNull()
  })

  test('is forgotten of the oldest only, and that is said', () => {
    const identities = createIdentities(10)
    for (let id = 0; id < 20; id++) {
      for (const line of [sandbox(id), container(id), started(id, id)]) identities.learn(line)
    }
    expect(identities.forgot()).toBe(false)
    for (let id = 20; id < 40; id++) {
      for (const line of [sandbox(id), container(id), started(id, id)]) identities.learn(line)
      for (let newer = id - 9; newer <= id; newer++) {
        expect(identities.container(hex(newer + 0x1000))?.startedMs).toBe(newer)
        expect(identities.sandbox(hex(newer))?.name).toBe(`web-${newer}`)
      }
    }
    expect(identities.forgot()).toBe(true)
    expect(identities.container(hex(0x1000))).toBeNull()
  })

  test('is known of a sandbox that is met again, however many containers it has', () => {
    const identities = createIdentities(10)
    identities.learn(sandbox(7))
    for (let at = 0; at < 95; at++) {
      const line = container(at)
      identities.learn({ ...line, event: { ...line.event, sandboxId: hex(7) } } as Seen<RuntimeEventSeen>)
    }
    expect(identities.sandbox(hex(7))?.name).toBe('web-7')
    for (let id = 100; id < 125; id++) identities.learn(sandbox(id))
    expect(identities.sandbox(hex(7))).toBeNull()
  })

  test('keeps numbers as they are', () => {
    const identities = createIdentities()
    for (const [at, attempt] of [2 ** 31 - 1, 2 ** 32 - 1, 0].entries()) {
      const line = container(at)
      identities.learn({ ...line, event: { ...line.event, attempt } } as Seen<RuntimeEventSeen>)
      expect(identities.container(hex(at + 0x1000))?.attempt).toBe(attempt)
    }
  })

  test('is told by the beginning of an id that only one has, also of two generations', () => {
    const identities = createIdentities(2)
    const named = (containerId: string) =>
      identities.learn(
        seen({
          kind: 'container-named',
          containerId,
          name: containerId.slice(0, 3),
          podName: null,
          namespace: null,
          podUid: null,
          event: null,
          exitCode: null,
        }),
      )
    for (const id of ['aaa', 'bbb', 'ccc', 'aad']) named(id.padEnd(64, '0'))
    expect(identities.container('bbb000000')?.name).toBe('bbb')
    expect(identities.container('aaa000000')?.name).toBe('aaa')
    named('aaa000000'.padEnd(64, '1'))
    expect(identities.container('aaa000000')).toBeNull()
    expect(identities.container('bbb00')).toBeNull()
  })
})
