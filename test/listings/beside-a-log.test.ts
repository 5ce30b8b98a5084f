/** Listings given beside a log: found by content, never read as a log, and who is who by them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { createIdentities } from '../../src/incidents/identities.ts'
import type { ListedContainer } from '../../src/model/listing.ts'
import { text } from '../../src/writers/text.ts'
import { reportOfFiles } from '../support/report-of.ts'
import { validators } from '../support/schema.ts'

const LOG = 'fixtures/kernel/el7-pod-of-one-container.log'
const listing = (name: string) => `fixtures/listings/${name}.txt`
const folder = mkdtempSync(join(tmpdir(), 'oomlens-listings-'))
afterAll(() => rmSync(folder, { recursive: true }))
const written = (name: string, content: string) => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}
const POD = 'scouter-server-68bc9b95f6-smfhp'

describe('crictl ps beside a log', () => {
  test.each([
    ['after it', [LOG, listing('crictl-ps')]],
    ['before it', [listing('crictl-ps'), LOG]],
  ])('names its container, when it stands %s', async (_, paths) => {
    const { incidents, sources, errors } = await reportOfFiles(paths)
    expect(errors).toEqual([])
    expect(incidents.length).toBe(1)
    expect(incidents[0]?.container).toMatchObject({
      id: '4f0e7b8bd0f7f32b8bcd1a9f2d3c8f7ab1b6a6f4a0e5a2f7c2d3e4f5a6b7c8d9',
      name: 'scouter-server',
      attempt: 217,
      image: 'registry.example.net/scouter/server:2.15.0',
    })
    expect(incidents[0]?.pod).toMatchObject({
      name: POD,
      namespace: 'monitoring',
      uid: '8a6f4c02-1b2d-4c55-9a3e-0c9d5f2e7b11',
    })
    expect(incidents[0]?.missing).not.toContain('identity')
    expect(sources.map(({ path, format }) => [path, format])).toEqual(
      paths.map(path => [path, path === LOG ? 'rfc3164' : 'crictl-ps']),
    )
  })

  test('streams the one log all the same', async () => {
    const { incidents } = await reportOfFiles([LOG, listing('crictl-ps')], { streaming: true })
    expect(incidents[0]?.container?.name).toBe('scouter-server')
  })

  test('of another container changes nothing', async () => {
    const other = written(
      'other.txt',
      readFileSync(listing('crictl-ps'), 'utf8').replaceAll('4f0e7b8bd0f7f', '4f0e7b8bd0f70'),
    )
    const { incidents } = await reportOfFiles([LOG, other])
    expect(incidents[0]?.container?.name).toBeNull()
    expect(incidents[0]?.pod?.name).toBeNull()
  })

  test('compressed or not', async () => {
    const { gzipSync } = await import('node:zlib')
    const packed = join(folder, 'ps.gz')
    writeFileSync(packed, gzipSync(readFileSync(listing('crictl-ps'))))
    const { incidents, sources } = await reportOfFiles([LOG, packed])
    expect(incidents[0]?.container?.name).toBe('scouter-server')
    expect(sources[1]).toMatchObject({ format: 'crictl-ps', compression: 'gzip', lines: 3 })
  })
})

test('a log that begins with a listing is read as a log, and the listing counts', async () => {
  const both = written('ticket.txt', readFileSync(listing('crictl-ps'), 'utf8') + readFileSync(LOG, 'utf8'))
  const { incidents, sources } = await reportOfFiles([both])
  expect(incidents[0]?.container?.name).toBe('scouter-server')
  expect(sources.map(({ format }) => format)).toEqual(['rfc3164'])
})

test("the name of a container's own log tells who it is", async () => {
  const id = '4f0e7b8bd0f7f32b8bcd1a9f2d3c8f7ab1b6a6f4a0e5a2f7c2d3e4f5a6b7c8d9'
  const own = written(`web-0_shop_app-${id}.log`, '2022-03-15T09:22:40Z stdout F hello\n')
  const { incidents, sources } = await reportOfFiles([LOG, own])
  expect(incidents[0]?.container?.name).toBe('app')
  expect(incidents[0]?.pod).toMatchObject({ name: 'web-0', namespace: 'shop' })
  expect(sources).toHaveLength(1)
})

test('a program that is known to take much is known by the image that only the listing tells', async () => {
  const image = 'gcr.io/kaniko-project/executor:v1.9.0'
  const kaniko = written(
    'kaniko.txt',
    readFileSync(listing('crictl-ps'), 'utf8').replace(
      'registry.example.net/scouter/server:2.15.0   ',
      image.padEnd(45),
    ),
  )
  const { incidents } = await reportOfFiles([LOG, kaniko])
  expect(incidents[0]?.container?.image).toBe(image)
  const leak = incidents[0]?.diagnosis.find(({ code }) => code === 'known-leak')
  expect(leak?.evidence).toEqual([{ field: 'container.image', value: image }])
})

test('what kubectl shows of the pod becomes findings, and no limit of the incident', async () => {
  const paths = ['crictl-ps', 'kubectl-get-pods', 'kubectl-describe-pod', 'kubectl-top-pod'].map(listing)
  const { incidents, findings } = await reportOfFiles([LOG, ...paths])
  const codes = incidents[0]?.diagnosis.map(({ code }) => code)
  expect(codes).toEqual(expect.arrayContaining(['pod-restarts', 'current-use']))
  expect(incidents[0]?.cgroup?.limitBytes).toBe(512 * 1024 * 1024)
  expect(findings).toEqual([])
})

test('without an incident they are findings of the report, which the text prints', async () => {
  const names = [
    'crictl-ps',
    'crictl-stats',
    'free-every-second',
    'vmstat',
    'sar',
    'kubectl-top-node',
    'kubectl-get-pods',
  ]
  const { errors, ...report } = await reportOfFiles(names.map(listing))
  expect(errors).toEqual([])
  expect(validators.report(report), JSON.stringify(validators.report.errors?.[0])).toBe(true)
  expect(report.findings.map(({ code }) => code)).toEqual([
    'node-memory-falling',
    'node-memory-falling',
    'node-memory-falling',
    'node-memory-low',
    'pod-restarts',
    'saved-series-spike',
    'saved-series-growth',
  ])
  const spike = report.findings.find(({ code }) => code === 'saved-series-spike')
  expect(spike?.explanation).toContain('container build of pod ci/ci-build-7-xk2vp went from 12.4 MiB to 3.26 GiB')
  expect(spike?.references).toEqual(['GoogleContainerTools/kaniko#1680'])
  const writing = text.open({ columns: 100, color: false, raw: false, follow: false })
  const page = writing.begin() + writing.end(report)
  expect(page).toContain('No OOM kill found.')
  expect(page).toContain('at that rate nothing is left in 44 s')
})

test('the same listing given twice is no longer series', async () => {
  const copy = written('copy.txt', readFileSync(listing('kubectl-top-node'), 'utf8'))
  const { findings } = await reportOfFiles([listing('kubectl-top-node'), copy])
  expect(findings.map(({ code }) => code)).toEqual(['node-memory-low'])
})

describe('ids of listings', () => {
  const ID = '4f0e7b8bd0f7f32b8bcd1a9f2d3c8f7ab1b6a6f4a0e5a2f7c2d3e4f5a6b7c8d9'
  const listed = (over: Partial<ListedContainer>): ListedContainer => ({
    kind: 'container',
    id: ID.slice(0, 13),
    name: 'app',
    attempt: null,
    podName: 'web-0',
    namespace: null,
    podUid: null,
    sandboxId: null,
    image: null,
    limitBytes: null,
    terminated: null,
    ...over,
  })
  const rows: readonly [name: string, facts: readonly ListedContainer[], expected: string | null][] = [
    ['thirteen digits', [listed({})], 'app'],
    ['twelve digits', [listed({ id: ID.slice(0, 12) })], 'app'],
    ['fewer are not enough to name somebody', [listed({ id: ID.slice(0, 11) })], null],
    ['another one', [listed({ id: `${ID.slice(0, 12)}0` })], null],
    ['two that say the same', [listed({}), listed({ id: ID.slice(0, 12) })], 'app'],
    ['two that contradict', [listed({}), listed({ name: 'proxy' })], null],
    ['two of other lengths that contradict', [listed({}), listed({ id: ID, name: 'proxy' })], null],
  ]
  test.each(rows)('%s', (_, facts, expected) => {
    const identities = createIdentities()
    for (const fact of facts) identities.learnListed(fact)
    expect(identities.container(ID)?.name ?? null).toBe(expected)
  })
  test('the namespace comes from a listing of pods, unless two pods share the name', () => {
    const pod = { kind: 'pod' as const, podName: 'web-0', podUid: null, node: null }
    const identities = createIdentities()
    identities.learnListed(listed({}))
    identities.learnListed({ ...pod, namespace: 'shop' })
    expect(identities.container(ID)?.namespace).toBe('shop')
    identities.learnListed({ ...pod, namespace: 'test' })
    expect(identities.container(ID)?.namespace).toBeNull()
  })
})
